/// What a received frame says about membership in IPv4 groups.
public enum IGMPReception: Hashable, Sendable {
    /// It carries no IGMP.
    case other
    /// It carries IGMP that must be ignored.
    case invalid(MembershipFault)
    /// It carries this message.
    case message(IGMPFrame)

    /// Reads a frame from its destination address on. Memory is only allocated for lists of records and sources.
    ///
    /// The message's length is the IP packet's: an Ethernet frame is padded, and a padded version 2 query must not be
    /// taken for a longer one of version 3 (RFC 3376 §7.1).
    /// - Parameter requiresRouterAlert: whether queries of versions 2 and 3 without Router Alert are invalid. RFC 3376
    ///   §9.1 wants it, but there are queriers that leave it out; version 1 has none.
    @inlinable
    @inline(__always)
    public init(_ bytes: RawSpan, requiresRouterAlert: Bool = false) {
        guard Self.isIGMP(bytes) else {
            self = .other
            return
        }
        self.init(message: bytes, requiresRouterAlert: requiresRouterAlert)
    }

    /// Whether a frame says that it carries IGMP. In a packet that was cut off, the protocol tells whom it would have been
    /// for.
    @inlinable
    @inline(__always)
    public static func isIGMP(_ bytes: RawSpan) -> Bool {
        guard let frame = EthernetFrame(bytes), frame.etherType == .ipv4 else { return false }
        return frame.payload.uint8(at: IPv4Packet.Field.protocolNumber) == IPProtocol.igmp.rawValue
    }

    /// Reads a frame that is about IGMP; not inlined, so that all other frames run through a few instructions.
    @usableFromInline
    @inline(never)
    init(message bytes: RawSpan, requiresRouterAlert: Bool) {
        do throws(MembershipFault) {
            self = .message(try IGMPFrame(receiving: bytes, requiresRouterAlert: requiresRouterAlert))
        } catch {
            self = .invalid(error)
        }
    }
}

/// A view of an IGMP message that was received: IP header, fragmentation, length and checksum are right.
@frozen
public struct ReceivedIGMP: ~Escapable {
    public let frame: EthernetFrame
    public let packet: IPv4Packet
    public let message: IGMPMessage

    /// The message in a frame that says that it carries IGMP.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(MembershipFault) {
        guard let frame = EthernetFrame(bytes), let packet = IPv4Packet(frame.payload), packet.headerChecksumIsValid
        else { throw .malformedHeader }
        guard !packet.isFragment else { throw .fragment }
        guard let message = IGMPMessage(packet.payload) else { throw .length }
        guard message.checksumIsValid else { throw .checksum }
        self.frame = frame
        self.packet = packet
        self.message = message
    }

    /// What the query says that the message is, whatever its version; `IGMPQuery` has the rest of version 3.
    /// - Throws: what `IGMPMessage.queryHead` throws, and what is wrong with the packet around it.
    @inlinable
    @inline(__always)
    public func queryHead(requiresRouterAlert: Bool) throws(MembershipFault) -> IGMPQueryHead {
        let query = try message.queryHead()
        let source = packet.source
        guard !source.isMulticast, !source.isBroadcast, !source.isLoopback else { throw .source }
        // The Linux bridge asks about one group at 224.0.0.1 too, in version 2 as in version 3.
        guard packet.destination == .allSystems || (!query.isGeneral && packet.destination == query.groupAddress) else {
            throw .destination
        }
        guard packet.timeToLive == 1 else { throw .hopLimit }
        // Version 1 has no Router Alert (RFC 3376 §9.1).
        guard !requiresRouterAlert || query.version == .version1 || packet.routerAlert == 0 else { throw .routerAlert }
        return query
    }

    /// What the message says, a query or not.
    public func contents(requiresRouterAlert: Bool) throws(MembershipFault) -> IGMPContents {
        if message.type == .membershipQuery {
            _ = try queryHead(requiresRouterAlert: requiresRouterAlert)
            return .query(try IGMPQuery(message))
        }
        let contents = try IGMPContents(message)
        guard packet.timeToLive == 1 else { throw .hopLimit }
        return contents
    }
}

extension IGMPFrame {
    /// The message in a frame that says that it carries IGMP; see `IGMPReception`, which is this for all frames.
    init(receiving bytes: RawSpan, requiresRouterAlert: Bool) throws(MembershipFault) {
        let received = try ReceivedIGMP(bytes)
        self.init(
            sourceHardwareAddress: received.frame.source, source: received.packet.source, tag: received.frame.outerTag,
            contents: try received.contents(requiresRouterAlert: requiresRouterAlert))
    }
}
