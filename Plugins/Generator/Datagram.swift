import WeirWire

/// The frame that a generator makes again and again.
struct Datagram {
    private let ethernet: EthernetHeader
    private let source: IPv4Address
    private let destination: IPv4Address
    private let ports: (source: Int, destination: Int)
    private let payload: Int

    init(_ configuration: Generator.Configuration) {
        ethernet = EthernetHeader(
            destination: configuration.destinationMAC, source: configuration.mac, outerTag: nil, etherType: .ipv4)
        (source, destination) = (configuration.source, configuration.destination)
        ports = (configuration.sourcePort, configuration.destinationPort)
        payload = configuration.payload
    }

    private var ipv4: IPv4Header {
        IPv4Header(
            source: source, destination: destination, protocolNumber: .udp,
            payloadLength: UDPDatagram.headerLength + payload)
    }

    private var unpaddedLength: Int {
        ethernet.encodedLength + ipv4.encodedLength + UDPDatagram.headerLength + payload
    }

    /// Octets of the frame.
    var length: Int { max(unpaddedLength, EthernetHeader.minimumFrameLength) }

    /// Writes datagram `number` of `flow` at `offset`.
    func encode(_ number: UInt64, flow: Int, into octets: inout MutableRawSpan, at offset: Int) {
        let ip = ipv4
        let udp = UDPHeader(
            sourcePort: UInt16(truncatingIfNeeded: ports.source + flow),
            destinationPort: UInt16(truncatingIfNeeded: ports.destination), payloadLength: payload,
            pseudoHeader: ip.pseudoHeader)
        let ipOffset = offset + ethernet.encodedLength
        let udpOffset = ipOffset + ip.encodedLength
        octets.fill(0, from: offset, count: length)
        octets.store(number, at: udpOffset + UDPDatagram.headerLength)
        udp.encode(into: &octets, at: udpOffset)
        ip.encode(into: &octets, at: ipOffset)
        ethernet.encode(into: &octets, at: offset)
    }
}
