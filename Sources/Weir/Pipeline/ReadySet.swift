/// Stations that have work, the lowest number first.
struct ReadySet {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }

    mutating func popFirst() -> Int? {
        for word in words.indices where words[word] != 0 {
            let bit = words[word].trailingZeroBitCount
            words[word] &= words[word] &- 1
            return word << 6 | bit
        }
        return nil
    }

    mutating func removeAll() {
        for word in words.indices { words[word] = 0 }
    }
}
