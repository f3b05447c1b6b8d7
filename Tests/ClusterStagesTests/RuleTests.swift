import Testing
import Weir
import WeirTesting
import WeirWire

/// Port rules: which rule a packet meets, and whose it is then.
@Suite struct RuleTests {
    private func owners(_ parameters: String, _ packets: [ClientPacket]) throws -> [Int] {
        try FilterCluster("cluster: [10.0.0.100, 10.0.0.101, '2001:db8::64'], \(parameters)").run(packets).owners
    }

    /// Rules that give each range to one host tell which of them a packet met; 1 is the default host.
    private let ranges = """
        rules: [
        { ports: 0-79, filtering: single, handling: [2] },
        { ports: 80, protocol: tcp, filtering: single, handling: [3] },
        { ports: 80, protocol: udp, filtering: single, handling: [4] },
        { ports: "8000-8099,9000,65535", filtering: single, handling: [2] }]
        """

    @Test func aRangeIsInclusiveAtBothEnds() throws {
        let expected = [
            0: 2, 79: 2, 80: 3, 81: 1, 7999: 1, 8000: 2, 8099: 2, 8100: 1, 8999: 1, 9000: 2, 9001: 1, 65534: 1,
            65535: 2,
        ].sorted { $0.key < $1.key }
        #expect(
            try owners(ranges, expected.map { .tcp(5000, to: UInt16($0.key)) }) == expected.map(\.value), "\(expected)")
    }

    @Test func theClustersPortDecidesAndNotTheClients() throws {
        #expect(try owners(ranges, [.tcp(80, to: 81), .udp(8000, to: 7999)]) == [1, 1])
    }

    @Test func tcpAndUDPHaveRulesOfTheirOwn() throws {
        #expect(
            try owners(ranges, [.tcp(1, to: 80), .udp(1, to: 80), .tcp(1, to: 9000), .udp(1, to: 9000)]) == [
                3, 4, 2, 2,
            ])
    }

    @Test func aRuleForAnAddressGoesBeforeOneForAll() throws {
        let rules = """
            rules: [
            { ports: 80, filtering: single, handling: [2] },
            { address: 10.0.0.101, ports: 80-81, filtering: single, handling: [3] },
            { address: '2001:db8::64', ports: 80, filtering: disabled }]
            """
        let second = AnyIPAddress.ipv4(IPv4Address(10, 0, 0, 101))
        let (one, two) = (ClientPacket.tcp(1, to: 80), ClientPacket.tcp(1, to: 81))
        let outcome = try FilterCluster("cluster: [10.0.0.100, 10.0.0.101, '2001:db8::64'], \(rules)").run([
            one, two, one.between(.ipv4(client), second), two.between(.ipv4(client), second),
            one.between(.ipv6(clientIPv6), .ipv6(clusterIPv6)), two.between(.ipv6(clientIPv6), .ipv6(clusterIPv6)),
        ])
        #expect(outcome.owners == [2, 1, 3, 3, 0, 1])
        #expect(outcome.dropped("disabled-port") == 1)
    }

    @Test func theHostThatHandlesIsTheFirstThatIsUp() throws {
        let parameters = """
            rules: [{ ports: 80, filtering: single, handling: [3, 1, 4, 2] }], connections: 0,
            changes: [{ up: 1-4 }, { up: "1,2,4", at: 1s }, { up: "2,4", at: 2s }, { up: 2, at: 3s }, { up: 2-3, at: 4s }]
            """
        let packets = (0..<5).map {
            (time: Duration.milliseconds($0 * 1000 + 500), packet: ClientPacket.tcp(UInt16($0)))
        }
        // The run begins with the first packet.
        let outcome = try FilterCluster("cluster: 10.0.0.100, \(parameters)").run([(.zero, .tcp(9))] + packets)
        #expect(outcome.owners == [3, 3, 1, 4, 2, 3])
    }

    @Test func hostsThatHandlingDoesNotNameComeLast() throws {
        let parameters = """
            rules: [{ ports: 80, filtering: single, handling: [4] }], connections: 0, changes: [{ up: 1-4 }, { up: 2-3, at: 1s }]
            """
        let outcome = try FilterCluster("cluster: 10.0.0.100, \(parameters)").run([
            (.zero, .tcp(9)), (.seconds(2), .tcp(10)),
        ])
        #expect(outcome.owners == [4, 2])
    }

    @Test func theDefaultHostIsTheLowestThatIsUp() throws {
        let parameters = """
            rules: [{ ports: 80 }], connections: 0, changes: [{ up: 1-4 }, { up: 2-4, at: 1s }, { up: 2-4, drainstop: 2, at: 2s }]
            """
        func all(_ second: Int) -> [(time: Duration, packet: ClientPacket)] {
            [ClientPacket.tcp(1, to: 81), .udp(1, to: 9), .echo(), ClientPacket(IPProtocol(rawValue: 89), [1])].map {
                (.seconds(second) + .milliseconds(second > 0 ? 1 : 0), $0)
            }
        }
        let outcome = try FilterCluster("cluster: 10.0.0.100, \(parameters)").run(all(0) + all(1) + all(2))
        #expect(outcome.owners == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    }

    @Test func aHostWithoutWeightGetsNothing() throws {
        let packets = (0..<200).map { ClientPacket.tcp(1024 + $0) }
        let owners = try owners("rules: [{ ports: 80, affinity: none, weights: { 1: 0, 3: 100 } }]", packets)
        let shares = (1...4).map { host in owners.count { $0 == host } }
        #expect(shares[0] == 0 && shares[1] > 20 && shares[2] > 60 && shares[3] > 20 && shares.reduce(0, +) == 200)
    }

    // MARK: Frames to the cluster, and others

    private let macs: [String: MACAddress] = [
        "mode: unicast": MACAddress(0x02, 0xbf, 10, 0, 0, 100),
        "mode: multicast": MACAddress(0x03, 0xbf, 10, 0, 0, 100),
        "mode: igmp-multicast": MACAddress(0x01, 0x00, 0x5e, 0x7f, 0, 100),
        "mac: 01-02-03-04-05-06": MACAddress(1, 2, 3, 4, 5, 6),
        "mode: unicast, mac: 01-02-03-04-05-07": MACAddress(1, 2, 3, 4, 5, 7),
    ]

    @Test func anotherModesAddressIsWrong() throws {
        for (parameters, right) in macs {
            let cluster = FilterCluster("cluster: ['2001:db8::64', 10.0.0.100, 10.0.0.101], \(parameters)")
            let packets = macs.values.flatMap { mac in
                [ClientPacket.tcp(1), .tcp(1).between(.ipv6(clientIPv6), .ipv6(clusterIPv6)), .echo()].map { packet in
                    packet.changed { $0.mac = mac }
                }
            }
            let outcome = try cluster.run(packets)
            #expect(outcome.keepers.map(\.count) == packets.map { $0.mac == right ? 1 : 0 }, "\(parameters)")
            #expect(outcome.dropped("wrong-mac") == 12, "\(parameters)")
        }
    }

    @Test func othersPassOrAreDropped() throws {
        let elsewhere = AnyIPAddress.ipv4(IPv4Address(10, 0, 0, 99))
        let packets = [
            ClientPacket.tcp(1).between(.ipv4(client), elsewhere),
            .udp(1).between(.ipv6(clientIPv6), .ipv6(clusterIPv6)),
            // From the cluster: its own answers.
            ClientPacket.tcp(80, to: 1).between(.ipv4(clusterIPv4), .ipv4(client)),
        ]
        let arp = TestFrame([255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 3, 8, 6] + [UInt8](repeating: 0, count: 28))
        let frames =
            packets.enumerated().map { number, packet in
                packet.changed { $0.mark = UInt32(number) }.frame
            } + [arp]
        let passing = try FilterCluster("cluster: 10.0.0.100, mode: unicast").run(frames)
        #expect(passing.keepers == [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]])
        let dropping = try FilterCluster("cluster: 10.0.0.100, mode: unicast, others: drop").run(frames)
        #expect(dropping.keepers == [[], [], [], []])
        #expect(dropping.dropped("not-cluster") == 4)
    }

    @Test func whatIsCutOffBehindAnotherAddressIsNotTheClusters() throws {
        let frame = ClientPacket.tcp(1).between(.ipv4(client), .ipv4(IPv4Address(10, 0, 0, 99)))
            .frame(at: .zero, cutTo: 40)
        let toIPv6 = ClientPacket.udp(1).between(.ipv6(clientIPv6), .ipv6(dedicatedIPv6)).changed { $0.mark = 1 }
            .frame(at: .zero, cutTo: 60)
        #expect(
            try FilterCluster("cluster: [10.0.0.100, '2001:db8::64']").run([frame, toIPv6]).keepers == [
                [1, 2, 3, 4], [1, 2, 3, 4],
            ])
    }

    @Test func aPacketToTheClusterIsMalformedWhereverItIsCutOff() throws {
        for packet in [ClientPacket.tcp(1), .udp(1).between(.ipv6(clientIPv6), .ipv6(clusterIPv6))] {
            let length = packet.frame.octets.count
            let cuts = (14..<length).map { cut in
                packet.changed { $0.mark = UInt32(cut - 14) }.frame(at: .zero, cutTo: cut)
            }
            let outcome = try FilterCluster("cluster: [10.0.0.100, '2001:db8::64']").run(cuts)
            #expect(outcome.dropped("malformed") == cuts.count)
        }
    }
}
