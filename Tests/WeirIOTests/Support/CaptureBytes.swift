/// A packet as a test writes it into a capture or finds it in one.
struct Record: Equatable {
    var nanoseconds: UInt64
    var wireLength: Int
    var octets: [UInt8]

    init(at nanoseconds: UInt64, _ octets: [UInt8], wireLength: Int? = nil) {
        self.nanoseconds = nanoseconds
        self.octets = octets
        self.wireLength = wireLength ?? octets.count
    }
}

/// Records of growing length with time stamps that use all digits of `precision`.
func someRecords(_ count: Int, step: Int = 17, precision: UInt64 = 1000) -> [Record] {
    (0..<count).map { index in
        let time = 1_767_225_600_000_000_000 + UInt64(index) * 1_234_567_891
        let octets = (0..<14 + index * step).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
        return Record(at: time - time % precision, octets)
    }
}

/// Octets of a capture file that are put together field by field, in either byte order.
struct FileBytes {
    var bytes: [UInt8] = []
    let isLittleEndian: Bool

    mutating func word(_ value: Int) { append(UInt32(truncatingIfNeeded: value)) }
    mutating func half(_ value: Int) { append(UInt16(truncatingIfNeeded: value)) }

    mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        let octets = (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
        bytes += isLittleEndian ? octets : octets.reversed()
    }
}

/// A classic capture (savefile(5)).
func classic(
    _ records: [Record], littleEndian: Bool = true, nanoseconds: Bool = false, snapLength: Int = 262_144,
    linkType: Int = 1
) -> [UInt8] {
    var file = FileBytes(isLittleEndian: littleEndian)
    file.word(nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4)
    file.half(2)
    file.half(4)
    file.word(0)
    file.word(0)
    file.word(snapLength)
    file.word(linkType)
    for record in records {
        file.word(Int(record.nanoseconds / 1_000_000_000))
        file.word(Int(record.nanoseconds % 1_000_000_000 / (nanoseconds ? 1 : 1000)))
        file.word(record.octets.count)
        file.word(record.wireLength)
        file.bytes += record.octets
    }
    return file.bytes
}

/// The records of a classic little-endian capture, read without any of weir's code; nil when it isn't whole.
func parseClassic(_ file: [UInt8]) -> [Record]? {
    func word(_ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(file[offset + $1]) << ($1 * 8) }
    }
    guard file.count >= 24, [0xa1b2_c3d4, 0xa1b2_3c4d].contains(word(0)) else { return nil }
    let scale = word(0) == 0xa1b2_3c4d ? 1 : 1000
    var records: [Record] = []
    var offset = 24
    while offset < file.count {
        guard offset + 16 <= file.count, offset + 16 + word(offset + 8) <= file.count else { return nil }
        let end = offset + 16 + word(offset + 8)
        let time = UInt64(word(offset) * 1_000_000_000 + word(offset + 4) * scale)
        records.append(Record(at: time, Array(file[offset + 16..<end]), wireLength: word(offset + 12)))
        offset = end
    }
    return records
}
