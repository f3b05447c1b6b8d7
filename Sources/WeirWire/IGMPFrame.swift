// A complete Ethernet frame with an IGMP message: RFC 3376 §4 (IP header), RFC 1112 §6.4 (MAC address).

/// An IGMP message in IPv4 in Ethernet, to be sent.
///
/// The IP header has TTL 1, Type of Service 0xc0, DF and Router Alert (RFC 3376 §4), in every version. Destinations
/// follow from the message. A frame that would be shorter than 60 octets is padded with zeros.
public struct IGMPFrame: Hashable, WireEncodable {
    /// The MAC address of the sender.
    public var sourceHardwareAddress: MACAddress
    /// The IPv4 address of the sender, 0.0.0.0 while it has none (RFC 3376 §4.2.13).
    public var source: IPv4Address
    /// The VLAN tag of the frame, nil for none.
    public var tag: VLANTag?
    /// The message.
    public var contents: IGMPContents

    /// The frame with the given fields.
    public init(
        sourceHardwareAddress: MACAddress, source: IPv4Address, tag: VLANTag? = nil, contents: IGMPContents
    ) {
        self.sourceHardwareAddress = sourceHardwareAddress
        self.source = source
        self.tag = tag
        self.contents = contents
    }

    /// The Ethernet header of the frame.
    public var ethernetHeader: EthernetHeader { ethernetHeader(to: contents.destination) }

    /// The IPv4 header of the frame.
    public var ipv4Header: IPv4Header { ipv4Header(to: contents.destination, contents.encodedLength) }

    private func ethernetHeader(to destination: IPv4Address) -> EthernetHeader {
        EthernetHeader(
            destination: MACAddress(multicastGroup: destination), source: sourceHardwareAddress, outerTag: tag,
            etherType: .ipv4)
    }

    private func ipv4Header(to destination: IPv4Address, _ messageLength: Int) -> IPv4Header {
        var header = IPv4Header(
            source: source, destination: destination, protocolNumber: .igmp, payloadLength: messageLength)
        header.timeToLive = 1
        header.typeOfService = 0xc0
        header.dontFragment = true
        header.routerAlert = true
        return header
    }

    public var encodedLength: Int {
        let headers = EthernetFrame.minimumHeaderLength + (tag == nil ? 0 : 4) + IPv4Packet.minimumHeaderLength + 4
        return max(headers + contents.encodedLength, EthernetHeader.minimumFrameLength)
    }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        let (destination, messageLength) = (contents.destination, contents.encodedLength)
        let (ethernet, ip) = (ethernetHeader(to: destination), ipv4Header(to: destination, messageLength))
        let headersLength = ethernet.encodedLength + ip.encodedLength
        let length = max(headersLength + messageLength, EthernetHeader.minimumFrameLength)
        // First whether it all lies inside, for any offset; sums with it are safe from there on.
        guard messageLength + ip.encodedLength <= 0xffff, span.holds(length, at: offset) else { return 0 }
        let messageOffset = offset + headersLength
        let end = messageOffset + messageLength
        guard contents.encode(into: &span, at: messageOffset) > 0 else { return 0 }
        ip.encode(into: &span, at: offset + ethernet.encodedLength)
        ethernet.encode(into: &span, at: offset)
        span.fill(0, from: end, count: offset + length - end)
        return length
    }
}
