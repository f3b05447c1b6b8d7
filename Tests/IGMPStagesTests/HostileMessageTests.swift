import IGMPQuerier
import IGMPResponder
import IGMPSnooper
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What holds for any octets.
@Suite struct HostileMessageTests {
    private static let groups = (1...3).map { IPv4Address(239, 255, 0, $0) }

    /// Messages that no checksum protects from: any octets behind a known type, in and out of VLANs, out of order in time.
    private func hostile(_ random: inout SeededRandom) -> [TestFrame] {
        let destinations = [.allSystems, .allRouters, .allIGMPv3Routers] + Self.groups + [IPv4Address(10, 0, 0, 1)]
        return (0..<300).map { _ in
            let types: [UInt8] = [0x11, 0x11, 0x12, 0x16, 0x17, 0x22, 0x22, .random(in: 0...255, using: &random)]
            var message = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if !message.isEmpty { message[0] = types.randomElement(using: &random) ?? 0 }
            // Small counts and group addresses, so that some of them fit.
            if message.count > 7, Bool.random(using: &random) {
                message.replaceSubrange(4..<7, with: message[0] == 0x22 ? [0, 0, 0] : [239, 255, 0])
                message[7] = .random(in: 0...3, using: &random)
            }
            var frame = igmpFrame(
                at: .milliseconds(Int.random(in: 0...90_000, using: &random)), message,
                to: destinations.randomElement(using: &random) ?? .allSystems)
            if Bool.random(using: &random) { frame.octets.insert(contentsOf: [0x81, 0, 0xa0, 10], at: 12) }
            return frame
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func anyMessagesPassAllThreeStagesTwiceAlike(seed: UInt64) throws {
        func run(_ seed: UInt64) throws -> StageRun.Result {
            var random = SeededRandom(seed: seed)
            let frames = hostile(&random)
            var run = StageRun()
            run.seed = seed
            try run.add(IGMPQuerier.self) { $0.version = 1 + Int(seed % 3) }
            try run.add(IGMPResponder.self) { $0.groups = Self.groups.map { GroupSetting($0) } }
            try run.add(IGMPSnooper.self, id: "switch") { $0.ageing = Ageing.allCases[Int(seed % 3)] }
            run.connect("igmp-querier", "queries", to: "igmp-responder")
            run.connect("igmp-responder", "reports", to: "switch")
            let result = run.run(frames)
            #expect(result.imbalances == [])
            #expect(result.summary.failures.isEmpty)
            #expect(result.summary.read == UInt64(frames.count))
            return result
        }
        let (first, second) = (try run(seed), try run(seed))
        #expect(first.framesByOutput == second.framesByOutput)
        #expect(first.log.map { "\($0)" } == second.log.map { "\($0)" })
    }
}
