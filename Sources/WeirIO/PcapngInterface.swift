import Weir
import WeirWire

/// An interface that a pcapng file describes.
struct PcapngInterface {
    private static let timeResolution: UInt16 = 9
    private static let timeOffset: UInt16 = 14

    let linkType: Int
    let snapLength: Int
    private(set) var resolution = TimeResolution(code: 6)
    private(set) var secondsOffset: Int64 = 0

    /// Reads an interface description block, from its type to its second length.
    init(_ block: RawSpan, littleEndian: Bool) throws(DamagedRecord) {
        linkType = Int(block.uint16(at: 8, littleEndian: littleEndian))
        let snap = Int(block.uint32(at: 12, littleEndian: littleEndian))
        snapLength = snap == 0 ? longestRecord : min(snap, longestRecord)
        var option = 16
        while option + 4 <= block.byteCount - 4 {
            let code = block.uint16(at: option, littleEndian: littleEndian)
            let length = Int(block.uint16(at: option + 2, littleEndian: littleEndian))
            if code == 0 { break }
            guard option + 4 + length <= block.byteCount - 4 else {
                throw DamagedRecord("an option that runs over the end of its interface description")
            }
            if code == PcapngInterface.timeResolution, length >= 1 {
                resolution = TimeResolution(code: block.uint8(at: option + 4))
            } else if code == PcapngInterface.timeOffset, length >= 8 {
                let seconds = block.uint64(at: option + 4)
                secondsOffset = Int64(bitPattern: littleEndian ? seconds.byteSwapped : seconds)
            }
            option += 4 + (length + 3) & ~3
        }
    }
}

/// What a tick of an interface's time stamps lasts: 10^-n seconds, or 2^-n with the code's highest bit set.
struct TimeResolution {
    let ticksPerSecond: UInt128

    init(code: UInt8) {
        let exponent = Int(code & 0x7f)
        if code & 0x80 != 0 {
            ticksPerSecond = exponent < 127 ? 1 << UInt128(exponent) : .max
        } else {
            ticksPerSecond = (0..<min(exponent, 38)).reduce(1) { power, _ in power * 10 }
        }
    }

    var isFinerThanMicroseconds: Bool { ticksPerSecond > 1_000_000 }

    /// Time stamps before 1970 or beyond the clock's range become the nearer end.
    func instant(_ ticks: UInt64, offset: Int64) -> Instant {
        let nanoseconds = UInt128(ticks) * 1_000_000_000 / ticksPerSecond
        let shifted = Int128(nanoseconds) + Int128(offset) * 1_000_000_000
        return Instant(nanoseconds: UInt64(clamping: shifted))
    }
}
