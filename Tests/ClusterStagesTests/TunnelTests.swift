import Testing
import Weir
import WeirTesting
import WeirWire

/// GRE, ESP and AH have no ports: they go to the host that has their control connection.
@Suite struct TunnelTests {
    /// Behind any of these headers there may be anything.
    private func packets(_ version: IPVersion, _ client: Int) -> (gre: IPPacket, esp: IPPacket, ah: IPPacket) {
        // Next header TCP and six words, then what could be TCP to port 80.
        let authentication: [UInt8] = [6, 4] + [UInt8](repeating: 0, count: 22) + tcp(5000, 80, .ack)
        return (
            version.packet(client, .gre, [0x30, 0x81, 0x88, 0x0b] + [UInt8](repeating: 0, count: 20)),
            version.packet(client, .esp, [0, 0, 0, 1] + [UInt8](repeating: 0x5a, count: 28)),
            version.packet(client, .ah, authentication)
        )
    }

    @Test(arguments: IPVersion.allCases, ["single", "network"])
    func theyGoWhereTheControlConnectionGoes(version: IPVersion, affinity: String) throws {
        let cluster = WholeCluster(
            "rules: [{ ports: 1723, protocol: tcp, affinity: \(affinity) }, { ports: 500, protocol: udp, "
                + "affinity: \(affinity), weights: { 1: 0, 2: 10 } }]")
        var owners: Set<[[Int]]> = []
        for client in 0..<16 {
            let (gre, esp, ah) = packets(version, client)
            let keepers = try cluster.keepers([
                version.packet(client, .tcp, tcp(40_000, 1723, .syn)).frame(), gre.frame(),
                version.packet(client, .udp, udp(500, 500)).frame(), esp.frame(), ah.frame(),
            ])
            #expect(keepers[0].count == 1 && keepers[2].count == 1)
            #expect(keepers[1] == keepers[0], "client \(client)")
            #expect(keepers[3] == keepers[2], "client \(client)")
            #expect(keepers[4] == keepers[2], "client \(client)")
            owners.insert([keepers[0], keepers[2]])
        }
        #expect(owners.count > 3)
    }

    /// With affinity `none` there is nothing in them that control connections are spread by.
    @Test(arguments: IPVersion.allCases) func withoutAffinityTheyGoByTheClientsAddress(version: IPVersion) throws {
        for client in 0..<16 {
            let frames = [packets(version, client).gre.frame(), packets(version, client).esp.frame()]
            let spread = try WholeCluster("affinity: none").keepers(frames)
            #expect(spread == (try WholeCluster("affinity: single").keepers(frames)))
            #expect(spread.allSatisfy { $0.count == 1 })
        }
    }

    @Test(arguments: IPVersion.allCases) func theirControlPortsRuleIsTheirs(version: IPVersion) throws {
        let cluster = WholeCluster(
            "rules: [{ ports: 1723, protocol: udp, filtering: disabled }, "
                + "{ ports: 1723, protocol: tcp, filtering: single, handling: [3] }, { ports: 500, filtering: disabled }]"
        )
        let (gre, esp, ah) = packets(version, 0)
        #expect(try cluster.keepers([gre.frame(), esp.frame(), ah.frame()]) == [[3], [], []])
        #expect(try cluster.dropped("disabled-port", of: [gre.frame(), esp.frame(), ah.frame()]) == [2, 2, 2, 2])
    }

    @Test(arguments: IPVersion.allCases) func otherProtocolsAreTheDefaultHosts(version: IPVersion) throws {
        let frames = [89, 132, 2, 255].map { number in
            version.packet(1, IPProtocol(rawValue: number), tcp(5000, 80, .syn)).frame(at: .milliseconds(Int(number)))
        }
        #expect(try WholeCluster("affinity: none").keepers(frames) == [[1], [1], [1], [1]])
    }
}
