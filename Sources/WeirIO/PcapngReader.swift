import Weir
import WeirWire

/// The pcapng format (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body and the length again.
///
///     section header          type 4 | length 4 | byte-order magic 4 | version 4 | section length 8 | options
///     interface description   type 4 | length 4 | link type 2 | reserved 2 | snap length 4 | options
///     enhanced packet         type 4 | length 4 | interface 4 | time high 4 | low 4 | captured 4 | on the wire 4 | octets
///     packet (obsolete)       type 4 | length 4 | interface 2 | drops 2 | time high 4 | low 4 | captured 4 | wire 4 | octets
///     simple packet           type 4 | length 4 | on the wire 4 | octets
///
/// Every other block is passed over. A section sets the byte order and starts a new list of interfaces.
struct PcapngReader: RecordReader {
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    private static let byteOrderMagic: UInt32 = 0x1a2b_3c4d
    private static let interfaceDescription: UInt32 = 1
    private static let packet: UInt32 = 2
    private static let simplePacket: UInt32 = 3
    private static let enhancedPacket: UInt32 = 6
    /// Interface descriptions are read whole; longer ones have options that nobody has seen.
    private static let longestDescription = 65_536

    private var isLittleEndian = false
    private var interfaces: [PcapngInterface] = []

    var hasNanoseconds: Bool { interfaces.contains { $0.resolution.isFinerThanMicroseconds } }
    var snapLength: Int { interfaces.map(\.snapLength).max() ?? longestRecord }

    mutating func list(
        _ bytes: RawSpan, _ position: inout Int, end: Int, _ lister: inout FrameLister
    ) throws(DamagedRecord) -> ListingEnd {
        while true {
            guard position <= end - 12 else { return .needs(12) }
            if bytes.uint32(at: position) == PcapngReader.sectionHeader {
                try beginSection(bytes.uint32(at: position + 8))
            }
            let type = bytes.uint32(at: position, littleEndian: isLittleEndian)
            let length = Int(bytes.uint32(at: position + 4, littleEndian: isLittleEndian))
            guard length >= 12, length % 4 == 0 else {
                throw DamagedRecord("a block of type \(type) with the impossible length \(length)")
            }
            switch type {
            case PcapngReader.interfaceDescription:
                guard length >= 20, length <= PcapngReader.longestDescription else {
                    throw DamagedRecord("an interface description of \(length) octets")
                }
                guard position + length <= end else { return .needs(length) }
                try checkTrailer(bytes, position, length)
                let block = bytes.octets(from: position, count: length)
                interfaces.append(try PcapngInterface(block, littleEndian: isLittleEndian))
            case PcapngReader.enhancedPacket, PcapngReader.packet, PcapngReader.simplePacket:
                if lister.isFull { return .batchIsFull }
                let needed = type == PcapngReader.simplePacket ? 12 : 28
                guard length >= needed + 4 else { throw DamagedRecord("a packet block of only \(length) octets") }
                guard position + needed <= end else { return .needs(needed) }
                let record = try record(bytes, position, type, length)
                // A block with options that fill the memory is not read to its end.
                let wanted = length <= Arena.blockSize ? length : needed + record.captured
                guard position + wanted <= end else { return .needs(wanted) }
                if wanted == length { try checkTrailer(bytes, position, length) }
                lister.list(
                    at: position + needed, length: record.captured, wireLength: record.wire, timestamp: record.time,
                    headroom: needed)
            default:
                break
            }
            position += length
        }
    }

    /// A block ends with its length, too; where it doesn't, one of the two is wrong, and nobody knows where the next
    /// block starts.
    private func checkTrailer(_ bytes: RawSpan, _ position: Int, _ length: Int) throws(DamagedRecord) {
        let trailer = Int(bytes.uint32(at: position + length - 4, littleEndian: isLittleEndian))
        guard trailer == length else {
            throw DamagedRecord("a block that starts with the length \(length) and ends with the length \(trailer)")
        }
    }

    private mutating func beginSection(_ magic: UInt32) throws(DamagedRecord) {
        guard magic == PcapngReader.byteOrderMagic || magic == PcapngReader.byteOrderMagic.byteSwapped else {
            throw DamagedRecord("a section header without its byte-order magic")
        }
        isLittleEndian = magic != PcapngReader.byteOrderMagic
        interfaces = []
    }

    private func record(
        _ bytes: RawSpan, _ position: Int, _ type: UInt32, _ length: Int
    ) throws(DamagedRecord) -> (captured: Int, wire: Int, time: Instant) {
        func word(_ offset: Int) -> UInt32 { bytes.uint32(at: position + offset, littleEndian: isLittleEndian) }
        let number =
            switch type {
            case PcapngReader.simplePacket: 0
            case PcapngReader.packet: Int(bytes.uint16(at: position + 8, littleEndian: isLittleEndian))
            default: Int(word(8))
            }
        guard interfaces.indices.contains(number) else {
            throw DamagedRecord("a packet of interface \(number), which the file has not described")
        }
        let interface = interfaces[number]
        guard interface.linkType == ethernetLinkType else {
            let linkType = describe(linkType: interface.linkType)
            throw DamagedRecord(
                "a packet of interface \(number), which has link type \(linkType) instead of Ethernet (1)",
                help: "\(useEthernet); `tshark -r ... -Y 'frame.interface_id == N' -w ...` picks an interface")
        }
        let isSimple = type == PcapngReader.simplePacket
        let wire = Int(word(isSimple ? 8 : 24))
        let captured = isSimple ? min(wire, interface.snapLength, length - 16) : Int(word(20))
        guard captured <= longestRecord else {
            throw DamagedRecord("a record of \(captured) octets; the longest allowed is \(longestRecord)")
        }
        guard captured <= interface.snapLength else {
            throw DamagedRecord("a record of \(captured) octets, though the snap length is \(interface.snapLength)")
        }
        guard captured | wire != 0 else { throw DamagedRecord("a record of zero octets, captured and on the wire") }
        guard captured <= length - (isSimple ? 16 : 32) else {
            throw DamagedRecord("a record of \(captured) octets in a block of \(length)")
        }
        let ticks = isSimple ? 0 : UInt64(word(12)) << 32 | UInt64(word(16))
        return (captured, wire, interface.resolution.instant(ticks, offset: interface.secondsOffset))
    }
}
