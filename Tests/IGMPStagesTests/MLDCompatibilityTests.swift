import MLDResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = MLDHostRun.group
private let report = MLDContents.version1Report(group)
private let seeds = 1...20 as ClosedRange<UInt64>
/// Just after the query, when its answer isn't out.
private let next = Duration.microseconds(50_000_001)

/// RFC 2710, and RFC 3810 §8.2.1: MLDv1, chosen or for the sake of an older querier.
@Suite struct MLDCompatibilityTests {
    private func run(
        _ frames: [TestFrame], seed: UInt64 = 1, until end: Double = 2000, version: Int = 2, suppresses: Bool = false,
        wanting filters: [(Double, ListenerFilter)] = [(0, .everything)]
    ) throws -> MLDHostRun {
        try MLDHostRun(frames + [TestFrame(at: .inMicroseconds(end), [0])], seed: seed) {
            $0.groups = filters.map { GroupSetting(group, $1, at: .inMicroseconds($0)) }
            $0.version = version
            $0.suppressReports = suppresses
        }
    }

    @Test(arguments: seeds) func aVersion1QueryIsAnsweredInVersion1(seed: UInt64) throws {
        let run = try run([mldQuery(at: .seconds(50), .version1, milliseconds: 1000)], seed: seed)
        expect(run.answers, are: [(50, 50.8, report)])
        #expect(run.versions.first == "50.0 MLDv1")
    }

    @Test func theOlderQuerierIsForgotten() throws {
        // Robustness 2 x 125 s + 10 x 10 s, and 10 x 1 s.
        #expect(try run([mldQuery(at: .seconds(50), .version1)]).versions == ["50.0 MLDv1", "400.0 MLDv2"])
        let short = mldQuery(at: .seconds(50), .version1, milliseconds: 1000)
        #expect(try run([short]).versions == ["50.0 MLDv1", "310.0 MLDv2"])
        #expect(
            try run([short, mldQuery(at: .seconds(300), .version1, milliseconds: 1000)]).versions
                == ["50.0 MLDv1", "560.0 MLDv2"])
    }

    @Test func aVersion2QueryDoesNotEndVersion1() throws {
        let run = try run([mldQuery(at: .seconds(50), .version1), mldQuery(at: .seconds(100))], until: 200)
        #expect(run.answers.map(\.contents) == [report, report])
    }

    @Test func aSpecificVersion1QueryDoesNotChangeTheVersion() throws {
        let run = try run([mldQuery(at: .seconds(50), .version1, group: group, milliseconds: 1000)])
        expect(run.answers, are: [(50, 50.8, .version2Report([listens(.modeIsExclude)]))])
        #expect(run.versions == [])
    }

    @Test(arguments: seeds) func aChangeOfVersionGivesUpWhatIsPending(seed: UInt64) throws {
        let frames = [mldQuery(at: .seconds(50)), mldQuery(at: next, .version1, milliseconds: 1000)]
        expect(try run(frames, seed: seed, until: 100).answers, are: [(50, 50.9, report)])
        let joined = try run([mldQuery(at: .microseconds(1), .version1)], seed: seed, until: 100)
        expect(joined.sent, are: [(0, 0, .version2Report([listens(.changeToExcludeMode)])), (0, 9.9, report)])
    }

    @Test(arguments: seeds) func aVersion1HostJoinsAndLeaves(seed: UInt64) throws {
        let run = try run([], seed: seed, until: 100, version: 1, wanting: [(0, .everything), (60, .nothing)])
        expect(run.sent, are: [(0, 0, report), (0, 10, report), (60, 60, .done(group))])
    }

    /// A delay of 0 is legal (RFC 2710 §3.4); it makes no other version of the query.
    @Test(arguments: seeds) func aVersion1QueryThatLeavesNoTimeIsAnsweredAtOnce(seed: UInt64) throws {
        let run = try run([mldQuery(at: .seconds(50), .version1, milliseconds: 0)], seed: seed, until: 60)
        expect(run.answers, are: [(50, 50.001, report)])
    }

    @Test(arguments: seeds) func aPendingAnswerOnlyMovesEarlier(seed: UInt64) throws {
        let soon = [mldQuery(at: .seconds(50), .version1), mldQuery(at: next, .version1, milliseconds: 100)]
        expect(try run(soon, seed: seed, until: 60).answers, are: [(50, 50.075_001, report)])
        let first = try run([mldQuery(at: .seconds(50), .version1, milliseconds: 100)], seed: seed, until: 60).answers
        let flood = (1...50).map { mldQuery(at: next + .microseconds($0), .version1) }
        let found = try run([mldQuery(at: .seconds(50), .version1, milliseconds: 100)] + flood, seed: seed, until: 60)
        #expect(found.answers == first)
    }

    @Test(arguments: [(MLDVersion.version1, true), (.version2, false)])
    func suppressionIsForVersion1(_ version: MLDVersion, silences: Bool) throws {
        let frames = [mldQuery(at: .seconds(50), version), mldFrame(at: next, report)]
        #expect(try run(frames, until: 100, suppresses: true).answers.count == (silences ? 0 : 1))
        #expect(try run(frames, until: 100).answers.count == 1)
        let other = [frames[0], mldFrame(at: next, .version2Report([listens(.modeIsExclude)]))]
        #expect(try run(other, until: 100, suppresses: true).answers.count == 1)
        let own = [frames[0], mldFrame(at: next, report, from: MACAddress(2, 0, 0, 0, 0, 1))]
        #expect(try run(own, until: 100, suppresses: true).answers.count == 1)
    }

    @Test func onlyTheLastReporterTellsThatItLeaves() throws {
        let frames = [mldQuery(at: .seconds(50), .version1), mldFrame(at: next, report)]
        let filters: [(Double, ListenerFilter)] = [(0, .everything), (80, .nothing)]
        #expect(try run(frames, until: 100, version: 1, suppresses: true, wanting: filters).answers == [])
        expect(
            try run(Array(frames.prefix(1)), until: 100, version: 1, suppresses: true, wanting: filters).answers,
            are: [(50, 59.8, report), (80, 80, .done(group))])
    }

    @Test func aVersion1HostKnowsNoOlderQuerier() throws {
        let run = try run([mldQuery(at: .seconds(50), .version1), mldQuery(at: .seconds(100))], until: 200, version: 1)
        #expect(run.versions == [])
        #expect(run.answers.map(\.contents) == [report, report])
    }
}
