import Testing
import Weir
import WeirTesting
import WeirWire

/// With `timeout` a client keeps its host until so long after its last packet.
@Suite struct ExtendedAffinityTests {
    typealias Timed = [(time: Duration, packet: ClientPacket)]

    private let clients = (1...24).map { IPv4Address(192, 0, 2, $0) }

    /// Host 1 is alone for a second, then host 2 joins.
    private func cluster(_ rules: String, _ parameters: String = "cleanup-delay: 0s") -> FilterCluster {
        FilterCluster(
            hosts: [1, 2],
            """
            cluster: [10.0.0.100, '2001:db8::64'], changes: [{ up: 1 }, { up: 1-2, at: 1s }], \(parameters),
            rules: [\(rules)]
            """)
    }

    private func all(_ seconds: Double, _ packet: ClientPacket) -> Timed {
        clients.enumerated().map { number, client in
            (
                .milliseconds(Int(seconds * 1000)) + .microseconds(number),
                packet.between(.ipv4(client), .ipv4(clusterIPv4))
            )
        }
    }

    private var host1: [Int] { clients.map { _ in 1 } }

    private func byMap() throws -> [Int] {
        let owners = try FilterCluster(hosts: [1, 2], "cluster: 10.0.0.100, affinity: single")
            .run(all(0, .tcp(1024))).owners
        #expect(Set(owners) == [1, 2])
        return owners
    }

    @Test func aClientKeepsItsHostAsLongAsItComesBackInTime() throws {
        let owners = try cluster("{ ports: 80, timeout: 20s }").run(
            all(0, .tcp(1, .syn)) + all(0.5, .tcp(1, .rst)) + all(20.4, .tcp(2)) + all(40.3, .tcp(3))
                + all(60.5, .tcp(4))
        )
        .owners
        #expect(Array(owners[..<96]) == host1 + host1 + host1 + host1)
        #expect(Array(owners[96...]) == (try byMap()))
    }

    @Test func datagramsCountToo() throws {
        let owners = try cluster("{ ports: 53, timeout: 20s }", "udp-idle: 1s").run(
            all(0, .udp(1)) + all(19, .udp(2)) + all(38, .udp(3)) + all(60, .udp(4))
        ).owners
        #expect(Array(owners[..<72]) == host1 + host1 + host1)
        #expect(Set(owners[72...]) == [1, 2])
    }

    @Test func anotherRuleIsAnotherMatter() throws {
        let owners = try cluster("{ ports: 80, timeout: 20s }, { ports: 443, timeout: 20s }, { ports: 81 }").run(
            all(0, .tcp(1)) + all(2, .tcp(2, to: 443)) + all(3, .tcp(3, to: 81)) + all(4, .tcp(4))
        ).owners
        let map = try byMap()
        #expect(Array(owners) == host1 + map + map + host1)
    }

    @Test func withoutATimeoutClientsFollowTheMap() throws {
        let owners = try cluster("{ ports: 80 }").run(all(0, .tcp(1)) + all(2, .tcp(2))).owners
        #expect(Array(owners[24...]) == (try byMap()))
    }

    @Test func aWholeNetworkKeepsItsHost() throws {
        let rules = "{ ports: 80, affinity: network, timeout: 20s }"
        func from(_ network: UInt8, _ host: UInt8, _ port: UInt16) -> ClientPacket {
            .tcp(port).between(.ipv4(IPv4Address(192, 0, network, host)), .ipv4(clusterIPv4))
        }
        let networks = (0..<24).map { UInt8($0) }
        let outcome = try cluster(rules).run(
            networks.map { (.microseconds(Int($0)), from($0, 1, 1)) }
                + networks.map { (.seconds(10) + .microseconds(Int($0)), from($0, 200, 2)) }
                + networks.map { (.seconds(40) + .microseconds(Int($0)), from($0, 200, 3)) })
        #expect(Array(outcome.owners[..<48]) == host1 + host1)
        #expect(Set(outcome.owners[48...]) == [1, 2])
    }

    @Test func aClientOfIPv6KeepsItsHost() throws {
        func from(_ host: UInt64, _ port: UInt16) -> ClientPacket {
            .tcp(port).between(.ipv6(IPv6Address(high: 0x20010db8_00000000, low: host)), .ipv6(clusterIPv6))
        }
        let outcome = try cluster("{ ports: 80, timeout: 20s }").run(
            (1...24).map { (.microseconds(Int($0)), from($0, 1)) }
                + (1...24).map { (.seconds(15) + .microseconds(Int($0)), from($0, 2)) }
                + (1...24).map { (.seconds(40) + .microseconds(Int($0)), from($0, 3)) })
        #expect(Array(outcome.owners[..<48]) == host1 + host1)
        #expect(Set(outcome.owners[48...]) == [1, 2])
    }

    /// Whichever packet it is, plain or tagged, known connection or not: it is the client's last one.
    @Test(arguments: [[], [10]] as [[UInt16]]) func everyPacketOfAConnectionProlongsIt(tags: [UInt16]) throws {
        let goesOn = ClientPacket.tcp(1, .ack).changed { $0.tags = tags }
        let owners = try cluster("{ ports: 80, timeout: 20s }").run(
            all(0, .tcp(1)) + all(0.1, goesOn) + all(15, goesOn) + all(30, goesOn) + all(45, .tcp(2))
                // The connection was silent for longer than the client is remembered, but it is remembered itself.
                + all(100, goesOn) + all(110, .tcp(3))
        ).owners
        #expect(Array(owners) == (0..<7).flatMap { _ in host1 })
    }

    /// Whichever way its packets take, plain or tagged.
    @Test(arguments: [[], [10]] as [[UInt16]]) func anOldConnectionDoesNotTakeAClientBack(tags: [UInt16]) throws {
        let cluster = FilterCluster(
            hosts: [1, 2, 3],
            """
            cluster: 10.0.0.100, rules: [{ ports: 80, timeout: 1h }],
            changes: [{ up: 1 }, { up: 1-3, drainstop: 1, at: 1s }, { up: 1-3, drainstop: 1, weights: { 2: 1 }, at: 3s }]
            """)
        let old = ClientPacket.tcp(1, .ack).changed { $0.tags = tags }
        let owners = try cluster.run(
            all(0, .tcp(1)) + all(0.1, old) + all(2, .tcp(2)) + all(4, old) + all(5, .tcp(3))
        ).owners
        #expect(Array(owners[72..<96]) == host1)
        #expect(Set(owners[48..<72]) == [2, 3])
        #expect(owners[96...] == owners[48..<72])
    }

    @Test func aHostThatLosesItsWeightLosesItsClientsToo() throws {
        let cluster = FilterCluster(
            hosts: [1, 2],
            """
            cluster: 10.0.0.100, changes: [{ up: 1 }, { up: 1-2, weights: { 1: 0 }, at: 1s }],
            rules: [{ ports: 80, timeout: 1h }]
            """)
        let owners = try cluster.run(
            all(0, .tcp(1)) + all(0.1, .tcp(1, .ack)) + all(2, .tcp(2)) + all(3, .tcp(1, .ack))
        ).owners
        #expect(Array(owners) == host1 + host1 + host1.map { _ in 2 } + host1)
    }

    @Test func aHostThatDrainsLosesItsClientsButNotTheirConnections() throws {
        let cluster = FilterCluster(
            hosts: [1, 2],
            """
            cluster: 10.0.0.100, changes: [{ up: 1 }, { up: 1-2, drainstop: 1, at: 1s }],
            rules: [{ ports: 80, timeout: 1h }]
            """)
        let owners = try cluster.run(
            all(0, .tcp(1)) + all(0.1, .tcp(1, .ack)) + all(2, .tcp(1, .ack)) + all(3, .tcp(2)) + all(4, .tcp(1, .ack))
        ).owners
        #expect(Array(owners) == host1 + host1 + host1 + host1.map { _ in 2 } + host1)
    }
}
