import MLDResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = MLDHostRun.group
private let (a, b, c) = (ip6("2001:db8::1"), ip6("2001:db8::2"), ip6("2001:db8::3"))
private let seeds = 1...20 as ClosedRange<UInt64>
private let whole = MLDContents.version2Report([listens(.modeIsExclude)])

/// A host of MLDv2 (RFC 3810 §6), where it has to differ from IGMPv3 and where it has not.
@Suite struct MLDHostTests {
    private func run(
        _ frames: [TestFrame], seed: UInt64 = 1, wanting filters: [(Double, ListenerFilter)] = [(0, .everything)]
    ) throws -> MLDHostRun {
        try MLDHostRun(frames + [TestFrame(at: .seconds(150), [0])], seed: seed) {
            $0.groups = filters.map { GroupSetting(group, $1, at: .inMicroseconds($0)) }
        }
    }

    @Test(arguments: seeds) func joiningIsReportedAtOnceAndAgainWithinASecond(seed: UInt64) throws {
        let join = MLDContents.version2Report([listens(.changeToExcludeMode)])
        expect(try run([], seed: seed).sent, are: [(0, 0, join), (0, 1, join)])
    }

    /// Milliseconds, up to 32767 as they are and from there with an exponent (RFC 3810 §5.1.3).
    @Test(arguments: [
        (UInt16(0), 0.001), (1, 0.001), (4, 0.003), (1000, 0.8), (10_000, 9.8), (32_767, 32.567), (0x8000, 32.568),
        (0x8001, 32.576), (0x9000, 65.336), (0xffff, 8_387.384),
    ])
    func aQueryIsAnsweredInItsTime(_ code: UInt16, seconds: Double) throws {
        let message: [UInt8] =
            [130, 0, 0, 0, UInt8(code >> 8), UInt8(code & 0xff), 0, 0] + [UInt8](repeating: 0, count: 16)
            + [2, 125, 0, 0]
        let delays = try (1...60 as ClosedRange<UInt64>).map { seed in
            let run = try MLDHostRun([mldFrame(message)], seed: seed)
            #expect(run.answers.map(\.contents) == [whole])
            return (run.answers[0].time - .seconds(50)).inSeconds
        }
        #expect(delays.allSatisfy { $0 > 0 && $0 <= seconds + 1e-9 })
        #expect(delays.contains { $0 > seconds * 0.75 })
    }

    @Test(arguments: seeds) func specificQueriesAreAnsweredForTheirGroup(seed: UInt64) throws {
        expect(
            try run([mldQuery(at: .seconds(50), group: group, milliseconds: 1000)], seed: seed).answers,
            are: [(50, 50.8, whole)])
        let sources = mldQuery(at: .seconds(50), group: group, sources: [a, b], milliseconds: 1000)
        expect(
            try run([sources], seed: seed, wanting: [(0, ListenerFilter(.exclude, [b, c]))]).answers,
            are: [(50, 50.8, .version2Report([listens(.modeIsInclude, [a])]))])
        #expect(try run([sources], seed: seed, wanting: [(0, ListenerFilter(.include, [c]))]).answers == [])
        #expect(try run([mldQuery(at: .seconds(50), group: ip6("ff15::101"))], seed: seed).answers == [])
    }

    @Test func changesAreToldAsInIGMP() throws {
        let filters: [(Double, ListenerFilter)] = [
            (0, .nothing), (20, ListenerFilter(.include, [a, b])), (30, ListenerFilter(.include, [b, c])),
            (40, ListenerFilter(.exclude, [a])), (60, .everything), (70, .nothing),
        ]
        let run = try run([], wanting: filters)
        let told: [[MLDAddressRecord]] = [
            [listens(.allowNewSources, [a, b])], [listens(.allowNewSources, [c]), listens(.blockOldSources, [a])],
            [listens(.changeToExcludeMode, [a])], [listens(.allowNewSources, [a])], [listens(.changeToIncludeMode)],
        ]
        expect(
            run.sent,
            are: zip([20.0, 30, 40, 60, 70], told).flatMap { time, records in
                [(time, time, .version2Report(records)), (time, time + 1, .version2Report(records))]
            })
    }

    @Test func allNodesIsNeverReportedNorAnswered() throws {
        let run = try run([mldQuery(at: .seconds(50), group: .allNodes, milliseconds: 1000)])
        #expect(run.answers == [])
        #expect(run.count(.queries) == 1)
        let all = try self.run([mldQuery(at: .seconds(50), milliseconds: 1000)])
        #expect(all.answers.flatMap(\.records).map(\.multicastAddress) == [group])
    }

    /// RFC 3810 §6: solicited-node groups are reported, and so is everything of scope 2 and above.
    @Test func solicitedNodeGroupsAreReported() throws {
        let groups = [ip6("ff02::1:ff00:1"), ip6("ff02::fb"), ip6("ff03::1"), ip6("ff05::2"), ip6("ff0e::101")]
        let run = try MLDHostRun([mldQuery(at: .seconds(50), milliseconds: 1000)]) {
            $0.groups = groups.map { GroupSetting($0) }
        }
        #expect(run.answers.flatMap(\.records).map(\.multicastAddress) == groups)
    }

    @Test func recordsFillOneReportAfterTheOther() throws {
        // 1500 octets less 40 of IPv6, 8 of options and 8 of the report: 72 records of 20 octets.
        let groups = (1...200 as ClosedRange<UInt64>).map { IPv6Address(high: 0xff15_0000_0000_0000, low: $0) }
        let run = try MLDHostRun([mldQuery(at: .seconds(50), milliseconds: 1000)]) {
            $0.groups = groups.map { GroupSetting($0) }
        }
        #expect(run.answers.map(\.records.count) == [72, 72, 56])
        #expect(run.answers.flatMap(\.records).map(\.multicastAddress).sorted() == groups)
        #expect(run.result.frames("mld-responder.reports").allSatisfy { $0.octets.count <= 1514 })
    }

    @Test func longListsAreCutOrSplit() throws {
        let sources = (1...200 as ClosedRange<UInt64>).map { IPv6Address(high: 0x2001_0db8_0000_0000, low: $0) }
        for (mode, counts) in [(ListenerFilter.Mode.exclude, [89]), (.include, [89, 89, 22])] {
            let run = try run(
                [mldQuery(at: .seconds(50), milliseconds: 1000)], wanting: [(0, ListenerFilter(mode, sources))])
            #expect(run.answers.flatMap(\.records).map(\.sources.count) == counts)
        }
    }

    @Test func thePropertiesOfDelaysAreThoseOfIGMP() throws {
        let queries = (1...2000).map { mldQuery(at: .seconds(20 * $0)) }
        let run = try MLDHostRun(queries, seed: 3810)
        let delays = run.sent.filter { $0.time > .seconds(20) }.map {
            $0.time.inSeconds.truncatingRemainder(dividingBy: 20)
        }
        #expect(delays.count == 2000)
        let statistic = distanceFromUniform(delays.sorted(), longest: 9.8)
        #expect(statistic < 1.9495 / 2000.0.squareRoot(), "seed 3810: statistic \(statistic)")
    }
}
