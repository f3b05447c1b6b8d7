/// A bit for each of the 4,096 VLAN identifiers.
struct VLANSet {
    private var words = InlineArray<64, UInt64>(repeating: 0)

    /// Puts an identifier in, of which the low 12 bits count.
    mutating func insert(_ identifier: Int) { words[identifier >> 6 & 63] |= 1 << UInt64(identifier & 63) }

    /// Whether an identifier, below 4096, is in it.
    @inline(__always)
    func contains(_ identifier: UInt16) -> Bool {
        words[Int(identifier >> 6) & 63] >> UInt64(identifier & 63) & 1 != 0
    }
}
