import Testing
import Weir
import WeirTesting
import WeirWire

/// IPv6 packets to the cluster: ports behind extension headers, affinities, lengths.
@Suite struct IPv6Tests {
    private static let padding: [UInt8] = [0, 0, 1, 4, 0, 0, 0, 0]
    private static let routing: [UInt8] = [0, 2, 4, 0, 0, 0, 0, 0] + [UInt8](repeating: 0x20, count: 16)

    private static func from(_ high: UInt64, _ low: UInt64, _ packet: ClientPacket) -> ClientPacket {
        packet.between(.ipv6(IPv6Address(high: high, low: low)), .ipv6(clusterIPv6))
    }

    private static let prefix: UInt64 = 0x20010db8_00000000

    private func cluster(_ parameters: String) -> FilterCluster {
        FilterCluster("cluster: '2001:db8::64', \(parameters)")
    }

    @Test(arguments: ["fast", "toeplitz", "fast, seed: 9"]) func affinitiesKeepTogetherWhatTheyShould(hash: String)
        throws
    {
        let connections = (0..<40).map { Self.from(Self.prefix, 9, .tcp(1024 + $0)) }
        let clients = (0..<40).map { Self.from(Self.prefix, $0, .tcp(1024)) }
        let networks = (0..<40).map { Self.from(Self.prefix + $0, 9, .tcp(1024)) }
        func hosts(_ packets: [ClientPacket], _ affinity: String) throws -> Int {
            let owners = try cluster("affinity: \(affinity), hash: \(hash)").run(packets).owners
            #expect(owners.allSatisfy { 1...4 ~= $0 })
            return Set(owners).count
        }
        for (affinity, expected) in [("none", [4, 4, 4]), ("single", [1, 4, 4]), ("network", [1, 1, 4])] {
            #expect(try [connections, clients, networks].map { try hosts($0, affinity) } == expected, "\(affinity)")
        }
    }

    @Test func extensionHeadersHideNoPorts() throws {
        let cluster = cluster("rules: [{ ports: 80, affinity: none }]")
        let plain = (0..<16).map { Self.from(Self.prefix, 9, .tcp(1024 + $0)) }
        let owners = try cluster.run(plain).owners
        #expect(Set(owners).count == 4)
        let chains: [[(number: UInt8, octets: [UInt8])]] = [
            [(0, Self.padding)], [(60, Self.padding)], [(43, Self.routing)],
            [(0, Self.padding), (60, Self.padding), (43, Self.routing), (60, Self.padding)],
            [(0, [0, 1, 1, 12] + [UInt8](repeating: 0, count: 12))],
        ]
        for chain in chains {
            let packets = plain.map { packet in packet.changed { $0.extensions = chain } }
            #expect(try cluster.run(packets).owners == owners, "\(chain)")
        }
    }

    @Test func aChainThatLeadsNowhereIsMalformed() throws {
        let long = [(number: UInt8, octets: [UInt8])](repeating: (60, Self.padding), count: 9)
        let cases = [
            Self.from(Self.prefix, 9, .tcp(1)).changed { $0.extensions = long },
            Self.from(Self.prefix, 9, .tcp(1)).changed { $0.extensions = [(0, [0, 255, 1, 4, 0, 0, 0, 0])] },
            Self.from(Self.prefix, 9, ClientPacket(.tcp, [4, 0, 0])),
            Self.from(Self.prefix, 9, ClientPacket(.icmpv6, [1, 0, 0, 0])),
            Self.from(Self.prefix, 9, .tcp(1)).changed { $0.excess = 1 },
        ]
        let outcome = try cluster("affinity: none").run(cases)
        #expect(outcome.dropped("malformed") == cases.count)
    }

    @Test func whatHasNoPortsIsTheDefaultHosts() throws {
        let others = [
            ClientPacket.echo(version: 6), ClientPacket(.noNextHeader, []),
            ClientPacket(IPProtocol(rawValue: 132), [1]),
        ]
        #expect(try cluster("affinity: none").run(others.map { Self.from(Self.prefix, 9, $0) }).owners == [1, 1, 1])
    }

    @Test func neighborDiscoveryIsNotTheClusters() throws {
        // It goes to the solicited-node group, which all hosts are in.
        let group = clusterIPv6.solicitedNodeGroup
        let solicitation = ClientPacket(.icmpv6, [135, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0x20, count: 16))
            .between(.ipv6(clientIPv6), .ipv6(group))
        #expect(try cluster("affinity: none").run([solicitation]).keepers == [[1, 2, 3, 4]])
    }
}
