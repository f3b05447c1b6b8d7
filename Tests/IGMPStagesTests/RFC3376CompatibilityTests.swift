import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let (a, b) = (IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2))
private let group = HostRun.group
private let seeds = 1...20 as ClosedRange<UInt64>

/// RFC 3376 §7.2.1, with the timeout of RFC 9776 §8.12: a host of version 3 among older queriers.
@Suite struct RFC3376CompatibilityTests {
    private func run(
        _ frames: [TestFrame], seed: UInt64 = 1, until end: Double = 2000,
        _ configure: (inout IGMPResponder.Configuration) -> Void = { _ in }
    ) throws -> HostRun {
        try HostRun(frames + [TestFrame(at: .inMicroseconds(end), [0])], seed: seed, configure)
    }

    @Test(arguments: [
        (IGMPVersion.version2, 100, "400.0"), (.version2, 20, "320.0"), (.version2, 255, "555.0"),
        (.version1, 100, "400.0"),
    ])
    func theVersionComesBackWhenTheOlderQuerierIsForgotten(_ version: IGMPVersion, tenths: Int, time: String) throws {
        let run = try run([query(at: .seconds(50), version, tenths: tenths)])
        #expect(run.versions == ["50.0 IGMPv\(version.rawValue)", "\(time) IGMPv3"])
        #expect(run.count(.versionChanges) == 2)
    }

    @Test func theLastOlderQueryCounts() throws {
        let run = try run([50, 150, 399].map { query(at: .seconds($0)) } + [query(at: .seconds(500), tenths: 10)])
        #expect(run.versions == ["50.0 IGMPv2", "760.0 IGMPv3"])
    }

    @Test func robustnessAndIntervalAreThoseOfTheLastVersion3Querier() throws {
        var told = IGMPQuery(version: .version3, maxResponseTime: 10)
        told.querierRobustnessVariable = 3
        told.querierQueryInterval = 60
        let asked = frame(at: .seconds(20), .query(told))
        #expect(try run([asked, query(at: .seconds(50))]).versions == ["50.0 IGMPv2", "330.0 IGMPv3"])
        // One that doesn't tell leaves what is known.
        let silent = query(at: .seconds(30), .version3, tenths: 10)
        #expect(try run([asked, silent, query(at: .seconds(50))]).versions == ["50.0 IGMPv2", "330.0 IGMPv3"])
    }

    @Test func theConfigurationMaySettleTheTime() throws {
        let run = try run([query(at: .seconds(50))]) { $0.olderQuerierTimeout = .seconds(7) }
        #expect(run.versions == ["50.0 IGMPv2", "57.0 IGMPv3"])
    }

    @Test func itIsNotBackANanosecondEarlier() throws {
        let late = query(at: .seconds(400) - .nanoseconds(1), .version3, group: group, tenths: 0)
        #expect(try run([query(at: .seconds(50)), late]).sent(after: .seconds(300)) == [], "given up with the version")
        let before = query(at: .seconds(399), .version3, group: group, tenths: 1)
        let found = try run([query(at: .seconds(50)), before]).sent(after: .seconds(300))
        #expect(found.map(\.contents) == [.version2Report(group)])
        let after = query(at: .seconds(400), .version3, group: group, tenths: 1)
        let then = try run([query(at: .seconds(50)), after]).sent(after: .seconds(300))
        #expect(then.map(\.contents) == [records(inMode(.modeIsExclude))])
    }

    @Test(arguments: seeds) func anOlderQueryIsAnsweredInItsVersion(seed: UInt64) throws {
        expect(
            try run([query(at: .seconds(50), tenths: 20)], seed: seed, until: 60).answers,
            are: [.within(50, 51.8, .version2Report(group))])
        expect(
            try run([query(at: .seconds(50), .version1)], seed: seed, until: 60).answers,
            are: [.within(50, 59.8, .version1Report(group))])
    }

    @Test(arguments: seeds) func aSpecificVersion2QueryDoesNotChangeTheVersion(seed: UInt64) throws {
        let run = try run([query(at: .seconds(50), group: group, tenths: 10)], seed: seed)
        expect(run.answers, are: [.within(50, 50.8, records(inMode(.modeIsExclude)))])
        #expect(run.versions == [])
        // Nor does it keep an older querier in memory.
        let asked = [query(at: .seconds(50)), query(at: .seconds(300), group: group, tenths: 10)]
        #expect(try self.run(asked, seed: seed).versions == ["50.0 IGMPv2", "400.0 IGMPv3"])
    }

    @Test func version1GoesBeforeVersion2() throws {
        let run = try run([
            query(at: .seconds(50)), query(at: .seconds(100), .version1), query(at: .seconds(200)),
            query(at: .seconds(350)),
        ])
        #expect(run.versions == ["50.0 IGMPv2", "100.0 IGMPv1", "450.0 IGMPv2", "700.0 IGMPv3"])
    }

    @Test(arguments: seeds) func aChangeOfVersionGivesUpPendingAnswers(seed: UInt64) throws {
        for target in [IPv4Address.unspecified, group] {
            let frames = [query(at: .seconds(50), .version3, group: target), query(at: .microseconds(50_000_001))]
            expect(
                try run(frames, seed: seed, until: 100).answers, are: [.within(50, 59.9, .version2Report(group))])
        }
        let back = [query(at: .seconds(50), tenths: 100)]
        let run = try run(back, seed: seed) { $0.olderQuerierTimeout = .microseconds(1) }
        #expect(run.answers == [])
    }

    @Test(arguments: seeds) func aChangeOfVersionGivesUpRepetitions(seed: UInt64) throws {
        expect(
            try run([query(at: .microseconds(1), tenths: 10)], seed: seed, until: 100).sent,
            are: [.at(0, records(inMode(.changeToExcludeMode))), .within(0, 0.800_001, .version2Report(group))])
        // Also those of version 2, on the way to version 1.
        let joined = try run([query(at: .microseconds(1), .version1)], seed: seed, until: 100) { $0.version = 2 }
        expect(joined.sent, are: [.at(0, .version2Report(group)), .within(0, 9.800_001, .version1Report(group))])
    }

    @Test(arguments: seeds) func aChangeOfVersionForgetsQueriedSources(seed: UInt64) throws {
        let frames = [
            query(at: .seconds(50), .version3, group: group, sources: [a]),
            query(at: .microseconds(50_000_001), tenths: 1),
            query(at: .seconds(52), .version3, group: group, sources: [b], tenths: 10),
        ]
        let run = try run(frames, seed: seed, until: 100) { $0.olderQuerierTimeout = .seconds(1) }
        expect(
            run.answers,
            are: [.within(50, 50.1, .version2Report(group)), .within(52, 52.8, records(inMode(.modeIsInclude, [b])))])
    }

    @Test func changesAreToldInTheVersionInUse() throws {
        let settings = wishes((0, .nothing), (60, Filter(.include, [a])), (80, Filter(.exclude, [b])), (90, .nothing))
        let second = try run([query(at: .seconds(50))], until: 100) { $0.groups = settings }
        let report = IGMPContents.version2Report(group)
        expect(second.sent, are: [.at(60, report), .within(60, 70, report), .at(90, .leave(group))])
        let first = try run([query(at: .seconds(50), .version1)], until: 100) { $0.groups = settings }
        expect(first.sent, are: [.at(60, .version1Report(group)), .within(60, 70, .version1Report(group))])
    }

    @Test func aGroupLeftInVersion2IsNotLeftAgainInVersion3() throws {
        let run = try run([query(at: .seconds(50))]) { $0.groups = wishes((0, .everything), (100, .nothing)) }
        expect(run.sent(after: .seconds(70)), are: [.at(100, .leave(group))])
    }

    @Test func reportsOfOlderHostsDoNotChangeTheVersion() throws {
        let heard = [frame(at: .seconds(50), .version1Report(group)), frame(at: .seconds(51), .version2Report(group))]
        let run = try run(heard + [query(at: .seconds(52), .version3, tenths: 10)])
        #expect(run.versions == [])
        expect(run.answers, are: [.within(52, 52.8, records(inMode(.modeIsExclude)))])
        #expect(run.count(.heardReports) == 2)
    }
}
