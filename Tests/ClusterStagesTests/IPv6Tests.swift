import Testing
import Weir
import WeirTesting
import WeirWire

/// What is different with IPv6.
@Suite struct IPv6Tests {
    private static let cluster = WholeCluster("affinity: none")

    private func segment(_ client: Int, _ extensions: [IPProtocol] = []) -> IPPacket {
        var packet = IPVersion.six.packet(client, .tcp, tcp(5000, 80, .syn))
        packet.extensions = extensions
        return packet
    }

    @Test func portsAreFoundBehindExtensionHeaders() throws {
        let chains: [[IPProtocol]] = [
            [], [.hopByHopOptions], [.routing], [.destinationOptions],
            [.hopByHopOptions, .routing, .destinationOptions],
            [IPProtocol](repeating: .destinationOptions, count: 8),
        ]
        var owners: Set<[Int]> = []
        for client in 0..<12 {
            let keepers = try Self.cluster.keepers(chains.map { segment(client, $0).frame() })
            #expect(keepers[0].count == 1)
            #expect(keepers.allSatisfy { $0 == keepers[0] }, "client \(client): \(keepers)")
            owners.insert(keepers[0])
        }
        #expect(owners.count == 4)
    }

    @Test func aChainOfHeadersThatIsTooLongOrCutOffIsMalformed() throws {
        let nine = segment(0, [IPProtocol](repeating: .destinationOptions, count: 9))
        // The header says that it has 2048 octets.
        var long = segment(0, [.hopByHopOptions]).octets
        long[41] = 255
        let cut = TestFrame(segment(0).frame().octets.prefix(14) + long)
        // The last header ends where the packet ends.
        let bare = IPVersion.six.packet(0, .destinationOptions, [6, 0, 1, 4, 0, 0, 0, 0])
        #expect(try Self.cluster.dropped("malformed", of: [nine.frame(), cut, bare.frame()]) == [3, 3, 3, 3])
    }

    @Test func tagsMakeNoDifference() throws {
        for client in 0..<6 {
            let frames = [[], [10], [20, 10]].map { segment(client, [.routing]).frame(tags: $0) }
            let keepers = try Self.cluster.keepers(frames)
            #expect(keepers[0].count == 1)
            #expect(keepers.allSatisfy { $0 == keepers[0] })
        }
    }

    /// Of the client's 128 bits `single` takes all and `network` the first 64.
    @Test func affinitiesKnowTheirPartOfTheAddress() throws {
        func keepers(_ affinity: String, _ clients: [(high: UInt64, low: UInt64)]) throws -> [[Int]] {
            let frames = clients.map { client in
                IPPacket(
                    from: .ipv6(IPv6Address(high: 0x2001_0db8_0001_0000 + client.high, low: client.low)),
                    to: .ipv6(clusterIPv6), .tcp, tcp(UInt16(1024 + client.low % 1000), 80, .syn)
                ).frame()
            }
            let keepers = try WholeCluster("affinity: \(affinity)").keepers(frames)
            #expect(keepers.allSatisfy { $0.count == 1 })
            return keepers
        }
        let neighbours = (0..<24).map { (high: UInt64(7), low: UInt64(1 + $0)) }
        #expect(Set(try keepers("network", neighbours)).count == 1)
        #expect(Set(try keepers("single", neighbours)).count == 4)
        #expect(Set(try keepers("network", (0..<24).map { (high: UInt64($0), low: 1) })).count == 4)
    }

    @Test func neighborDiscoveryAndOtherAddressesPass() throws {
        let solicitation = neighborFrame(
            header(from: clientMAC, to: MACAddress(0x33, 0x33, 0xff, 0, 0, 0x64)), from: clientIPv6,
            to: clusterIPv6.solicitedNodeGroup, .solicitation(target: clusterIPv6, source: clientMAC))
        var other = segment(0)
        other.destination = .ipv6(dedicatedIPv6)
        let frames = [TestFrame(solicitation), other.frame()]
        #expect(try Self.cluster.keepers(frames) == [[1, 2, 3, 4], [1, 2, 3, 4]])
    }

    /// A frame for somebody else is passed on as it is, also where a capture has cut it.
    @Test(arguments: IPVersion.allCases) func onlyWhatIsForTheClusterCanBeMalformed(version: IPVersion) throws {
        var packet = version.packet(0, .udp, udp(5000, 53, data: 100))
        func cut(_ packet: IPPacket) -> TestFrame { TestFrame(packet.frame().octets.dropLast(50)) }
        #expect(try Self.cluster.dropped("malformed", of: [cut(packet)]) == [1, 1, 1, 1])
        packet.destination = version == .four ? .ipv4(dedicated) : .ipv6(dedicatedIPv6)
        #expect(try Self.cluster.keepers([cut(packet)]) == [[1, 2, 3, 4]])
        let drops = WholeCluster("affinity: none, others: drop")
        #expect(try drops.dropped("not-cluster", of: [cut(packet)]) == [1, 1, 1, 1])
    }
}
