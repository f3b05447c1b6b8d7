import Testing
import Weir
import WeirTesting
import WeirWire

/// The filters of all hosts of a cluster, before the same frames.
struct WholeCluster {
    let hosts: [Int]
    /// As a user writes them, `host-id` and `hosts` apart; the cluster has an address of IPv4 and one of IPv6.
    let parameters: String

    init(hosts: ClosedRange<Int> = 1...4, _ parameters: String) {
        self.hosts = Array(hosts)
        self.parameters = parameters
    }

    func run(_ host: Int, _ frames: [TestFrame]) throws -> StageRun.Result {
        let cluster = parameters.contains("cluster:") ? "" : "cluster: ['10.0.0.100', '2001:db8::64'], "
        let result = try FilterCluster(hosts: hosts, cluster + parameters).run(frames, host: host)
        #expect(result.imbalances == [])
        return result
    }

    /// The hosts that keep each of the frames, of which no two are alike.
    func keepers(_ frames: [TestFrame]) throws -> [[Int]] {
        var keepers: [TestFrame: [Int]] = [:]
        for host in hosts { for frame in try run(host, frames).frames() { keepers[frame, default: []].append(host) } }
        return frames.map { keepers[$0] ?? [] }
    }

    /// How many of the frames each host drops for a reason.
    func dropped(_ reason: String, of frames: [TestFrame]) throws -> [UInt64] {
        try hosts.map { try run($0, frames).dropped(reason, by: "nlb-filter") }
    }
}

/// The versions of IP, to test with each.
enum IPVersion: CaseIterable {
    case four, six

    var cluster: AnyIPAddress { self == .four ? .ipv4(clusterIPv4) : .ipv6(clusterIPv6) }

    /// One of many clients, each in a network of its own.
    func client(_ number: Int) -> AnyIPAddress {
        switch self {
        case .four: .ipv4(IPv4Address(rawValue: 0xc000_0001 + UInt32(number) << 8))
        case .six: .ipv6(IPv6Address(high: 0x2001_0db8_0000_0000 + UInt64(number), low: 1))
        }
    }

    /// A packet of the client to the cluster.
    func packet(_ client: Int, _ protocolNumber: IPProtocol, _ payload: [UInt8]) -> IPPacket {
        IPPacket(from: self.client(client), to: cluster, protocolNumber, payload)
    }
}
