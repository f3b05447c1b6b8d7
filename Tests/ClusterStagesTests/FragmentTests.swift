import Testing
import Weir
import WeirTesting
import WeirWire

/// Fragments other than the first have no ports: they go where the first one goes.
@Suite struct FragmentTests {
    private static let cluster = WholeCluster("affinity: none")
    private static let flows = 12

    /// A datagram of 96 octets, and the same in fragments of 24, 40 and 40 octets with its header.
    private func datagram(_ version: IPVersion, _ number: Int, port: UInt16 = 53) -> (
        whole: IPPacket, parts: [IPPacket]
    ) {
        let whole = version.packet(number, .udp, udp(5000, port, data: 96))
        return (whole, whole.fragments(at: 24, 64, identification: UInt32(number)))
    }

    /// The keepers of a whole datagram of each flow, and of its fragments, sent at these times, after it.
    private func keepers(_ version: IPVersion, order: [Int], _ gap: Duration) throws -> [[[Int]]] {
        var frames: [TestFrame] = []
        for flow in 0..<Self.flows {
            let (whole, parts) = datagram(version, flow)
            let start = Duration.seconds(flow * 10)
            frames.append(whole.frame(at: start))
            for (place, part) in order.enumerated() { frames.append(parts[part].frame(at: start + gap * (place + 1))) }
        }
        let keepers = try Self.cluster.keepers(frames)
        return stride(from: 0, to: keepers.count, by: order.count + 1).map { Array(keepers[$0...($0 + order.count)]) }
    }

    @Test(arguments: IPVersion.allCases, [[0, 1, 2], [0, 2, 1], [2, 1, 0], [1, 0, 2], [1, 1, 0, 0, 2]])
    func allGoWhereTheWholePacketGoes(version: IPVersion, order: [Int]) throws {
        let keepers = try keepers(version, order: order, .milliseconds(200))
        for flow in keepers {
            #expect(flow[0].count == 1)
            #expect(flow.allSatisfy { $0 == flow[0] }, "\(flow)")
        }
        #expect(Set(keepers.map { $0[0] }).count == 4)
    }

    @Test(arguments: IPVersion.allCases) func heldOnesLeaveInFrontOfTheFirstInTheirOrder(version: IPVersion) throws {
        let (whole, parts) = datagram(version, 0)
        let frames = [whole.frame()] + [2, 1, 0].map { parts[$0].frame(at: .milliseconds(100 * (3 - $0))) }
        let owner = try #require(try Self.cluster.keepers(frames)[0].first)
        #expect(try Self.cluster.run(owner, frames).frames() == frames)
    }

    @Test(arguments: IPVersion.allCases) func oneThatWaitsForMoreThanASecondIsLost(version: IPVersion) throws {
        let parts = datagram(version, 0).parts
        let late = [parts[1].frame(), parts[0].frame(at: .milliseconds(1001))]
        let keepers = try Self.cluster.keepers(late)
        #expect(keepers[0] == [])
        #expect(keepers[1].count == 1)
        #expect(try Self.cluster.dropped("lost-fragment", of: late) == [1, 1, 1, 1])
        let inTime = [parts[1].frame(), parts[0].frame(at: .milliseconds(999))]
        #expect(try Self.cluster.dropped("lost-fragment", of: inTime) == [0, 0, 0, 0])
    }

    @Test func sixtyFourAreHeldAndNoMore() throws {
        let later = (0..<65).map { datagram(.four, $0).parts[1].frame(at: .milliseconds($0)) }
        let first = (0..<65).map { datagram(.four, $0).parts[0].frame(at: .milliseconds(100 + $0)) }
        let keepers = try Self.cluster.keepers(later + first)
        #expect(keepers[..<64] == keepers[65..<129])
        #expect(keepers[64] == [] && keepers[129].count == 1)
        #expect(try Self.cluster.dropped("lost-fragment", of: later + first) == [1, 1, 1, 1])
    }

    @Test(arguments: IPVersion.allCases) func whereAPacketWentIsRememberedForThirtySeconds(version: IPVersion) throws {
        let parts = datagram(version, 3).parts
        let frames = [
            parts[0].frame(), parts[1].frame(at: .milliseconds(29_900)), parts[2].frame(at: .milliseconds(30_100)),
        ]
        let keepers = try Self.cluster.keepers(frames)
        #expect(keepers[0].count == 1)
        #expect(keepers[1] == keepers[0])
        #expect(keepers[2] == [])
    }

    @Test(arguments: IPVersion.allCases) func theFragmentsOfADisabledPortAreDroppedAsIts(version: IPVersion) throws {
        let cluster = WholeCluster("rules: [{ ports: 53, filtering: disabled }]")
        let parts = datagram(version, 0).parts
        let frames = [1, 0, 2].enumerated().map { parts[$1].frame(at: .milliseconds($0)) }
        #expect(try cluster.dropped("disabled-port", of: frames) == [3, 3, 3, 3])
    }

    /// The smallest fragment there is has eight octets; anything less that is not the last is nobody's.
    @Test(arguments: IPVersion.allCases) func aFirstFragmentWithoutItsPortsIsMalformed(version: IPVersion) throws {
        var (first, later) = (datagram(version, 0).parts[0], datagram(version, 0).parts[1])
        first.payload = [0, 53, 0]
        later.offset = 8
        let frames = [first.frame(), later.frame(at: .milliseconds(1))]
        #expect(try Self.cluster.dropped("malformed", of: frames) == [1, 1, 1, 1])
        #expect(try Self.cluster.dropped("lost-fragment", of: frames) == [1, 1, 1, 1])
    }

    @Test(arguments: IPVersion.allCases) func anEchoInFragmentsIsTheDefaultHosts(version: IPVersion) throws {
        let number: IPProtocol = version == .four ? .icmp : .icmpv6
        let echo = version.packet(1, number, icmp(version == .four ? 8 : 128, about: [UInt8](repeating: 0, count: 64)))
        let frames = echo.fragments(at: 32, identification: 7).enumerated().map { $1.frame(at: .milliseconds($0)) }
        #expect(try Self.cluster.keepers(frames) == [[1], [1]])
    }

    /// Clients and protocols count their packets each for itself.
    @Test func theSameIdentificationElsewhereIsAnotherPacket() throws {
        let parts = datagram(.four, 0).parts
        var otherClient = parts[1]
        otherClient.source = IPVersion.four.client(1)
        var otherProtocol = parts[1]
        otherProtocol.protocolNumber = .tcp
        let frames = [parts[0], otherClient, otherProtocol].enumerated().map { $1.frame(at: .milliseconds($0)) }
        #expect(try Self.cluster.dropped("lost-fragment", of: frames) == [2, 2, 2, 2])
    }

    /// RFC 6946: a fragment header, and nothing that is cut. It is whole, and no other fragment belongs to it.
    @Test func anAtomicFragmentIsAWholePacket() throws {
        var frames: [TestFrame] = []
        for flow in 0..<Self.flows {
            var (whole, parts) = datagram(.six, flow)
            let start = Duration.seconds(flow * 10)
            frames.append(whole.frame(at: start))
            whole.hasFragmentHeader = true
            whole.identification = UInt32(flow)
            frames.append(whole.frame(at: start + .milliseconds(1)))
            parts[1].identification = UInt32(flow)
            frames.append(parts[1].frame(at: start + .milliseconds(2)))
        }
        let keepers = try Self.cluster.keepers(frames)
        for flow in stride(from: 0, to: keepers.count, by: 3) {
            #expect(keepers[flow].count == 1)
            #expect(keepers[flow + 1] == keepers[flow])
            #expect(keepers[flow + 2] == [])
        }
    }
}
