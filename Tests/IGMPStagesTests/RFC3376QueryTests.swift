import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let (a, b, c) = (IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2), IPv4Address(192, 0, 2, 3))
private let group = HostRun.group
private let other = IPv4Address(239, 255, 0, 101)
private let whole = records(inMode(.modeIsExclude))
private let all = records(inMode(.modeIsExclude), inMode(.modeIsExclude, of: other))
private let seeds = 1...40 as ClosedRange<UInt64>
/// Just after the first query, when nothing that it asked for is out.
private let next = Duration.microseconds(50_000_001)

/// RFC 3376 §5.2: the rules by which an answer is scheduled, in their order. The host is a member of two groups.
@Suite struct RFC3376QueryTests {
    private func answers(_ frames: [TestFrame], seed: UInt64) throws -> [Report] {
        try HostRun(frames, seed: seed) { $0.groups = [GroupSetting(group), GroupSetting(other)] }.answers
    }

    private func general(at time: Duration = .seconds(50), tenths: Int) -> TestFrame {
        query(at: time, .version3, tenths: tenths)
    }

    private func specific(at time: Duration = .seconds(50), _ sources: IPv4Address..., tenths: Int) -> TestFrame {
        query(at: time, .version3, group: group, sources: sources, tenths: tenths)
    }

    @Test func rule1AnEarlierGeneralAnswerSaysItAll() throws {
        var alone = 0
        for seed in seeds {
            let due = try answers([general(tenths: 10)], seed: seed)[0].time
            let found = try answers([general(tenths: 10), specific(at: next, a, tenths: 127)], seed: seed)
            #expect(found.last == Report(time: due, contents: all), "seed \(seed)")
            // What is earlier, and only that, is an answer of its own.
            #expect(found.dropLast().allSatisfy { $0.contents == records(inMode(.modeIsInclude, [a])) }, "seed \(seed)")
            alone += found.count == 1 ? 1 : 0
        }
        #expect(alone > 25)
    }

    @Test(arguments: seeds) func rule1AlsoForASecondGeneralQuery(seed: UInt64) throws {
        let due = try answers([general(tenths: 10)], seed: seed)[0].time
        let found = try answers(
            [general(tenths: 10)] + (1...5).map { general(at: next + .microseconds($0), tenths: 127) }, seed: seed)
        #expect(found.map(\.contents) == [all])
        #expect(found[0].time <= due)
    }

    @Test(arguments: seeds) func rule2AGeneralQueryMovesTheGeneralAnswerEarlier(seed: UInt64) throws {
        let found = try answers([general(tenths: 127), general(at: next, tenths: 1)], seed: seed)
        expect(found, are: [.within(50, 50.075_001, all)])
    }

    @Test(arguments: seeds) func rule2AGeneralAnswerLeavesThatForAGroupAlone(seed: UInt64) throws {
        let due = try answers([specific(tenths: 50)], seed: seed)[0].time
        let found = try answers([specific(tenths: 50), general(at: next, tenths: 50)], seed: seed)
        #expect(found.count == 2)
        #expect(found.contains(Report(time: due, contents: whole)))
        #expect(found.contains { $0.contents == all && $0.time > next && $0.time <= next + .milliseconds(4800) })
    }

    @Test(arguments: seeds) func rule3AGroupIsAnsweredForItselfAlone(seed: UInt64) throws {
        expect(try answers([specific(tenths: 10)], seed: seed), are: [.within(50, 50.8, whole)])
        expect(
            try answers([specific(a, b, tenths: 10)], seed: seed),
            are: [.within(50, 50.8, records(inMode(.modeIsInclude, [a, b])))])
    }

    @Test(arguments: seeds) func rule4AQueryOfTheGroupMakesItAboutTheWholeGroup(seed: UInt64) throws {
        let sooner = try answers([specific(a, tenths: 127), specific(at: next, tenths: 1)], seed: seed)
        expect(sooner, are: [.within(50, 50.075_001, whole)])
        let due = try answers([specific(a, tenths: 1)], seed: seed)[0].time
        let later = try answers([specific(a, tenths: 1), specific(at: next, tenths: 127)], seed: seed)
        #expect(later.map(\.contents) == [whole])
        #expect(later[0].time <= due)
    }

    @Test(arguments: seeds) func rule4AQueryOfSourcesLeavesItAboutTheWholeGroup(seed: UInt64) throws {
        let found = try answers([specific(tenths: 127), specific(at: next, a, tenths: 1)], seed: seed)
        expect(found, are: [.within(50, 50.075_001, whole)])
    }

    @Test(arguments: seeds) func rule5SourcesOfSeveralQueriesAreAnsweredTogether(seed: UInt64) throws {
        let frames = [
            specific(a, tenths: 127), specific(at: next, c, a, tenths: 127),
            specific(at: next + .microseconds(1), b, tenths: 1),
        ]
        let found = try answers(frames, seed: seed)
        #expect(found.count == 1)
        #expect(found[0].time <= .microseconds(50_075_002))
        #expect(found[0].records.map(\.type) == [.modeIsInclude])
        #expect(found[0].records[0].sources.sorted() == [a, b, c])
    }

    /// Sources, other sources, then the group: one record about it all, at the earliest of the times.
    @Test(arguments: seeds) func aQueryOfTheGroupAfterTwoOfSourcesIsAnsweredOnce(seed: UInt64) throws {
        let due = try answers([specific(a, tenths: 10)], seed: seed)[0].time
        let frames = [
            specific(a, tenths: 10), specific(at: next, b, tenths: 100),
            specific(at: next + .microseconds(1), tenths: 100),
        ]
        let found = try answers(frames, seed: seed)
        #expect(found.map(\.contents) == [whole])
        #expect(found[0].time <= due)
    }

    @Test(arguments: seeds) func thereIsNoAnswerForAGroupThatIsNotJoined(seed: UInt64) throws {
        let foreign = IPv4Address(239, 1, 1, 1)
        #expect(try answers([query(at: .seconds(50), .version3, group: foreign, tenths: 10)], seed: seed) == [])
    }

    @Test func theSFlagIsForRouters() throws {
        var asked = IGMPQuery(version: .version3, groupAddress: group, maxResponseTime: 10)
        asked.suppressRouterSideProcessing = true
        expect(try answers([frame(at: .seconds(50), .query(asked))], seed: 1), are: [.within(50, 50.8, whole)])
    }

    @Test func reportsGoToAllVersion3Routers() throws {
        let run = try HostRun([query(at: .seconds(50), .version3, tenths: 10)])
        let frame = try #require(run.result.frames("igmp-responder.reports").last)
        #expect(Array(frame.octets[..<6]) == [1, 0, 0x5e, 0, 0, 0x16])
        #expect(Array(frame.octets[30..<34]) == [224, 0, 0, 22])
        #expect(Array(frame.octets[38..<54]) == [0x22, 0, 0xeb, 0x9a, 0, 0, 0, 1, 2, 0, 0, 0, 239, 255, 0, 100])
    }
}
