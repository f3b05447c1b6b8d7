// One of the files with unsafe code: the record header's two words are loaded after one check for both, and what was
// checked here is listed without checking it again.

import Weir
import WeirWire

/// The classic capture format, as libpcap's savefile(5) describes it.
///
///     file header   magic 4 | major 2 | minor 2 | zone 4 | sigfigs 4 | snap length 4 | link type 4
///     each record   seconds 4 | fraction 4 | captured length 4 | length on the wire 4 | octets
///
/// All fields are in the byte order of the machine that wrote the file; the magic number tells which, and whether the
/// fraction counts microseconds or nanoseconds.
struct PcapReader: RecordReader {
    static let fileHeaderLength = 24
    static let recordHeaderLength = 16

    let isLittleEndian: Bool
    let hasNanoseconds: Bool
    let snapLength: Int
    let linkType: Int

    private var isFirst = true

    static func isMagic(_ word: UInt32) -> Bool {
        [0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1].contains(word)
    }

    /// Reads the file header; nil when it is too short or doesn't start with one of the four magic numbers.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= PcapReader.fileHeaderLength else { return nil }
        switch bytes.uint32(at: 0) {
        case 0xa1b2_c3d4: (isLittleEndian, hasNanoseconds) = (false, false)
        case 0xd4c3_b2a1: (isLittleEndian, hasNanoseconds) = (true, false)
        case 0xa1b2_3c4d: (isLittleEndian, hasNanoseconds) = (false, true)
        case 0x4d3c_b2a1: (isLittleEndian, hasNanoseconds) = (true, true)
        default: return nil
        }
        let snap = Int(bytes.uint32(at: 16, littleEndian: isLittleEndian))
        // Some writers put 0 or a huge number there and mean "no limit".
        snapLength = snap == 0 ? longestRecord : min(snap, longestRecord)
        // The upper bits say whether frames end with a checksum (FCS), which tools ignore alike.
        linkType = Int(bytes.uint32(at: 20, littleEndian: isLittleEndian) & 0xffff)
    }

    mutating func list(
        _ bytes: RawSpan, _ position: inout Int, end: Int, _ lister: inout FrameLister
    ) throws(DamagedRecord) -> ListingEnd {
        if isFirst {
            position += PcapReader.fileHeaderLength
            isFirst = false
        }
        // Two loops, each with the byte order as a constant.
        return isLittleEndian
            ? try list(bytes, &position, end, &lister, littleEndian: true)
            : try list(bytes, &position, end, &lister, littleEndian: false)
    }

    @inline(__always)
    private func list(
        _ bytes: RawSpan, _ position: inout Int, _ end: Int, _ lister: inout FrameLister, littleEndian: Bool
    ) throws(DamagedRecord) -> ListingEnd {
        let scale: UInt64 = hasNanoseconds ? 1 : 1000
        let longest = UInt(bitPattern: snapLength)
        // Copies of their own, which stay in registers over the loop.
        var start = position
        var frames = lister
        // The record's own header is the headroom: once read, nobody needs it.
        frames.set(headroom: PcapReader.recordHeaderLength)
        defer {
            position = start
            lister = frames
        }
        // The last place for a record's header: what starts in front of it, at 0 or later, is inside the span.
        let end = min(end, bytes.byteCount)
        let last = end &- PcapReader.recordHeaderLength
        guard start >= 0, last >= 0 else { return .needs(PcapReader.recordHeaderLength) }
        while !frames.isFull {
            guard start <= last else { return .needs(PcapReader.recordHeaderLength) }
            let time = unsafe twoFields(bytes, start, littleEndian)
            let lengths = unsafe twoFields(bytes, start &+ 8, littleEndian)
            let captured = Int(truncatingIfNeeded: lengths & 0xffff_ffff)
            // One comparison for what is too long and for what is empty.
            if UInt(bitPattern: captured &- 1) >= longest { try check(captured, lengths) }
            let body = start &+ PcapReader.recordHeaderLength
            let next = body &+ captured
            guard next <= end else { return .needs(PcapReader.recordHeaderLength + captured) }
            let nanoseconds = (time & 0xffff_ffff) &* 1_000_000_000 &+ (time &>> 32) &* scale
            // The record lies between 0 and `end`.
            unsafe frames.list(
                unchecked: body, lengths: sensible(lengths), timestamp: Instant(nanoseconds: nanoseconds))
            start = next
        }
        return .batchIsFull
    }

    /// Two 32-bit fields of the file, the first in the lower half.
    @unsafe
    @inline(__always)
    private func twoFields(_ bytes: RawSpan, _ offset: Int, _ littleEndian: Bool) -> UInt64 {
        let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        if littleEndian { return UInt64(littleEndian: word) }
        let swapped = UInt64(bigEndian: word)
        return swapped &<< 32 | swapped &>> 32
    }

    /// The lengths of a record, where the one on the wire, in the upper half, is the captured one when it is smaller.
    @inline(__always)
    private func sensible(_ lengths: UInt64) -> UInt64 {
        let captured = lengths & 0xffff_ffff
        return _fastPath(lengths &>> 32 >= captured) ? lengths : captured &<< 32 | captured
    }

    /// Refuses lengths that no record has.
    private func check(_ captured: Int, _ lengths: UInt64) throws(DamagedRecord) {
        if captured > snapLength { throw DamagedRecord(tooLong(captured)) }
        if lengths == 0 { throw DamagedRecord("a record of zero octets, captured and on the wire") }
    }

    private func tooLong(_ captured: Int) -> String {
        captured > longestRecord
            ? "a record of \(captured) octets; the longest allowed is \(longestRecord)"
            : "a record of \(captured) octets, though the file's snap length is \(snapLength)"
    }
}
