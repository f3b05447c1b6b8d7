import Testing
import WeirWire

/// What `body` makes of a span over `octets`.
func reading<Result>(_ octets: [UInt8], _ body: (RawSpan) -> Result) -> Result {
    // Octets have no padding, so all of these are initialized.
    body(unsafe octets.span.bytes)
}

/// Stores all of `octets` at `offset` of `target`.
func copy(_ octets: [UInt8], at offset: Int, of target: inout MutableRawSpan) {
    reading(octets) { target.store(octets: $0, at: offset) }
}

/// `octets` after `body` has written into them.
func writing(_ octets: [UInt8], _ body: (inout MutableRawSpan) -> Void) -> [UInt8] {
    var octets = octets
    var elements = octets.mutableSpan
    // Octets have no padding, and any value is one.
    var span = unsafe elements.mutableBytes
    body(&span)
    return octets
}

/// The octets of `value` behind `before` ones and before `payload`, written into a buffer filled with 0xa5, so that a
/// forgotten field is seen. Nil when it writes outside of itself or does not return its length.
func encoded(_ value: some WireEncodable, before: Int = 3, payload: [UInt8] = []) -> [UInt8]? {
    let length = value.encodedLength
    let dirty = [UInt8](repeating: 0xa5, count: before)
    var written = -1
    let octets = writing(dirty + [UInt8](repeating: 0xa5, count: length) + payload + dirty) {
        written = value.encode(into: &$0, at: before)
    }
    guard written == length, Array(octets[..<before]) == dirty,
        Array(octets[(before + length)...]) == payload + dirty
    else { return nil }
    return Array(octets[before..<before + length])
}

/// Whether `value` refuses, with nothing written, every place where it and `payloadLength` octets do not fit.
func refusesToOverflow(_ value: some WireEncodable, payloadLength: Int = 0) -> Bool {
    let whole = value.encodedLength + payloadLength
    let places = [
        (whole - 1, 0), (whole, 1), (whole, -1), (whole, Int.max), (whole, Int.min), (whole, Int.max - whole + 1),
        (0, 0),
    ]
    return places.allSatisfy { size, offset in
        let dirty = [UInt8](repeating: 0xa5, count: size)
        var written = -1
        return writing(dirty) { written = value.encode(into: &$0, at: offset) } == dirty && written == 0
    }
}

/// The octets of a span, nil without one.
func octets(_ span: RawSpan?) -> [UInt8]? {
    guard let span else { return nil }
    return (0..<span.byteCount).map { span.uint8(at: $0) }
}

/// A small generator of numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// As many octets as `count`.
    mutating func octets(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// Records that a test could not go on.
func fail(_ reason: Comment) {
    Issue.record(reason)
}

/// The one's complement sum of RFC 1071, written anew, so that the sender's own arithmetic is not its judge.
func independentChecksum(_ octets: [UInt8]) -> [UInt8] {
    var sum: UInt32 = 0
    for (index, octet) in octets.enumerated() { sum += UInt32(octet) << (index % 2 == 0 ? 8 : 0) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return [UInt8(~sum >> 8 & 0xff), UInt8(~sum & 0xff)]
}

/// A number as two octets.
func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }

/// A frame with a message about membership that has one fault.
struct Faulty: CustomTestStringConvertible {
    let fault: MembershipFault
    let testDescription: String
    let octets: [UInt8]
}
