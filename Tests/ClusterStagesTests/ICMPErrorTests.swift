import Testing
import Weir
import WeirTesting
import WeirWire

/// An ICMP error is for the host that has sent the packet it is about.
@Suite struct ICMPErrorTests {
    private static let cluster = WholeCluster("affinity: none")

    /// A router's error of this type about what the cluster has sent to a client.
    private func error(
        _ version: IPVersion, _ type: UInt8, about quoted: [UInt8], at time: Duration = .zero
    ) -> TestFrame {
        var packet = version.packet(0, version == .four ? .icmp : .icmpv6, icmp(type, about: quoted))
        packet.source = version.client(99)
        return packet.frame(at: time)
    }

    /// What the cluster has sent.
    private func sent(_ version: IPVersion, to client: Int, _ protocolNumber: IPProtocol, _ payload: [UInt8])
        -> IPPacket
    {
        IPPacket(from: version.cluster, to: version.client(client), protocolNumber, payload)
    }

    private func segment(_ version: IPVersion, from client: Int, at time: Duration = .zero) -> TestFrame {
        version.packet(client, .tcp, tcp(5000, 80, .ack)).frame(at: time)
    }

    private func answer(_ version: IPVersion, to client: Int) -> IPPacket {
        sent(version, to: client, .tcp, tcp(80, 5000, .ack))
    }

    @Test(arguments: IPVersion.allCases) func itGoesWhereTheConnectionIs(version: IPVersion) throws {
        var owners: Set<[Int]> = []
        for client in 0..<12 {
            let types: [UInt8] = version == .four ? [3, 4, 5, 11, 12] : [1, 2, 3, 4]
            var frames = [segment(version, from: client)]
            for type in types {
                // As much as RFC 792 asks for: the header and eight octets.
                let quoted = answer(version, to: client).octets.prefix((version == .four ? 20 : 40) + 8)
                frames.append(error(version, type, about: Array(quoted), at: .milliseconds(frames.count)))
            }
            let keepers = try Self.cluster.keepers(frames)
            #expect(keepers[0].count == 1)
            #expect(keepers.allSatisfy { $0 == keepers[0] }, "client \(client): \(keepers)")
            owners.insert(keepers[0])
        }
        #expect(owners.count == 4)
    }

    @Test(arguments: IPVersion.allCases) func headersBetweenMakeNoDifference(version: IPVersion) throws {
        for client in 0..<12 {
            var quoted = sent(version, to: client, .udp, udp(53, 5000))
            quoted.options = [1, 1, 1, 0]
            quoted.extensions = [.hopByHopOptions, .destinationOptions]
            let datagram = version.packet(client, .udp, udp(5000, 53)).frame()
            let keepers = try Self.cluster.keepers(
                [datagram, error(version, version == .four ? 3 : 2, about: quoted.octets, at: .milliseconds(1))])
            #expect(keepers[0] == keepers[1] && keepers[0].count == 1)
        }
    }

    @Test(arguments: IPVersion.allCases) func whatIsNoErrorIsTheDefaultHosts(version: IPVersion) throws {
        let types: [UInt8] = version == .four ? [0, 8, 13, 17] : [128, 129, 135, 200]
        for client in 0..<6 {
            let frames = types.map { error(version, $0, about: answer(version, to: client).octets) }
            #expect(try Self.cluster.keepers(frames) == types.map { _ in [1] })
        }
    }

    /// One that doesn't tell what it is about, or is about what the cluster has not sent.
    @Test(arguments: IPVersion.allCases) func aMisleadingOneIsTheDefaultHosts(version: IPVersion) throws {
        let type: UInt8 = version == .four ? 3 : 1
        let good = (0..<6).map { answer(version, to: $0) }
        var misleading: [[UInt8]] = [[], [0x45], [0xff, 0xff]]
        for packet in good {
            let header = version == .four ? 20 : 40
            misleading += [0, 1, header - 1, header, header + 3].map { Array(packet.octets.prefix($0)) }
            var fragment = packet
            fragment.offset = 8
            misleading.append(fragment.octets)
            var foreign = packet
            foreign.source = version == .four ? .ipv4(dedicated) : .ipv6(dedicatedIPv6)
            misleading.append(foreign.octets)
            var otherVersion = packet.octets
            otherVersion[0] = version == .four ? 0x65 : 0x45
            misleading.append(otherVersion)
            if version == .four {
                // A header longer than what is there, and one shorter than a header can be.
                for length: UInt8 in [0x4f, 0x44] { misleading.append([length] + packet.octets.prefix(28).dropFirst()) }
            }
        }
        let frames = misleading.enumerated().map { error(version, type, about: $1, at: .milliseconds($0)) }
        #expect(try Self.cluster.keepers(frames) == misleading.map { _ in [1] })
    }

    @Test(arguments: IPVersion.allCases) func oneWithoutItsEightOctetsIsMalformed(version: IPVersion) throws {
        let packet = version.packet(0, version == .four ? .icmp : .icmpv6, [3, 0, 0, 0, 0, 0, 0])
        #expect(try Self.cluster.dropped("malformed", of: [packet.frame()]) == [1, 1, 1, 1])
    }

    @Test func aboutADisabledPortItIsDropped() throws {
        let cluster = WholeCluster("rules: [{ ports: 80, filtering: disabled }]")
        let frames = [error(.four, 3, about: answer(.four, to: 0).octets)]
        #expect(try cluster.dropped("disabled-port", of: frames) == [1, 1, 1, 1])
    }

    /// Host 2 takes no new connections; then it is gone.
    @Test(arguments: IPVersion.allCases) func itFollowsAConnectionThatHasStayedAndAvoidsAHostThatIsGone(
        version: IPVersion
    ) throws {
        let cluster = WholeCluster(
            hosts: 1...2,
            "affinity: none, changes: [{ up: 1-2 }, { at: 5s, up: 1-2, drainstop: 2 }, { at: 10s, up: 1 }]")
        var stayed = 0
        for client in 0..<12 {
            let quoted = answer(version, to: client).octets
            let keepers = try cluster.keepers([
                segment(version, from: client),
                error(version, version == .four ? 3 : 1, about: quoted, at: .seconds(6)),
                error(version, version == .four ? 3 : 1, about: quoted, at: .seconds(11)),
            ])
            #expect(keepers[1] == keepers[0])
            #expect(keepers[2] == [1])
            if keepers[0] == [2] { stayed += 1 }
        }
        #expect(stayed > 0)
    }

    @Test func itIsNoConnection() throws {
        let cluster = WholeCluster("affinity: none, changes: [{ up: 1-4 }]")
        let result = try cluster.run(1, [error(.four, 3, about: answer(.four, to: 0).octets)])
        #expect(result.counter("connections", of: "nlb-filter") == 0)
    }

    /// It leaves errors about older connections to the host that has these.
    @Test func aHostThatStartsLateTakesNoErrorsAboutWhatItHasNotSeen() throws {
        let cluster = WholeCluster(hosts: 1...2, "affinity: none, changes: [{ up: 1 }, { up: 1-2 }]")
        for client in 0..<12 {
            let late = try cluster.run(2, [error(.four, 3, about: answer(.four, to: client).octets)])
            #expect(late.frames() == [])
        }
    }
}
