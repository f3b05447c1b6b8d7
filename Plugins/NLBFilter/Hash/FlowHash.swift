import WeirWire

/// The default hash: two multiplications and a third to finish, the same on every host. Not for adversaries: whoever
/// knows the seed can aim at a bucket.
struct FlowHash {
    /// The finished hash; its upper half is the better mixed one.
    let value: UInt64

    /// - Parameters:
    ///   - addresses: as they lie in an IPv4 packet, source first, read little-endian, so that a host's byte order doesn't
    ///     matter; of IPv6 what `folded` makes of each.
    ///   - ports: likewise, 0 for protocols without ports.
    @inline(__always)
    init(addresses: UInt64, ports: UInt32, protocolNumber: UInt8, seed: UInt64 = 0) {
        var hash = (addresses ^ seed) &* 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 32
        hash ^= UInt64(ports) << 8 | UInt64(protocolNumber)
        hash &*= 0xd6e8_feb8_6659_fd93
        hash ^= hash >> 32
        value = hash &* 0xd6e8_feb8_6659_fd93
    }

    /// The 32 bits that decide on the bucket.
    @inline(__always)
    var upper: UInt32 { UInt32(truncatingIfNeeded: value >> 32) }

    /// An IPv6 address as 64 bits.
    static func folded(_ address: IPv6Address) -> UInt64 {
        let high = address.high &* 0xd6e8_feb8_6659_fd93
        let mixed = (high ^ high >> 32 ^ address.low) &* 0x9e37_79b9_7f4a_7c15
        return mixed ^ mixed >> 29
    }

    /// A seed as a user gives it, spread over 64 bits; 0 stays 0.
    static func spread(_ seed: UInt32) -> UInt64 { UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 }
}
