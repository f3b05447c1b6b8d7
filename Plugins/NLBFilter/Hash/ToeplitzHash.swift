/// The hash of Receive Side Scaling: for each set bit of the input, from the left, the 32 bits of the key that begin at the
/// bit's place are added without carry (Microsoft, "RSS hashing functions").
///
/// It is linear, so whoever knows the key can aim at a bucket: a cluster should have a key of its own.
public struct ToeplitzHash: Sendable {
    /// The octets of a key: 36 of input, source and destination address of IPv6 and both ports, and four more.
    public static let keyLength = 40
    /// The octets of input that a key serves for.
    public static let inputLength = keyLength - 4

    /// The key of Microsoft's verification suite.
    public static let verificationKey: [UInt8] = [
        0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca,
        0x2b,
        0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe,
        0xac,
        0x01, 0xfa,
    ]

    /// What each value of an octet adds, 256 words for each place.
    private let sums: [UInt32]

    /// - Parameter key: 40 octets; missing ones count as 0.
    public init(key: [UInt8] = verificationKey) {
        let octets = key + [UInt8](repeating: 0, count: max(0, Self.keyLength - key.count))
        var sums = [UInt32](repeating: 0, count: Self.inputLength * 256)
        for place in 0..<Self.inputLength {
            let window = octets[place..<place + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            for value in 1..<256 {
                for bit in 0..<8 where value & 0x80 >> bit != 0 {
                    sums[place * 256 + value] ^= UInt32(truncatingIfNeeded: window >> UInt64(8 - bit))
                }
            }
        }
        self.sums = sums
    }

    /// The hash of `octets`, of which the first 36 count: addresses, then ports, in network byte order. O(octets).
    public func hash(_ octets: [UInt8]) -> UInt32 {
        octets.prefix(Self.inputLength).enumerated().reduce(0) { $0 ^ sums[$1.offset * 256 + Int($1.element)] }
    }

    /// What `count` octets at `place` of the input add; the first of them is the lowest eight bits of `octets`.
    func hash(littleEndian octets: UInt64, count: Int, at place: Int) -> UInt32 {
        var hash: UInt32 = 0
        for index in 0..<count {
            hash ^= sums[(place + index) * 256 + Int(octets >> UInt64(8 * index) & 0xff)]
        }
        return hash
    }
}
