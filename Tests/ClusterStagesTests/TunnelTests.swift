import Testing
import Weir
import WeirTesting
import WeirWire

/// Tunnels have no ports: they go where their control connection goes, by the client's address.
@Suite struct TunnelTests {
    private let clients = (1...20).map { IPv4Address(192, 0, 2, $0) }
    private let prefix: UInt64 = 0x20010db8_00000000

    private func from(_ clients: [IPv4Address], _ packet: ClientPacket) -> [ClientPacket] {
        clients.map { packet.between(.ipv4($0), .ipv4(clusterIPv4)) }
    }

    private func fromIPv6(_ packet: ClientPacket) -> [ClientPacket] {
        (1...20).map { packet.between(.ipv6(IPv6Address(high: prefix, low: $0)), .ipv6(clusterIPv6)) }
    }

    private static let gre = ClientPacket(.gre, [0x30, 0x81, 0x88, 0x0b, 0, 0, 0, 0])
    private static let esp = ClientPacket(.esp, [0, 0, 0, 1, 0, 0, 0, 1])
    /// In front of TCP, in transport mode.
    private static let ah = ClientPacket(
        .ah, [6, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 0xaa, count: 12) + ClientPacket.tcp(9).payload)

    /// Only the rule for the control connection divides in this way.
    private let rules = """
        cluster: [10.0.0.100, '2001:db8::64'], rules: [
        { ports: 1723, protocol: tcp, affinity: AFFINITY, weights: { 1: 0, 2: 30, 3: 70, 4: 0 } },
        { ports: 500, protocol: udp, affinity: AFFINITY, weights: { 1: 0, 2: 70, 3: 0, 4: 30 } }]
        """

    private func cluster(_ affinity: String) -> FilterCluster {
        FilterCluster(rules.replacing("AFFINITY", with: affinity))
    }

    @Test(arguments: ["single", "network"]) func greGoesWhereTCP1723Goes(affinity: String) throws {
        let cluster = cluster(affinity)
        let owners = try cluster.run(from(clients, .tcp(4000, to: 1723))).owners
        #expect(Set(owners).isSubset(of: [2, 3]) && !owners.isEmpty)
        #expect(try cluster.run(from(clients, Self.gre)).owners == owners)
    }

    @Test(arguments: ["single", "network"]) func espAndAHGoWhereUDP500Goes(affinity: String) throws {
        let cluster = cluster(affinity)
        let owners = try cluster.run(from(clients, .udp(500, to: 500))).owners
        #expect(Set(owners).isSubset(of: [2, 4]))
        #expect(try cluster.run(from(clients, Self.esp)).owners == owners)
        #expect(try cluster.run(from(clients, Self.ah)).owners == owners)
    }

    @Test func overIPv6Too() throws {
        let cluster = cluster("single")
        let owners = try cluster.run(fromIPv6(.udp(500, to: 500))).owners
        #expect(Set(owners) == [2, 4])
        #expect(try cluster.run(fromIPv6(Self.esp)).owners == owners)
        let control = try cluster.run(fromIPv6(.tcp(4000, to: 1723))).owners
        #expect(try cluster.run(fromIPv6(Self.gre)).owners == control)
    }

    @Test func whatAnAuthenticationHeaderOfIPv6CoversGoesWithIt() throws {
        let cluster = cluster("single")
        let owners = try cluster.run(fromIPv6(.udp(500, to: 500))).owners
        let header: [UInt8] = [0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 0xaa, count: 12)
        let covered = [ClientPacket.tcp(9), .udp(9), .echo(version: 6)].map { packet in
            packet.changed { $0.extensions = [(60, [0, 0, 1, 4, 0, 0, 0, 0]), (51, header)] }
        }
        for packet in covered { #expect(try cluster.run(fromIPv6(packet)).owners == owners, "\(packet.number)") }
        // Also where an error is about it.
        let errors = fromIPv6(covered[0]).map { packet in
            ClientPacket.error(about: packet.answer).between(.ipv6(clientIPv6), packet.destination)
        }
        #expect(try cluster.run(errors).owners == owners)
    }

    @Test func withoutAffinityTheClientStillHasOneHost() throws {
        let cluster = cluster("none")
        let twice = from(clients, Self.gre) + from(clients, Self.gre.changed { $0.payload[7] = 1 })
        let owners = try cluster.run(twice).owners
        #expect(owners[..<20] == owners[20...])
        #expect(Set(owners) == [2, 3])
    }

    @Test func aTunnelWithoutARuleIsTheDefaultHosts() throws {
        let cluster = FilterCluster("cluster: 10.0.0.100, rules: [{ ports: 80 }]")
        #expect(try cluster.run([Self.gre, Self.esp, Self.ah]).owners == [1, 1, 1])
    }

    @Test func aTunnelOfADisabledPortIsDropped() throws {
        let cluster = FilterCluster("cluster: 10.0.0.100, rules: [{ ports: 1723, filtering: disabled }]")
        let outcome = try cluster.run([Self.gre, Self.esp])
        #expect(outcome.dropped("disabled-port") == 1)
        #expect(outcome.owners == [0, 1])
    }

    @Test func aTunnelStaysWhereItIsWhenItsBucketMoves() throws {
        let cluster = FilterCluster(
            hosts: [1, 2], "cluster: 10.0.0.100, udp-idle: 60s, changes: [{ up: 1 }, { up: 1-2, at: 1s }]")
        func all(_ second: Int) -> [(time: Duration, packet: ClientPacket)] {
            from(clients, Self.esp).enumerated().map { (.milliseconds(1000 * second + $0.offset), $0.element) }
        }
        let owners = try cluster.run(all(0) + all(30) + all(80) + all(200)).owners
        #expect(owners[..<60].allSatisfy { $0 == 1 })
        #expect(Set(owners[60...]) == [1, 2])
    }
}
