import IGMPQuerier
import Testing
import Weir
import WeirTesting
import WeirWire

private let group = IPv4Address(232, 1, 1, 1)
private let (a, b, c) = (IPv4Address(192, 0, 2, 7), IPv4Address(192, 0, 2, 8), IPv4Address(192, 0, 2, 9))

/// Queries for sources: RFC 3376 §6.4.2 and §6.6.3.2.
@Suite struct QuerierSourceTests {
    private func run(
        _ frames: [TestFrame], _ configure: (inout IGMPQuerier.Configuration) -> Void = { _ in }
    ) throws -> QuerierRun {
        try QuerierRun(frames) {
            $0.version = 3
            configure(&$0)
        }
    }

    @Test func aBlockedSourceIsAskedForAndForgotten() throws {
        let run = try run([
            record(at: 1, .allowNewSources, group, [b, a]), record(at: 10, .blockOldSources, group, [a]),
        ])
        #expect(run.specific == seconds(10, 11).map { Asked(time: $0, group: group, sources: [a]) })
        #expect(run.count(.sourceQueries) == 2)
        #expect(run.count(.groupQueries) == 0)
        #expect(run.expired == seconds(261), "the other source keeps the group")
        let query = try #require(run.queries.first { $0.time == .seconds(10) })
        let message: [UInt8] = [17, 10, 0x41, 0x6d, 232, 1, 1, 1, 2, 125, 0, 1, 192, 0, 2, 7]
        #expect(Array(query.octets[38..<54]) == message)
    }

    @Test func aHostThatLeavesWithTheLastSourceIsFollowedByAQueryAndTheGroupGoes() throws {
        let run = try run([record(at: 1, .modeIsInclude, group, [a]), record(at: 10, .changeToIncludeMode, group)])
        #expect(run.specific == seconds(10, 11).map { Asked(time: $0, group: group, sources: [a]) })
        #expect(run.expired == seconds(12))
    }

    @Test func whatIsReportedMeanwhileIsAskedForWithTheSFlagApartFromTheRest() throws {
        let run = try run([
            record(at: 1, .allowNewSources, group, [a, b, c]), record(at: 10, .blockOldSources, group, [a, b, c]),
            record(at: 10.5, .modeIsInclude, group, [c, b]),
        ])
        let expected = [
            Asked(time: .seconds(10), group: group, sources: [a, b, c]),
            Asked(time: .seconds(11), group: group, sources: [b, c], suppresses: true),
            Asked(time: .seconds(11), group: group, sources: [a]),
        ]
        #expect(run.specific == expected)
        let flagged = try #require(run.queries.first { $0.time == .seconds(11) })
        let message: [UInt8] = [17, 10, 0x77, 0x61, 232, 1, 1, 1, 0x0a, 125, 0, 2, 192, 0, 2, 8, 192, 0, 2, 9]
        #expect(Array(flagged.octets[38..<58]) == message)
    }

    /// Each source is asked for as often as it should be, however many hosts block how often.
    @Test func blocksThatOverlapAreAskedForEachOnItsOwnSchedule() throws {
        let run = try run([
            record(at: 1, .allowNewSources, group, [a, b, c]), record(at: 10, .blockOldSources, group, [a]),
            record(at: 10.4, .blockOldSources, group, [a, b]), record(at: 10.8, .blockOldSources, group, [b, a]),
        ])
        let expected = [(10, a), (10.4, b), (11, a), (11.4, b)].map { time, source in
            Asked(time: seconds(time)[0], group: group, sources: [source])
        }
        #expect(run.specific == expected)
    }

    @Test func leavingEverythingAsksForTheSourcesAndForTheGroup() throws {
        let run = try run([
            record(at: 1, .modeIsExclude, group), record(at: 2, .modeIsInclude, group, [a, b]),
            record(at: 10, .changeToIncludeMode, group, [b]),
        ])
        let expected = [10.0, 11.0].flatMap { time in
            [
                Asked(time: seconds(time)[0], group: group),
                Asked(time: seconds(time)[0], group: group, sources: [a]),
            ]
        }
        #expect(run.specific == expected)
        #expect(run.expired == seconds(270), "for the source that was asked for until then")
    }

    @Test func excludingHostsBlockWhatNobodyAsksFor() throws {
        let run = try run([
            record(at: 1, .modeIsExclude, group), record(at: 10, .changeToExcludeMode, group, [a]),
            record(at: 20, .blockOldSources, group, [a]),
        ])
        #expect(run.specific == seconds(10, 11).map { Asked(time: $0, group: group, sources: [a]) })
        #expect(run.expired == seconds(270))
    }
}

/// Reports that are too long, too many, or not to be believed.
@Suite struct QuerierLimitTests {
    private static func groups(_ count: UInt32) -> [IPv4Address] {
        (0..<count).map { IPv4Address(rawValue: 0xef01_0000 + $0) }
    }

    /// A full table is no reason to stop querying or to forget what is known.
    @Test func groupsBeyondTheLimitAreRefusedAndAllElseGoesOn() throws {
        let groups = Self.groups(20)
        let reports = groups.enumerated().map { sent(at: 1 + Double($0) / 10, .version2Report($1)) }
        let frames = reports + [sent(at: 10, .leave(groups[2])), sent(at: 20, .version2Report(groups[9]))]
        let run = try QuerierRun(frames, for: .seconds(200)) { $0.groupsLimit = 5 }
        #expect(run.joined == seconds(1, 1.1, 1.2, 1.3, 1.4, 20))
        #expect(run.count(.refusedEntries) == 15)
        #expect(run.specific == seconds(10, 11).map { Asked(time: $0, group: groups[2]) })
        #expect(run.expired == seconds(12))
        #expect(run.general == seconds(0, 31.25, 156.25))
    }

    @Test func fiveThousandSourcesFitNoQuery() throws {
        let sources = (0..<5000 as Range<UInt32>).map { IPv4Address(rawValue: 0x0a00_0000 + $0) }
        let group = IPv4Address(232, 1, 1, 1)
        let frames = [record(at: 1, .modeIsInclude, group, sources), record(at: 10, .changeToIncludeMode, group)]
        for limit in [1, 64, 366] {
            let run = try QuerierRun(frames) { ($0.version, $0.sourcesLimit) = (3, limit) }
            #expect(run.count(.refusedEntries) == UInt64(5000 - limit))
            #expect(run.specific.map(\.sources) == Array(repeating: Array(sources.prefix(limit)), count: 2))
            #expect(run.queries.allSatisfy { $0.octets.count <= 1514 })
        }
    }

    @Test func tenThousandGroupsAllExpireAtTheirTime() throws {
        let groups = Self.groups(10_000)
        let records = groups.map { IGMPGroupRecord(type: .modeIsExclude, multicastAddress: $0) }
        let frames = stride(from: 0, to: records.count, by: 100).map {
            sent(at: Double($0) / 100, .version3Report(Array(records[$0..<$0 + 100])))
        }
        let run = try QuerierRun(frames) { ($0.version, $0.groupsLimit) = (3, 10_000) }
        #expect(run.count(.groupsJoined) == 10_000)
        #expect(run.expired == (0..<10_000).map { .seconds(260 + $0 / 100) })
    }

    private static let group = IPv4Address(239, 255, 1, 2)

    static let messages: [(what: String, frame: TestFrame, counts: [UInt64])] = [
        // What counts: reports, invalid messages.
        (
            "longer than eight octets", sent(at: 1, octets: [0x16, 0, 0, 0, 239, 255, 1, 2, 0, 0, 0, 0], to: group),
            [1, 0]
        ),
        (
            "to another address than its group", sent(at: 1, octets: [0x16, 0, 0, 0, 239, 255, 1, 2], to: .allRouters),
            [1, 0]
        ),
        ("from 0.0.0.0", sent(at: 1, .version2Report(group), by: .unspecified), [1, 0]),
        (
            "of version 3 from 0.0.0.0, before the host has an address",
            sent(
                at: 1, octets: [0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 239, 255, 1, 2], to: .allIGMPv3Routers,
                by: .unspecified),
            [1, 0]
        ),
        ("seven octets", sent(at: 1, octets: [0x16, 0, 0, 0, 239, 255, 1], to: group), [0, 1]),
        ("no group", sent(at: 1, octets: [0x16, 0, 0, 0, 10, 0, 0, 1], to: group), [0, 1]),
        ("all systems", sent(at: 1, .version2Report(.allSystems)), [0, 1]),
        (
            "more sources than octets",
            sent(
                at: 1, octets: [0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 2, 239, 255, 1, 2, 10, 0, 0, 1],
                to: .allIGMPv3Routers),
            [0, 1]
        ),
        (
            "more records than octets",
            sent(at: 1, octets: [0x22, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 239, 255, 1, 2], to: .allIGMPv3Routers), [0, 1]
        ),
        (
            "more auxiliary data than octets",
            sent(at: 1, octets: [0x22, 0, 0, 0, 0, 0, 0, 1, 4, 9, 0, 0, 239, 255, 1, 2], to: .allIGMPv3Routers), [0, 1]
        ),
        (
            "a record of unknown type",
            sent(at: 1, octets: [0x22, 0, 0, 0, 0, 0, 0, 1, 7, 0, 0, 0, 239, 255, 1, 2], to: .allIGMPv3Routers), [0, 0]
        ),
    ]

    @Test(arguments: messages) func aReportIsJudgedByWhatItHolds(_ what: String, frame: TestFrame, counts: [UInt64])
        throws
    {
        let run = try QuerierRun([frame]) { $0.version = 3 }
        #expect([run.count(.reports), run.count(.invalidMessages)] == counts)
        #expect(run.joined.count == Int(counts[0]))
    }
}
