import WeirWire

/// The addresses of a packet to the cluster, as they are hashed.
enum FlowAddresses {
    /// Client and cluster address as they lie in an IPv4 packet, read little-endian.
    case ipv4(UInt64)
    case ipv6(client: IPv6Address, server: IPv6Address)
}

/// What a packet to the cluster belongs to. The client is the other end, also where a packet reports an error.
struct Flow {
    var addresses: FlowAddresses
    /// The client's port and the cluster's as they lie in the packet, read little-endian; 0 without ports.
    var ports: UInt32
    var protocolNumber: UInt8

    /// Both addresses in 64 bits.
    var words: UInt64 {
        switch addresses {
        case .ipv4(let addresses): addresses
        case .ipv6(let client, let server): FlowHash.folded(client) &- FlowHash.folded(server)
        }
    }

    /// Tells flows from each other: 64 bits, never 0. Two flows that happen to have the same go to the same host, on every
    /// host, so that no packet belongs to two.
    var identity: UInt64 { Flow.identity(addresses: words, ports: ports, protocolNumber: protocolNumber) }

    @inline(__always)
    static func identity(addresses: UInt64, ports: UInt32, protocolNumber: UInt8) -> UInt64 {
        identity(FlowHash(addresses: addresses, ports: ports, protocolNumber: protocolNumber))
    }

    @inline(__always)
    static func identity(_ hash: FlowHash) -> UInt64 { max(hash.value, 1) }

    /// Tells the client, as far as a rule's affinity does, from others.
    func clientIdentity(_ mask: AffinityMask, rule: Int) -> UInt64 {
        let client =
            switch addresses {
            case .ipv4(let addresses): addresses & mask.addresses
            case .ipv6(let client, _):
                FlowHash.folded(IPv6Address(high: client.high, low: client.low & mask.interfaceIdentifier))
            }
        return Flow.clientIdentity(client, rule: rule)
    }

    /// - Parameter client: the client's address of IPv4 read little-endian, or what `folded` makes of one of IPv6.
    @inline(__always)
    static func clientIdentity(_ client: UInt64, rule: Int) -> UInt64 {
        // No protocol has the number 255, so that this is no flow's identity.
        identity(addresses: client, ports: UInt32(truncatingIfNeeded: rule), protocolNumber: 255)
    }
}
