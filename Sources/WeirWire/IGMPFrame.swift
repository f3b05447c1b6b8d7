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
    public var ethernetHeader: EthernetHeader {
        EthernetHeader(
            destination: MACAddress(multicastGroup: contents.destination), source: sourceHardwareAddress,
            outerTag: tag, etherType: .ipv4)
    }

    /// The IPv4 header of the frame.
    public var ipv4Header: IPv4Header {
        var header = IPv4Header(
            source: source, destination: contents.destination, protocolNumber: .igmp,
            payloadLength: contents.encodedLength)
        header.timeToLive = 1
        header.typeOfService = 0xc0
        header.dontFragment = true
        header.routerAlert = true
        return header
    }

    /// The length of the frame in octets without padding.
    private var unpaddedLength: Int {
        ethernetHeader.encodedLength + ipv4Header.encodedLength + contents.encodedLength
    }

    public var encodedLength: Int { max(unpaddedLength, EthernetHeader.minimumFrameLength) }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        let (ethernet, ip) = (ethernetHeader, ipv4Header)
        let length = encodedLength
        guard length - ethernet.encodedLength <= 0xffff, span.holds(length, at: offset) else { return 0 }
        let ipOffset = offset + ethernet.encodedLength
        guard contents.encode(into: &span, at: ipOffset + ip.encodedLength) > 0 else { return 0 }
        ip.encode(into: &span, at: ipOffset)
        ethernet.encode(into: &span, at: offset)
        span.fill(0, from: offset + unpaddedLength, count: length - unpaddedLength)
        return length
    }
}
