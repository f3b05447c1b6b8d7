/// What a received frame says about membership in IPv6 groups.
public enum MLDReception: Hashable, Sendable {
    /// It carries no MLD.
    case other
    /// It carries MLD that must be ignored.
    case invalid(MembershipFault)
    /// It carries this message.
    case message(MLDFrame)

    /// Reads a frame from its destination address on. Memory is only allocated for lists of records and sources.
    ///
    /// The message's length is that of the IP payload behind the extension headers; padding is not part of it.
    /// - Parameter requiresRouterAlert: whether messages without Router Alert in hop-by-hop options are invalid
    ///   (RFC 3810 §6.2, §7.4).
    @inlinable
    @inline(__always)
    public init(_ bytes: RawSpan, requiresRouterAlert: Bool = false) {
        guard let frame = EthernetFrame(bytes), frame.etherType == .ipv6 else {
            self = .other
            return
        }
        let next = IPProtocol(rawValue: frame.payload.uint8(at: IPv6Packet.Field.nextHeader))
        guard next == .icmpv6 || IPv6Packet.isExtension(next) else {
            self = .other
            return
        }
        self.init(frame, requiresRouterAlert: requiresRouterAlert)
    }

    /// Reads a frame that may be about MLD; not inlined, so that most other frames run through a few instructions.
    @usableFromInline
    @inline(never)
    init(_ frame: EthernetFrame, requiresRouterAlert: Bool) {
        guard let packet = IPv6Packet(frame.payload) else {
            // Cut off, or with a wrong length or version; its type may be there to tell.
            self = IPv6Packet(damaged: frame.payload).upperLayerOfMLD == nil ? .other : .invalid(.malformedHeader)
            return
        }
        guard let upperLayer = packet.upperLayerOfMLD else {
            self = .other
            return
        }
        do throws(MembershipFault) {
            guard !upperLayer.isFragment else { throw .fragment }
            let contents = try packet.mldContents(at: upperLayer.offset, requiresRouterAlert: requiresRouterAlert)
            self = .message(
                MLDFrame(
                    sourceHardwareAddress: frame.source, source: packet.source, tag: frame.outerTag,
                    contents: contents))
        } catch {
            self = .invalid(error)
        }
    }
}

extension IPv6Packet {
    /// Where the packet's MLD message is, nil without one; of fragments only the first one tells.
    fileprivate var upperLayerOfMLD: UpperLayer? {
        guard let upperLayer, upperLayer.protocolNumber == .icmpv6, upperLayer.fragmentOffset == 0,
            ICMPv6Type(rawValue: bytes.uint8(at: upperLayer.offset)).isMLD
        else { return nil }
        return upperLayer
    }

    /// The message that begins at `offset`.
    fileprivate func mldContents(at offset: Int, requiresRouterAlert: Bool) throws(MembershipFault) -> MLDContents {
        guard let message = MLDMessage(bytes.octets(from: offset)) else { throw .length }
        guard message.checksumIsValid(pseudoHeader) else { throw .checksum }
        let contents = try MLDContents(message)
        switch contents {
        case .query:
            guard source.isLinkLocal else { throw .source }
            guard destination == contents.destination || destination == .allNodes else {
                throw .destination
            }
        default:
            guard source.isLinkLocal || source.isUnspecified else { throw .source }
        }
        guard hopLimit == 1 else { throw .hopLimit }
        guard !requiresRouterAlert || routerAlert == 0 else { throw .routerAlert }
        return contents
    }
}
