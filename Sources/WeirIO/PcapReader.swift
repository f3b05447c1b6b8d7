// One of the files with unsafe code: the record header's two words are loaded after one check for both.

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
        // Copies of their own, which stay in registers over the loop.
        var start = position
        var frames = lister
        defer {
            position = start
            lister = frames
        }
        let bytes = bytes.octets(from: 0, count: end)
        while !frames.isFull {
            // One check for the header's four words.
            guard bytes.holds(PcapReader.recordHeaderLength, at: start) else {
                return .needs(PcapReader.recordHeaderLength)
            }
            let time = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
            let lengths = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ 8, as: UInt64.self)
            let captured = first(of: lengths, littleEndian)
            if captured > snapLength { throw DamagedRecord(tooLong(captured)) }
            if captured == 0, lengths == 0 { throw DamagedRecord("a record of zero octets, captured and on the wire") }
            let body = start &+ PcapReader.recordHeaderLength
            guard body &+ captured <= bytes.byteCount else {
                return .needs(PcapReader.recordHeaderLength + captured)
            }
            let seconds = UInt64(first(of: time, littleEndian))
            let fraction = UInt64(second(of: time, littleEndian))
            // The record's own header is the headroom: once read, nobody needs it.
            frames.list(
                at: body, length: captured, wireLength: second(of: lengths, littleEndian),
                timestamp: Instant(nanoseconds: seconds &* 1_000_000_000 &+ fraction &* scale),
                headroom: PcapReader.recordHeaderLength)
            start = body &+ captured
        }
        return .batchIsFull
    }

    /// The first of two 32-bit fields of the file that were loaded as one word.
    @inline(__always)
    private func first(of word: UInt64, _ littleEndian: Bool) -> Int {
        let field = UInt32(truncatingIfNeeded: UInt64(littleEndian: word))
        return Int(littleEndian ? field : field.byteSwapped)
    }

    /// The second of two 32-bit fields of the file that were loaded as one word.
    @inline(__always)
    private func second(of word: UInt64, _ littleEndian: Bool) -> Int {
        let field = UInt32(truncatingIfNeeded: UInt64(littleEndian: word) &>> 32)
        return Int(littleEndian ? field : field.byteSwapped)
    }

    private func tooLong(_ captured: Int) -> String {
        captured > longestRecord
            ? "a record of \(captured) octets; the longest allowed is \(longestRecord)"
            : "a record of \(captured) octets, though the file's snap length is \(snapLength)"
    }
}
