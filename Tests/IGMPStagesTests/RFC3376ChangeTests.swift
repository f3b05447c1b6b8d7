import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let (a, b, c) = (IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2), IPv4Address(192, 0, 2, 3))
private let group = HostRun.group
private let allow = IGMPGroupRecordType.allowNewSources
private let block = IGMPGroupRecordType.blockOldSources
private let toInclude = IGMPGroupRecordType.changeToIncludeMode
private let toExclude = IGMPGroupRecordType.changeToExcludeMode

/// RFC 3376 §5.1: what a host tells on its own, when it joins, leaves or changes sources.
@Suite struct RFC3376ChangeTests {
    private func run(
        _ frames: [TestFrame] = [], seed: UInt64 = 1, robustness: Int = 2, wanting groups: [GroupSetting<IPv4Address>]
    ) throws -> HostRun {
        try HostRun(frames + [TestFrame(at: .seconds(60), [0])], seed: seed) {
            $0.groups = groups
            $0.robustness = robustness
        }
    }

    static let pairs: [(old: Filter, new: Filter, records: [IGMPGroupRecord])] = [
        // INCLUDE A, INCLUDE B: ALLOW B - A, BLOCK A - B
        (Filter(.include, [a, b]), Filter(.include, [b, c]), [inMode(allow, [c]), inMode(block, [a])]),
        (Filter(.include, [a]), Filter(.include, [a, b]), [inMode(allow, [b])]),
        (Filter(.include, [a, b]), Filter(.include, [b]), [inMode(block, [a])]),
        (.nothing, Filter(.include, [a]), [inMode(allow, [a])]),
        (Filter(.include, [a, c]), .nothing, [inMode(block, [a, c])]),
        // EXCLUDE A, EXCLUDE B: ALLOW A - B, BLOCK B - A
        (Filter(.exclude, [a, b]), Filter(.exclude, [b, c]), [inMode(allow, [a]), inMode(block, [c])]),
        (.everything, Filter(.exclude, [a]), [inMode(block, [a])]),
        (Filter(.exclude, [a]), .everything, [inMode(allow, [a])]),
        // INCLUDE A, EXCLUDE B: TO_EX B
        (Filter(.include, [a]), Filter(.exclude, [b]), [inMode(toExclude, [b])]),
        (Filter(.include, [a, b]), .everything, [inMode(toExclude)]),
        (.nothing, .everything, [inMode(toExclude)]),
        (.nothing, Filter(.exclude, [a, b]), [inMode(toExclude, [a, b])]),
        // EXCLUDE A, INCLUDE B: TO_IN B
        (Filter(.exclude, [a]), Filter(.include, [b]), [inMode(toInclude, [b])]),
        (.everything, Filter(.include, [a, b]), [inMode(toInclude, [a, b])]),
        (.everything, .nothing, [inMode(toInclude)]),
        (Filter(.exclude, [a]), .nothing, [inMode(toInclude)]),
        // No change
        (Filter(.include, [a]), Filter(.include, [a]), []),
        (.everything, .everything, []),
    ]

    @Test(arguments: pairs, 1...4 as ClosedRange<Int>)
    func aChangeIsReportedAtOnceAndAgainRobustnessTimesInAll(
        _ pair: (old: Filter, new: Filter, records: [IGMPGroupRecord]), robustness: Int
    ) throws {
        let settings = wishes((0, pair.old), (20, pair.new))
        for seed in 1...5 as ClosedRange<UInt64> {
            let run = try run(seed: seed, robustness: robustness, wanting: settings)
            let repetitions = pair.records.isEmpty ? 0 : robustness
            let reports = run.sent(after: .seconds(19))
            expect(
                reports,
                are: (0..<repetitions).map {
                    $0 == 0
                        ? .at(20, .version3Report(pair.records))
                        : .within(20, 20 + Double($0), .version3Report(pair.records))
                })
            // Each a random time of at most a second after the one before.
            for (earlier, later) in zip(reports, reports.dropFirst()) {
                #expect(later.time > earlier.time && later.time - earlier.time <= .seconds(1))
            }
        }
    }

    @Test func theQueriersRobustnessCounts() throws {
        for (robustness, times) in [(UInt8(3), 3), (1, 1), (0, 2)] {
            var asked = IGMPQuery(version: .version3, maxResponseTime: 10)
            asked.querierRobustnessVariable = robustness
            let run = try run(
                [frame(at: .seconds(10), .query(asked))], wanting: wishes((0, .everything), (20, .nothing)))
            #expect(run.sent(after: .seconds(19)).count == times, "QRV \(robustness)")
        }
    }

    @Test func changesOfOneInstantAreOneReport() throws {
        let groups = (1...3).map { IPv4Address(239, 255, 0, $0) }
        let run = try run(wanting: groups.map { GroupSetting($0, at: .seconds(20)) })
        let report = IGMPContents.version3Report(groups.map { inMode(toExclude, of: $0) })
        expect(run.sent, are: [.at(20, report), .within(20, 21, report)])
    }

    @Test func whoDoesNotAnswerSaysEverythingOnce() throws {
        let run = try HostRun([TestFrame(at: .seconds(60), [0])]) {
            $0.groups = wishes((0, .everything), (20, .nothing))
            $0.answer = .never
        }
        expect(run.sent, are: [.at(0, records(inMode(toExclude))), .at(20, records(inMode(toInclude)))])
    }

    @Test func theIntervalOfRepetitionsIsTheConfigured() throws {
        let times = try (1...40 as ClosedRange<UInt64>).map { seed in
            try HostRun(seed: seed) { $0.unsolicitedReportInterval = .seconds(5) }.sent[1].time
        }
        #expect(times.allSatisfy { $0 <= .seconds(5) })
        #expect(times.contains { $0 > .seconds(3) })
    }
}
