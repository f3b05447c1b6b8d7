// A complete Ethernet frame with an MLD message: RFC 3810 §5 (IP header), RFC 2464 §7 (MAC address).

/// An MLD message in IPv6 in Ethernet, to be sent.
///
/// The IP header has hop limit 1 and a Router Alert in hop-by-hop options (RFC 2710 §3, RFC 3810 §5), in both versions.
/// Destinations follow from the message. No such frame is short enough to need padding.
public struct MLDFrame: Hashable, WireEncodable {
    /// The MAC address of the sender.
    public var sourceHardwareAddress: MACAddress
    /// The link-local address of the sender, in reports :: while it has none (RFC 3810 §5.2.13).
    public var source: IPv6Address
    /// The VLAN tag of the frame, nil for none.
    public var tag: VLANTag?
    /// The message.
    public var contents: MLDContents

    /// The frame with the given fields.
    public init(
        sourceHardwareAddress: MACAddress, source: IPv6Address, tag: VLANTag? = nil, contents: MLDContents
    ) {
        self.sourceHardwareAddress = sourceHardwareAddress
        self.source = source
        self.tag = tag
        self.contents = contents
    }

    /// The Ethernet header of the frame.
    public var ethernetHeader: EthernetHeader {
        EthernetHeader(
            destination: MACAddress(multicastGroup: contents.destination), source: sourceHardwareAddress,
            outerTag: tag, etherType: .ipv6)
    }

    /// The IPv6 header of the frame.
    public var ipv6Header: IPv6Header {
        var header = IPv6Header(
            source: source, destination: contents.destination, protocolNumber: .icmpv6,
            payloadLength: contents.encodedLength)
        header.hopLimit = 1
        header.routerAlert = true
        return header
    }

    public var encodedLength: Int {
        ethernetHeader.encodedLength + ipv6Header.encodedLength + contents.encodedLength
    }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        let (ethernet, ip) = (ethernetHeader, ipv6Header)
        let length = encodedLength
        guard length - ethernet.encodedLength - IPv6Packet.headerLength <= 0xffff, span.holds(length, at: offset) else {
            return 0
        }
        let ipOffset = offset + ethernet.encodedLength
        let messageOffset = ipOffset + ip.encodedLength
        guard contents.encode(into: &span, at: messageOffset, pseudoHeader: ip.pseudoHeader) > 0 else { return 0 }
        ip.encode(into: &span, at: ipOffset)
        ethernet.encode(into: &span, at: offset)
        return length
    }
}
