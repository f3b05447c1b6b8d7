import Weir
import WeirWire

/// The longest record that any capture format may have, in octets (libpcap's MAXIMUM_SNAPLEN).
let longestRecord = 262_144

/// The only link type that pipelines take (LINKTYPE_ETHERNET).
let ethernetLinkType = 1

/// Why listing stopped.
enum ListingEnd {
    case batchIsFull
    /// The next record is not in memory as a whole: so many octets are needed from its start.
    case needs(Int)
}

/// The next record cannot be right.
struct DamagedRecord: Error {
    let what: String
    /// What to do, when it is not the usual.
    let help: String?

    init(_ what: String, help: String? = nil) {
        self.what = what
        self.help = help
    }
}

/// A capture format: finds the records in octets that are in memory.
protocol RecordReader {
    /// Lists the records from `position` up to `end`, and moves `position` to the first one that it did not list.
    mutating func list(
        _ bytes: RawSpan, _ position: inout Int, end: Int, _ lister: inout FrameLister
    ) throws(DamagedRecord) -> ListingEnd

    var hasNanoseconds: Bool { get }
    var snapLength: Int { get }
}

extension RawSpan {
    /// Four octets in the byte order of a file, 0 outside the span.
    @inline(__always)
    func uint32(at offset: Int, littleEndian: Bool) -> UInt32 {
        littleEndian ? uint32(at: offset).byteSwapped : uint32(at: offset)
    }

    /// Two octets in the byte order of a file, 0 outside the span.
    @inline(__always)
    func uint16(at offset: Int, littleEndian: Bool) -> UInt16 {
        littleEndian ? uint16(at: offset).byteSwapped : uint16(at: offset)
    }
}
