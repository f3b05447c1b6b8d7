import Weir
import WeirWire

/// How a flow becomes the 32 bits that decide on its bucket.
public enum HashMethod: String, CaseIterable, ParameterWord, Sendable {
    /// weir's own.
    case fast
    /// That of Receive Side Scaling, with a key.
    case toeplitz
    /// That of Linux's xt_cluster: one bucket for each host, chosen by the source address.
    case clusterMatch
}

/// Which part of a packet decides on the host that answers it.
public enum Affinity: String, CaseIterable, ParameterWord, Sendable {
    /// Addresses, protocol and ports: each connection by itself.
    case none
    /// The client's address: all connections of a client at one host.
    case single
    /// The client's /24 (IPv6: /64): all clients behind one proxy farm at one host.
    case network
}

/// What an affinity leaves of a flow to be hashed, as masks, so that no jump tells one from the other.
struct AffinityMask {
    /// Of the addresses of IPv4 as they lie in the packet, read little-endian.
    let addresses: UInt64
    let ports: UInt32
    let protocolNumber: UInt8
    /// Of the second half of the client's IPv6 address.
    let interfaceIdentifier: UInt64
    /// Of the cluster's IPv6 address.
    let server: UInt64

    init(_ affinity: Affinity) {
        let isWhole = affinity == .none
        addresses = isWhole ? .max : affinity == .single ? 0xffff_ffff : 0x00ff_ffff
        ports = isWhole ? .max : 0
        protocolNumber = isWhole ? .max : 0
        interfaceIdentifier = affinity == .network ? 0 : .max
        server = isWhole ? .max : 0
    }
}

/// A method with what it needs.
struct FlowHasher {
    let method: HashMethod
    /// Of the fast hash; of the flow's identity it is none, which need not be secret.
    let seed: UInt64
    private let toeplitz: ToeplitzHash?
    private let clusterMatch: ClusterMatchHash

    init(_ method: HashMethod, seed: UInt32, key: [UInt8]) {
        self.method = method
        self.seed = FlowHash.spread(seed)
        toeplitz = method == .toeplitz ? ToeplitzHash(key: key) : nil
        clusterMatch = ClusterMatchHash(seed: seed)
    }

    /// The hash of what `mask` leaves of a flow.
    func hash(_ flow: Flow, _ mask: AffinityMask) -> UInt32 {
        let ports = flow.ports & mask.ports
        switch (flow.addresses, method) {
        case (.ipv4(let addresses), .fast):
            return FlowHash(
                addresses: addresses & mask.addresses, ports: ports,
                protocolNumber: flow.protocolNumber & mask.protocolNumber, seed: seed
            ).upper
        case (.ipv6(let client, let server), .fast):
            return FlowHash(
                addresses: FlowHash.folded(client.masked(mask)) &- FlowHash.folded(server) & mask.server, ports: ports,
                protocolNumber: flow.protocolNumber & mask.protocolNumber, seed: seed
            ).upper
        case (.ipv4(let addresses), .toeplitz):
            guard let toeplitz else { return 0 }
            return toeplitz.hash(littleEndian: addresses & mask.addresses, count: 8, at: 0)
                ^ toeplitz.hash(littleEndian: UInt64(ports), count: 4, at: 8)
        case (.ipv6(let client, let server), .toeplitz):
            guard let toeplitz else { return 0 }
            let masked = client.masked(mask)
            return toeplitz.hash(littleEndian: masked.high.byteSwapped, count: 8, at: 0)
                ^ toeplitz.hash(littleEndian: masked.low.byteSwapped, count: 8, at: 8)
                ^ toeplitz.hash(littleEndian: (server.high & mask.server).byteSwapped, count: 8, at: 16)
                ^ toeplitz.hash(littleEndian: (server.low & mask.server).byteSwapped, count: 8, at: 24)
                ^ toeplitz.hash(littleEndian: UInt64(ports), count: 4, at: 32)
        case (.ipv4(let addresses), .clusterMatch):
            return clusterMatch.hash(UInt32(truncatingIfNeeded: addresses))
        case (.ipv6(let client, _), .clusterMatch):
            return clusterMatch.hash(UInt32(truncatingIfNeeded: client.high >> 32).byteSwapped)
        }
    }
}

extension IPv6Address {
    fileprivate func masked(_ mask: AffinityMask) -> IPv6Address {
        IPv6Address(high: high, low: low & mask.interfaceIdentifier)
    }
}
