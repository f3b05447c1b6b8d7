import WeirWire

/// Which part of a packet decides on the host that answers it.
public enum Affinity: String, CaseIterable, Sendable {
    /// Addresses, protocol and ports: each connection by itself.
    case none
    /// The client's address: all connections of a client at one host.
    case single
    /// The client's /24 (IPv6: /64): all clients behind one proxy farm at one host.
    case network
}

/// The default hash of the filter: two multiplications, every host computes the same.
struct FlowHash {
    /// The finished hash; its upper half is the better mixed one.
    let value: UInt64

    /// - Parameters:
    ///   - addresses: as they lie in the packet, read little-endian, so that a host's byte order doesn't matter.
    ///   - ports: likewise, 0 for protocols without ports and for fragments.
    @inline(__always)
    init(addresses: UInt64, ports: UInt32, protocolNumber: UInt8) {
        var hash = addresses &* 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 32
        hash ^= UInt64(ports) << 8 | UInt64(protocolNumber)
        hash &*= 0xd6e8_feb8_6659_fd93
        hash ^= hash >> 32
        value = hash &* 0xd6e8_feb8_6659_fd93
    }

    /// The bucket, 0 to 59: scaling takes the upper bits, where a remainder would take the lower ones.
    @inline(__always)
    var bucket: UInt64 { (value >> 32 &* UInt64(BucketMap.bucketCount)) >> 32 }
}
