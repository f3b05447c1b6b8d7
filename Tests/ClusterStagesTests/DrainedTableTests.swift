import Testing
import Weir
import WeirTesting
import WeirWire

/// What is remembered while a host drains.
@Suite struct DrainedTableTests {
    private static let changes = "changes: [{ up: 1-2 }, { at: 3s, up: 1-2, drainstop: 2 }]"

    private func run(_ host: Int, _ frames: [TestFrame], _ parameters: String) throws -> StageRun.Result {
        var run = StageRun()
        try run.addFilter("cluster: 10.0.0.100, host-id: \(host), hosts: 1-2, \(parameters)")
        let result = run.run(frames)
        #expect(result.imbalances == [])
        return result
    }

    private func datagram(from client: UInt32, at time: Duration) -> TestFrame {
        IPPacket(from: .ipv4(IPv4Address(rawValue: client)), to: .ipv4(clusterIPv4), .udp, udp(5000, 53)).frame(
            at: time)
    }

    /// The host that drains looks for connections that have ended; its table must stay the one of the other host.
    @Test(arguments: 1...8 as ClosedRange<UInt64>) func aHostThatDrainsForgetsWhatTheOthersForget(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        // A few clients send often, and many others fill the table.
        let frames = (0..<1000).map { number in
            let client = UInt32.random(in: 0..<(Int.random(in: 0..<3, using: &random) > 0 ? 10 : 200), using: &random)
            return datagram(from: 0xc0a8_0000 | client, at: .milliseconds(number * 20))
        }
        let parameters = "\(Self.changes), connections: 36, udp-idle: 2s"
        let kept = try (1...2).map { Set(try run($0, frames, parameters).frames()) }
        #expect(kept[0].isDisjoint(with: kept[1]), "seed \(seed)")
        #expect(kept[0].count + kept[1].count == frames.count, "seed \(seed)")
        #expect(kept[1].contains { $0.time > .seconds(4) }, "seed \(seed)")
    }
}
