// A complete Ethernet frame with a Neighbor Solicitation or Advertisement: RFC 4861 §4.3, §4.4 (IP header).

/// A Neighbor Solicitation or Advertisement in IPv6 in Ethernet, sent or received.
///
/// The IP header has hop limit 255. No such frame is short enough to need padding.
public struct NeighborFrame: Hashable, WireEncodable {
    /// Destination, source, and up to two VLAN tags.
    public var ethernetHeader: EthernetHeader
    /// The sender, :: in a probe for duplicates (RFC 4862 §5.4.2).
    public var source: IPv6Address
    /// The neighbour that is asked or answered, or a group.
    public var destination: IPv6Address
    /// The message.
    public var contents: NeighborContents

    /// The frame with the given fields; the EtherType is that of IPv6 whatever `ethernetHeader` says.
    public init(
        ethernetHeader: EthernetHeader, source: IPv6Address, destination: IPv6Address, contents: NeighborContents
    ) {
        self.ethernetHeader = ethernetHeader
        self.ethernetHeader.etherType = .ipv6
        self.source = source
        self.destination = destination
        self.contents = contents
    }

    public var encodedLength: Int {
        ethernetHeader.encodedLength + IPv6Packet.headerLength + contents.encodedLength
    }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        let length = encodedLength
        guard span.holds(length, at: offset) else { return 0 }
        var ip = IPv6Header(
            source: source, destination: destination, protocolNumber: .icmpv6, payloadLength: contents.encodedLength)
        ip.hopLimit = 255
        let ipOffset = offset + ethernetHeader.encodedLength
        contents.encode(into: &span, at: ipOffset + ip.encodedLength, pseudoHeader: ip.pseudoHeader)
        ip.encode(into: &span, at: ipOffset)
        ethernetHeader.encode(into: &span, at: offset)
        return length
    }
}

/// What a received frame says about who has an IPv6 address.
public enum NeighborReception: Hashable, Sendable {
    /// It carries neither solicitation nor advertisement, or has more than two VLAN tags.
    case other
    /// It carries one that must be ignored.
    case invalid(NeighborFault)
    /// It carries this one.
    case message(NeighborFrame)

    /// Reads a frame from its destination address on, as RFC 4861 §7.1 validates it.
    public init(_ bytes: RawSpan) {
        self = .other
        guard let frame = EthernetFrame(bytes), frame.etherType == .ipv6, frame.tagCount <= 2,
            let packet = IPv6Packet(frame.payload), let upperLayer = packet.upperLayer,
            upperLayer.protocolNumber == .icmpv6, upperLayer.fragmentOffset == 0
        else { return }
        let octets = packet.bytes.octets(from: upperLayer.offset)
        let type = ICMPv6Type(rawValue: octets.uint8(at: ICMPField.type))
        guard type == .neighborSolicitation || type == .neighborAdvertisement else { return }
        do throws(NeighborFault) {
            guard !upperLayer.isFragment else { throw .fragment }
            let contents = try packet.neighborContents(of: octets)
            let ethernet = EthernetHeader(
                destination: frame.destination, source: frame.source, outerTag: frame.outerTag,
                innerTag: frame.innerTag, etherType: .ipv6)
            self = .message(
                NeighborFrame(
                    ethernetHeader: ethernet, source: packet.source, destination: packet.destination,
                    contents: contents))
        } catch {
            self = .invalid(error)
        }
    }
}

extension IPv6Packet {
    /// The valid message in `octets`, the upper layer of the packet.
    fileprivate func neighborContents(of octets: RawSpan) throws(NeighborFault) -> NeighborContents {
        guard let message = NeighborMessage(octets), message.optionsAreValid,
            let contents = NeighborContents(message)
        else { throw .length }
        guard message.checksumIsValid(pseudoHeader) else { throw .checksum }
        guard message.code == 0 else { throw .code }
        guard hopLimit == 255 else { throw .hopLimit }
        guard !message.targetAddress.isMulticast else { throw .target }
        switch contents {
        case .solicitation(_, let address):
            let isProbe = source.isUnspecified
            guard !isProbe || address == nil && destination.isSolicitedNodeGroup else { throw .addressing }
        case .advertisement(_, _, let flags):
            guard !destination.isMulticast || !flags.contains(.solicited) else { throw .addressing }
        }
        return contents
    }
}

extension IPv6Address {
    /// Whether this is one of the groups ff02::1:ff00:0/104 (RFC 4291 §2.7.1).
    fileprivate var isSolicitedNodeGroup: Bool { self == solicitedNodeGroup }
}
