import IGMPQuerier
import IGMPResponder
import IGMPSnooper
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What holds for any sequence of messages.
@Suite struct AnswerPropertyTests {
    private static let groups = (1...3).map { IPv4Address(239, 255, 0, $0) }
    private static let foreign = IPv4Address(239, 1, 1, 1)

    /// A query as it was sent, for the property to judge answers by.
    private struct Sent {
        let time: Duration
        let group: IPv4Address
        let longest: Duration

        func concerns(_ other: IPv4Address) -> Bool { group.isUnspecified || group == other }
    }

    private func queries(_ random: inout SeededRandom) -> (sent: [Sent], frames: [TestFrame]) {
        var (sent, frames): ([Sent], [TestFrame]) = ([], [])
        var time = Duration.seconds(30)
        for _ in 0..<60 {
            time += .milliseconds(Int.random(in: 1...8000, using: &random))
            let targets = [.unspecified, .unspecified, Self.foreign] + Self.groups
            let group = targets.randomElement(using: &random) ?? .unspecified
            // A version 1 querier knows general queries only.
            let versions: [IGMPVersion] = [.version2, .version3, group.isUnspecified ? .version1 : .version2]
            let version = versions.randomElement(using: &random) ?? .version2
            let tenths = version == .version1 ? 100 : Int.random(in: 1...127, using: &random)
            sent.append(Sent(time: time, group: group, longest: .milliseconds(100 * tenths)))
            frames.append(query(at: time, version, group: group, tenths: tenths))
        }
        return (sent, frames)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func everyQueryIsAnsweredInTimeAndOnce(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (sent, frames) = queries(&random)
        var run = StageRun()
        run.seed = seed
        try run.add(IGMPResponder.self) { $0.groups = Self.groups }
        let result = run.run([TestFrame([0])] + frames)
        #expect(result.imbalances == [])
        var answers: [IPv4Address: [Duration]] = [:]
        for report in result.frames("igmp-responder.reports") where report.time > .seconds(20) {
            for group in reportedGroups(report) { answers[group, default: []].append(report.time) }
        }
        #expect(Set(answers.keys).isSubset(of: Self.groups))
        for group in Self.groups {
            let asked = sent.filter { $0.concerns(group) }
            let told = answers[group] ?? []
            for query in asked {
                let inTime = told.contains { $0 > query.time && $0 <= query.time + query.longest }
                #expect(inTime, "\(group) at \(query.time)")
            }
            var earlier = Duration.zero
            for answer in told {
                #expect(asked.contains { $0.time >= earlier && $0.time < answer }, "\(group) twice, at \(answer)")
                earlier = answer
            }
        }
    }

    private func reportedGroups(_ frame: TestFrame) -> [IPv4Address] {
        guard case .message(let message) = reception(frame) else { return [] }
        switch message.contents {
        case .version1Report(let group), .version2Report(let group): return [group]
        case .version3Report(let records): return records.map(\.multicastAddress)
        case .query, .leave: return []
        }
    }

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
            try run.add(IGMPResponder.self) { $0.groups = Self.groups }
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
