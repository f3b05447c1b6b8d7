import Testing
import Weir
import WeirTesting
import WeirWire

/// A host that starts later than the others has not seen what they remember. It has to listen before it joins.
@Suite struct LateHostTests {
    private static let rules =
        "udp-idle: 60s, rules: [{ ports: 53, affinity: none }, { ports: 443, affinity: single, timeout: 60s }, "
        + "{ ports: 80, affinity: none }]"

    /// Datagrams and connections of 30 clients at random, one each 50 ms: none of them is silent for a minute.
    private func frames(seed: UInt64) -> [TestFrame] {
        var random = SeededRandom(seed: seed)
        return (0..<6000).map { number in
            let client = IPVersion.allCases[number % 2]
            let flow = Int.random(in: 0..<60, using: &random)
            let packet =
                switch flow % 3 {
                case 0: client.packet(flow, .udp, udp(5000, 53))
                // A client's next connection; with extended affinity it has one host.
                case 1: client.packet(flow, .tcp, tcp(UInt16(1024 + number), 443, .syn))
                default: client.packet(flow, .tcp, tcp(5000, 80, .ack))
                }
            return packet.frame(at: .milliseconds(number * 50))
        }
    }

    /// The frames from 200 s on that the early hosts 1 and 2 keep, and the late host 3, which joins then.
    private func kept(startsAt start: Duration, seed: UInt64) throws -> (early: [TestFrame], late: [TestFrame]) {
        let frames = frames(seed: seed)
        func kept(_ host: Int, from start: Duration) throws -> [TestFrame] {
            let joins = (Duration.seconds(200) - start).components.seconds
            return try WholeCluster(
                hosts: 1...3, "\(Self.rules), changes: [{ up: 1-2 }, { at: \(joins)s, up: 1-3 }]"
            ).run(host, frames.filter { $0.time >= start }).frames().filter { $0.time >= .seconds(200) }
        }
        return (try kept(1, from: .zero) + kept(2, from: .zero), try kept(3, from: start))
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func oneThatHasListenedForTheIdleTimesTakesNothingTwice(seed: UInt64) throws
    {
        let (early, late) = try kept(startsAt: .seconds(130), seed: seed)
        #expect(Set(early).isDisjoint(with: late), "seed \(seed)")
        #expect(early.count + late.count == 2000, "seed \(seed)")
    }

    /// Only connections of TCP in their midst show that they are older than the host.
    @Test func oneThatHasNotTakesDatagramsAndClientsThatOthersHave() throws {
        let (early, late) = try kept(startsAt: .seconds(200), seed: 1)
        let twice = Set(early).intersection(late)
        #expect(!twice.isEmpty)
        #expect(twice.allSatisfy { !isAcknowledgement($0) })
    }

    private func isAcknowledgement(_ frame: TestFrame) -> Bool {
        let ports = frame.octets[12] == 8 ? 34 : 54
        return frame.octets[ports + 3] == 80
    }
}
