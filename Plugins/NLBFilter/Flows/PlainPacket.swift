import WeirWire

/// What nearly all packets are: whole TCP or UDP over IPv4 without VLAN tag and options, so that every field has its fixed
/// place and two checks of the length are enough for all.
struct PlainPacket {
    /// Source and destination as they lie in the packet, read little-endian; likewise the ports.
    let addresses: UInt64
    let ports: UInt32
    let protocolNumber: IPProtocol

    /// The destination as it lies in the packet, read little-endian.
    @inline(__always) var destination: UInt64 { addresses &>> 32 }
    @inline(__always) var isUDP: Bool { protocolNumber == .udp }
    /// Of its flow.
    @inline(__always) var identity: UInt64 {
        Flow.identity(addresses: addresses, ports: ports, protocolNumber: protocolNumber.rawValue)
    }

    /// Nil for any other packet, right or wrong.
    @inline(__always)
    init?(_ bytes: RawSpan) {
        typealias Field = IPv4Packet.Field
        let ip = EthernetFrame.minimumHeaderLength
        let segment = ip + IPv4Packet.minimumHeaderLength
        let room = bytes.byteCount &- segment &- 4
        guard room >= 0,
            bytes.uint16(at: EthernetFrame.Field.typeOrTag) == EtherType.ipv4.rawValue,
            bytes.uint8(at: ip + Field.versionAndIHL) == 0x45
        else { return nil }
        // What IPv4 has beyond the ports, no less than nothing and no more than there is.
        let rest = Int(bytes.uint16(at: ip + Field.totalLength)) &- IPv4Packet.minimumHeaderLength &- 4
        protocolNumber = IPProtocol(rawValue: bytes.uint8(at: ip + Field.protocolNumber))
        guard UInt(bitPattern: rest) <= UInt(bitPattern: room), protocolNumber.hasPorts,
            bytes.uint16(at: ip + Field.flagsAndFragmentOffset) & 0x3fff == 0
        else { return nil }
        addresses = bytes.uint64(at: ip + Field.source).byteSwapped
        ports = bytes.uint32(at: segment).byteSwapped
    }

    /// Whether the packet, which is in `bytes`, is of TCP and has SYN, FIN or RST. No jump tells TCP from UDP.
    @inline(__always)
    func opensOrCloses(_ bytes: RawSpan) -> Bool {
        let segment = EthernetFrame.minimumHeaderLength + IPv4Packet.minimumHeaderLength
        let flags = bytes.uint8(at: segment + TCPSegment.Field.flags)
        // Of the two, only TCP's number, 6, has the bit 2.
        let isTCP = protocolNumber.rawValue &>> 2 & 1
        return flags & (isTCP &* (TCPFlags.syn.rawValue | TCPFlags.fin.rawValue | TCPFlags.rst.rawValue)) != 0
    }
}

extension IPProtocol {
    /// TCP or UDP, by one test of a bit: which of the two it is, is a coin toss to the branch predictor.
    @inline(__always)
    var hasPorts: Bool {
        rawValue < 64
            && (1 << UInt64(IPProtocol.tcp.rawValue) | 1 << UInt64(IPProtocol.udp.rawValue)) >> UInt64(rawValue) & 1
                != 0
    }
}
