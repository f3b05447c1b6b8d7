import CLinux
import Weir
import WeirWire

/// The header that the kernel writes before a packet in a ring (`struct tpacket3_hdr`), in the machine's byte order.
struct RingPacket {
    /// Where the next one is, from this one's start; 0 after the last.
    let nextOffset: Int
    let timestamp: UInt64
    /// Captured octets, and those on the wire.
    let length: Int
    let wireLength: Int
    private let status: UInt32
    /// Where the packet is, from the header's start.
    let packetOffset: Int
    private let tagControl: UInt16
    private let tagProtocol: UInt16

    static let headerLength = Int(WEIR_TPACKET_HEADER)

    /// The header at `offset` of a block; nil when it would not be inside.
    init?(_ block: RawSpan, at offset: Int) {
        guard block.holds(Self.headerLength, at: offset) else { return nil }
        func word(_ place: Int) -> UInt32 { block.uint32(at: offset &+ place).byteSwapped }
        func half(_ place: Int) -> UInt16 { block.uint16(at: offset &+ place).byteSwapped }
        nextOffset = Int(word(0))
        timestamp = UInt64(word(4)) &* 1_000_000_000 &+ UInt64(word(8))
        length = Int(word(12))
        wireLength = Int(word(16))
        status = word(20)
        packetOffset = Int(half(24))
        // struct tpacket_hdr_variant1: rxhash, then the tag.
        tagControl = UInt16(truncatingIfNeeded: word(32))
        tagProtocol = half(36)
    }

    /// The tag that the kernel has put aside.
    var tag: VLANTag? {
        guard status & UInt32(WEIR_STATUS_TAG_VALID) != 0 else { return nil }
        let hasProtocol = status & UInt32(WEIR_STATUS_TAG_PROTOCOL_VALID) != 0
        return VLANTag(tpid: hasProtocol ? EtherType(rawValue: tagProtocol) : .vlan, tci: tagControl)
    }

    /// Whether the sender on this machine has left the checksum to the network card.
    var hasPartialChecksum: Bool { status & UInt32(WEIR_STATUS_CHECKSUM_NOT_READY) != 0 }
}
