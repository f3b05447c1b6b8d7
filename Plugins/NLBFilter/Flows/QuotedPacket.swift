import WeirWire

/// The start of a packet that the cluster has sent, as an ICMP error quotes it (RFC 792: the header and eight octets more;
/// RFC 4443 §2.4: as much as fits). It is cut off, so its lengths say nothing.
struct QuotedPacket {
    /// As the client's packets of the same flow have it: source and destination changed places.
    let flow: Flow
    let kind: ClusterPacket.Kind

    /// Nil when there is too little to tell the flow.
    init?(version4 bytes: RawSpan) {
        typealias Field = IPv4Packet.Field
        let start = bytes.uint8(at: Field.versionAndIHL)
        let headerLength = Int(start & 15) * 4
        guard start >> 4 == 4, headerLength >= IPv4Packet.minimumHeaderLength, bytes.byteCount >= headerLength,
            bytes.uint16(at: Field.flagsAndFragmentOffset) & 0x1fff == 0
        else { return nil }
        self.init(
            FlowAddresses(
                client: bytes.ipv4Address(at: Field.destination), server: bytes.ipv4Address(at: Field.source)),
            IPProtocol(rawValue: bytes.uint8(at: Field.protocolNumber)), bytes.octets(from: headerLength))
    }

    init?(version6 bytes: RawSpan) {
        guard let ip = IPv6Packet(quoted: bytes), let upper = ip.upperLayer, upper.fragmentOffset == 0 else {
            return nil
        }
        self.init(
            .ipv6(client: ip.destination, server: ip.source), upper.payloadProtocol, bytes.octets(from: upper.offset))
    }

    private init?(_ addresses: FlowAddresses, _ protocolNumber: IPProtocol, _ payload: RawSpan) {
        var ports: UInt32 = 0
        switch protocolNumber {
        case .tcp, .udp:
            guard payload.byteCount >= 4 else { return nil }
            let sent = payload.uint32(at: 0).byteSwapped
            ports = sent << 16 | sent >> 16
            kind = .ports
        case .gre: kind = .tunnel(like: .tcp, port: 1723)
        case .esp, .ah: kind = .tunnel(like: .udp, port: 500)
        default: kind = .other
        }
        flow = Flow(addresses: addresses, ports: ports, protocolNumber: protocolNumber.rawValue)
    }
}
