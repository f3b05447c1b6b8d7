import Testing
import Weir
import WeirTesting
import WeirWire

/// ICMP: an error belongs to the host that sent the packet it is about, everything else to the default host.
@Suite struct ICMPErrorTests {
    private let cluster = FilterCluster(
        hosts: [2, 3, 5], "cluster: [10.0.0.100, 10.0.0.101, '2001:db8::64'], affinity: none")
    private static let ends: [(AnyIPAddress, AnyIPAddress)] = [
        (.ipv4(client), .ipv4(clusterIPv4)), (.ipv6(clientIPv6), .ipv6(clusterIPv6)),
    ]

    /// Packets of 20 flows of TCP and UDP.
    private func flows(_ ends: (AnyIPAddress, AnyIPAddress)) -> [ClientPacket] {
        (0..<10).flatMap { [ClientPacket.tcp(1024 + $0, .ack), .udp(1024 + $0)] }.map { $0.between(ends.0, ends.1) }
    }

    /// An error about the cluster's answer to a packet, from a router on the way.
    private func error(_ packet: ClientPacket, type: UInt8? = nil, quoting count: Int = .max) -> ClientPacket {
        let error = ClientPacket.error(about: packet.answer, type: type, quoting: count)
        if case .ipv6 = packet.source {
            return error.between(.ipv6(IPv6Address(high: 0x20010db8_00010000, low: 1)), packet.destination)
        }
        return error.between(.ipv4(IPv4Address(198, 51, 100, 1)), packet.destination)
    }

    @Test(arguments: [0, 1]) func anErrorGoesWhereItsConnectionGoes(version: Int) throws {
        let flows = flows(Self.ends[version])
        let owners = try cluster.run(flows).owners
        #expect(Set(owners) == [2, 3, 5])
        let types: [UInt8] = version == 0 ? [3, 4, 5, 11, 12] : [1, 2, 3, 4]
        for type in types { #expect(try cluster.run(flows.map { error($0, type: type) }).owners == owners, "\(type)") }
    }

    @Test func eightOctetsBehindTheHeaderAreEnough() throws {
        // RFC 792: a router need not quote more.
        let flows = flows(Self.ends[0])
        #expect(try cluster.run(flows.map { error($0, quoting: 28) }).owners == (try cluster.run(flows).owners))
        let fromIPv6 = self.flows(Self.ends[1])
        #expect(try cluster.run(fromIPv6.map { error($0, quoting: 48) }).owners == (try cluster.run(fromIPv6).owners))
    }

    @Test func theQuotedHeaderMayHaveOptionsAndExtensions() throws {
        let flows = self.flows(Self.ends[0]).map { $0.changed { $0.options = [0x94, 4, 0, 0, 1] } }
        #expect(try cluster.run(flows.map { error($0) }).owners == (try cluster.run(flows).owners))
        let fromIPv6 = self.flows(Self.ends[1]).map { packet in
            packet.changed { $0.extensions = [(0, [0, 0, 1, 4, 0, 0, 0, 0]), (60, [0, 0, 1, 4, 0, 0, 0, 0])] }
        }
        #expect(try cluster.run(fromIPv6.map { error($0) }).owners == (try cluster.run(fromIPv6).owners))
    }

    @Test func anErrorAboutATunnelGoesWhereTheTunnelGoes() throws {
        let cluster = FilterCluster(hosts: [2, 3], "cluster: 10.0.0.100, affinity: single")
        let tunnels = (1...12).map { host in
            ClientPacket(.gre, [0, 0, 8, 0, 0, 0, 0, 0]).between(
                .ipv4(IPv4Address(192, 0, 2, host)), .ipv4(clusterIPv4))
        }
        let owners = try cluster.run(tunnels).owners
        #expect(Set(owners) == [2, 3])
        #expect(try cluster.run(tunnels.map { error($0) }).owners == owners)
    }

    /// Errors that name no packet of the cluster: the default host gets them, and nobody traps.
    @Test func errorsWithoutAPacketOfTheClusterAreTheDefaultHosts() throws {
        let flow = ClientPacket.udp(1024)
        let others = [
            // Sent by somebody else, or by another of the cluster's addresses than the error goes to.
            ClientPacket.error(about: flow),
            error(flow.between(.ipv4(client), .ipv4(IPv4Address(10, 0, 0, 101))))
                .between(.ipv4(client), .ipv4(clusterIPv4)),
            // Another version, or none.
            error(flow).changed { $0.payload[8] = 0x65 },
            error(flow).changed { $0.payload[8] = 0x44 },
            // A later fragment has no ports.
            error(flow.changed { $0.fragmentOffset = 8 }),
            // An echo.
            error(.echo()),
        ]
        #expect(try cluster.run(others).owners == others.map { _ in 2 })
        let cut = (0..<28).map { error(flow, quoting: $0) }
        let owner = try cluster.run([flow]).owners[0]
        // With 24 octets the ports are there.
        #expect(try cluster.run(cut).owners == cut.indices.map { $0 < 24 ? 2 : owner })
        let fromIPv6 = ClientPacket.udp(1024).between(Self.ends[1].0, Self.ends[1].1)
        let ownerOfIPv6 = try cluster.run([fromIPv6]).owners[0]
        let cutIPv6 = (0..<48).map { error(fromIPv6, quoting: $0) }
        #expect(try cluster.run(cutIPv6).owners == cutIPv6.indices.map { $0 < 44 ? 2 : ownerOfIPv6 })
    }

    @Test func aMessageCutOffBeforeTheQuoteIsMalformed() throws {
        let short = [ClientPacket(.icmp, [3, 1, 0, 0]), ClientPacket(.icmp, [8, 0, 0, 0, 0, 0, 0])]
        #expect(try cluster.run(short).dropped("malformed") == 2)
    }

    @Test func echoAndItsReplyAreTheDefaultHosts() throws {
        let reply = ClientPacket(.icmp, [0, 0, 0, 0, 0, 1, 0, 1])
        let outcome = try cluster.run([
            .echo(), reply, ClientPacket.echo(version: 6).between(Self.ends[1].0, Self.ends[1].1),
        ])
        #expect(outcome.owners == [2, 2, 2])
    }

    @Test func anErrorAboutADisabledPortIsDropped() throws {
        let cluster = FilterCluster("cluster: 10.0.0.100, rules: [{ ports: 53, filtering: disabled }]")
        #expect(try cluster.run([error(.udp(1024))]).dropped("disabled-port") == 1)
    }

    @Test func anErrorFollowsAConnectionThatStayedBehind() throws {
        let cluster = FilterCluster(
            hosts: [1, 2], "cluster: 10.0.0.100, affinity: none, changes: [{ up: 1 }, { up: 1-2, at: 1s }]")
        let ports = 1024..<1040 as Range<UInt16>
        let before = ports.map { (Duration.milliseconds(Int($0) - 1024), ClientPacket.tcp($0)) }
        let errors = ports.map { (Duration.milliseconds(Int($0) + 1000), error(ClientPacket.tcp($0))) }
        #expect(try cluster.run(before + errors).owners == (before + errors).map { _ in 1 })
    }

    @Test func anErrorIsNoPacketOfItsConnection() throws {
        // It neither makes one nor keeps one alive.
        let cluster = FilterCluster(
            hosts: [1, 2],
            "cluster: 10.0.0.100, affinity: none, udp-idle: 10s, changes: [{ up: 1 }, { up: 1-2, at: 1s }]")
        let ports = 1024..<1040 as Range<UInt16>
        func all(_ second: Int, _ packet: (UInt16) -> ClientPacket) -> [(time: Duration, packet: ClientPacket)] {
            ports.map { (.milliseconds(second * 1000 + Int($0) - 1024), packet($0)) }
        }
        let outcome = try cluster.run(
            all(0) { .udp($0) } + all(9) { error(.udp($0)) } + all(11) { .udp($0) } + all(12) { .udp($0) })
        let owners = outcome.owners
        #expect(owners[..<32].allSatisfy { $0 == 1 })
        #expect(Set(owners[32...]) == [1, 2])
        #expect(owners[32..<48] == owners[48...])
    }

    @Test func anErrorAboutAConnectionOfAHostThatHasLeftIsAnothersThatTakesIt() throws {
        let cluster = FilterCluster(
            hosts: [1, 2, 3],
            "cluster: 10.0.0.100, affinity: none, changes: [{ up: 1 }, { up: 2-3, at: 1s }]")
        let ports = 1024..<1040 as Range<UInt16>
        func all(_ second: Int, _ packet: (UInt16) -> ClientPacket) -> [(time: Duration, packet: ClientPacket)] {
            ports.map { (.milliseconds(second * 1000 + Int($0) - 1024), packet($0)) }
        }
        let owners = try cluster.run(
            all(0) { .tcp($0) } + all(2) { error(.tcp($0)) } + all(3) { .tcp($0, .ack) }
        ).owners
        #expect(owners[..<16].allSatisfy { $0 == 1 })
        #expect(owners[16..<32].allSatisfy { $0 > 1 })
        #expect(owners[16..<32] == owners[32...])
    }
}
