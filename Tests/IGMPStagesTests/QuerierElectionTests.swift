import Counter
@testable import IGMPQuerier
import Testing
import Weir
import WeirTesting
import WeirWire

private let group = IPv4Address(239, 255, 1, 2)
private let lower = IPv4Address(10, 0, 0, 1)
private let higher = IPv4Address(10, 0, 0, 200)

/// Who asks: RFC 2236 §3, RFC 3376 §6.6.2, RFC 4541 §2.1.1. The querier under test is 10.0.0.9.
@Suite struct QuerierElectionTests {
    /// What the querier asks if nothing happens.
    static let undisturbed = seconds(0, 31.25, 156.25, 281.25, 406.25)

    @Test func aLowerAddressSilencesItUntilTheOtherHasBeenSilentFor255Seconds() throws {
        let run = try QuerierRun([foreignQuery(at: 40, by: lower), foreignQuery(at: 165, by: lower)])
        #expect(run.general == seconds(0, 31.25, 420, 545, 670, 795, 920))
        #expect(run.count(.electionsLost) == 1)
        #expect(run.count(.electionsWon) == 1)
        #expect(run.count(.foreignQueries) == 2)
        #expect(run.times(of: "another router is the querier") == seconds(40))
        #expect(run.times(of: "became the querier") == seconds(420))
    }

    @Test func silencedAtTheStartItSendsNoStartupQueriesLater() throws {
        let run = try QuerierRun([foreignQuery(at: 1, by: lower)], for: .seconds(500)) {
            ($0.startupCount, $0.otherQuerierTimeout) = (9, .seconds(255))
        }
        #expect(run.general == seconds(0, 256, 381))
    }

    static let ineffective: [(what: String, frame: TestFrame)] = [
        ("a higher address", foreignQuery(at: 40, by: higher)),
        ("its own address", foreignQuery(at: 40, by: IPv4Address(10, 0, 0, 9))),
        ("0.0.0.0, which is a switch", foreignQuery(at: 40, by: .unspecified)),
        ("a query for a group", foreignQuery(at: 40, by: lower, group: group, tenths: 10)),
        (
            "a general query to the router alone",
            sent(at: 40, octets: [17, 100, 0, 0, 0, 0, 0, 0], to: higher, by: lower)
        ),
        ("a general query to a group", sent(at: 40, octets: [17, 100, 0, 0, 0, 0, 0, 0], to: group, by: lower)),
        ("a query of no version", sent(at: 40, octets: [17, 100, 0, 0, 0, 0, 0, 0, 0], to: .allSystems, by: lower)),
        ("a report", sent(at: 40, .version2Report(group), by: lower)),
    ]

    /// Nor does it move the querier's schedule.
    @Test(arguments: ineffective) func isNotSilencedBy(_ what: String, frame: TestFrame) throws {
        let run = try QuerierRun([frame], for: .seconds(500))
        #expect(run.general == Self.undisturbed)
        #expect(run.count(.electionsLost) == 0)
    }

    @Test(arguments: [
        (IPv4Address(10, 0, 0, 9), IPv4Address(10, 0, 0, 8), true),
        (IPv4Address(10, 0, 0, 9), IPv4Address(9, 255, 0, 9), true),
        (IPv4Address(10, 0, 0, 9), IPv4Address(10, 0, 0, 9), false), (IPv4Address(10, 0, 0, 9), higher, false),
        (IPv4Address(10, 0, 0, 9), .unspecified, false), (.unspecified, lower, false),
        (.unspecified, .unspecified, false),
    ]) func theLowerAddressGoesFirst(_ own: IPv4Address, _ other: IPv4Address, _ yields: Bool) {
        var election = Election(address: own)
        #expect(election.hear(from: other) == yields)
        #expect(election.isQuerier == !yields)
        election.win()
        #expect(election.isQuerier)
    }

    @Test func itsOwnQueriesThatComeBackAreNoOthers() throws {
        let frames = [foreignQuery(at: 1, by: IPv4Address(10, 0, 0, 9), .version3), foreignQuery(at: 2, by: higher)]
        let run = try QuerierRun(frames)
        #expect(run.count(.foreignQueries) == 1)
        #expect(run.times(of: "queries of another version") == [])
    }

    @Test(arguments: [IGMPVersion.version1, .version2, .version3]) func aGeneralQueryOfAnyVersionCounts(
        _ version: IGMPVersion
    ) throws {
        let run = try QuerierRun([foreignQuery(at: 40, by: lower, version)], for: .seconds(290))
        #expect(run.general == seconds(0, 31.25))
    }

    @Test func withoutAnAddressItIsNeverSilenced() throws {
        let frames = [foreignQuery(at: 40, by: lower), foreignQuery(at: 41, by: .unspecified)]
        let run = try QuerierRun(frames, for: .seconds(500)) { $0.source = .unspecified }
        #expect(run.general == Self.undisturbed)
    }

    @Test func withoutAnElectionItIsNeverSilenced() throws {
        let frames = [foreignQuery(at: 40, by: lower)]
        let run = try QuerierRun(frames, for: .seconds(500)) { $0.election = false }
        #expect(run.general == Self.undisturbed)
        #expect(run.count(.electionsLost) == 0)
    }

    @Test func theTimeUntilItAsksAgainCanBeGiven() throws {
        let run = try QuerierRun([foreignQuery(at: 40, by: lower)], for: .seconds(200)) {
            $0.otherQuerierTimeout = .seconds(7)
        }
        #expect(run.general == seconds(0, 31.25, 47, 172))
    }

    /// A version 3 query announces both; 0 announces nothing (RFC 3376 §4.1.6, §4.1.7).
    @Test(arguments: [
        (3, 60, 185.0), (0, 60, 125.0), (3, 0, 380.0), (0, 0, 255.0),
    ]) func goesByTheOthersRobustnessAndInterval(_ robustness: UInt8, _ interval: Int, timeout: Double) throws {
        let query = foreignQuery(at: 40, by: lower, .version3) {
            ($0.querierRobustnessVariable, $0.querierQueryInterval) = (robustness, interval)
        }
        let report = sent(at: 41, .version2Report(group))
        let run = try QuerierRun([query, report]) { $0.version = 3 }
        #expect(run.general.dropFirst(2).first == seconds(40 + timeout).first)
        #expect(run.expired == seconds(41 + timeout + 5), "the group membership interval is 5 s longer")
        // And by its own again as the querier.
        let own = zip(run.general.dropFirst(3), run.general.dropFirst(2)).map { $0 - $1 }
        #expect(own.allSatisfy { $0 == .seconds(125) } && !own.isEmpty)
    }

    @Test func eachForeignVersionIsWarnedOfOnce() throws {
        let versions: [IGMPVersion] = [.version3, .version1, .version2, .version1, .version3]
        let frames = versions.enumerated().map { foreignQuery(at: Double($0 + 1), by: higher, $1) }
        let run = try QuerierRun(frames)
        #expect(run.times(of: "queries of another version") == seconds(1, 2))
        #expect(run.result.log.filter { $0.level == .warning }.count == 2)
    }

    /// Both start as queriers; the first query of the lower one ends that for good.
    @Test func ofTwoQueriersTheLowerOneAsks() throws {
        var run = StageRun()
        run.duration = .seconds(3600)
        try run.add(IGMPQuerier.self, id: "one") { $0.source = IPv4Address(10, 0, 0, 1) }
        try run.add(IGMPQuerier.self, id: "two") { $0.source = IPv4Address(10, 0, 0, 2) }
        try run.add(StageDescriptor(PacketCounter.self))
        run.connect("one", "queries", to: "two")
        run.connect("two", "queries", to: "one")
        let result = run.run((0..<1000).map { TestFrame(at: .milliseconds(3500 * $0), [UInt8($0 % 256)]) })
        #expect(result.imbalances == [])
        #expect(result.counter("general-queries", of: "one") == 30)
        #expect(result.counter("general-queries", of: "two") == 1)
        #expect(result.counter("elections-lost", of: "one") == 0)
        #expect(result.counter("elections-lost", of: "two") == 1)
        #expect(result.counter("elections-won", of: "two") == 0)
    }

    // MARK: Groups while another router asks

    @Test func aNonQuerierFollowsGroupsAndIgnoresLeaves() throws {
        let frames = [
            foreignQuery(at: 1, by: lower), sent(at: 2, .version2Report(group)), sent(at: 3, .leave(group)),
        ]
        let run = try QuerierRun(frames)
        #expect(run.specific == [])
        #expect(run.joined == seconds(2))
        #expect(run.expired == seconds(262))
    }

    /// The time that another router's specific query leaves a group, which it has otherwise until 262 s.
    static let lowering: [(what: String, frame: TestFrame, expiry: Double)] = [
        ("version 2: twice the time it gives", foreignQuery(at: 10, by: lower, group: group, tenths: 30), 16),
        (
            "version 3: the last member query time",
            foreignQuery(at: 10, by: lower, .version3, group: group, tenths: 30), 12
        ),
        (
            "version 3, asking for an answer at once",
            foreignQuery(at: 10, by: lower, .version3, group: group, tenths: 0), 12
        ),
        (
            "version 3 with the S flag: none",
            foreignQuery(at: 10, by: lower, .version3, group: group) { $0.suppressRouterSideProcessing = true }, 262
        ),
        ("for another group", foreignQuery(at: 10, by: lower, group: IPv4Address(239, 1, 1, 1), tenths: 10), 262),
        ("of a switch", foreignQuery(at: 10, by: .unspecified, group: group, tenths: 10), 262),
        ("for one source", foreignQuery(at: 10, by: lower, .version3, group: group) { $0.sources = [higher] }, 262),
        ("general", foreignQuery(at: 10, by: lower, tenths: 10), 262),
    ]

    @Test(arguments: lowering) func aSpecificQueryOfTheQuerierCutsTheTime(
        _ what: String, frame: TestFrame, expiry: Double
    ) throws {
        let run = try QuerierRun([foreignQuery(at: 1, by: lower), sent(at: 2, .version2Report(group)), frame])
        #expect(run.expired == seconds(expiry))
        #expect(run.specific == [])
    }

    @Test func aReportAfterTheQuerysQuestionKeepsTheGroup() throws {
        let frames = [
            foreignQuery(at: 1, by: lower), sent(at: 2, .version2Report(group)),
            foreignQuery(at: 10, by: lower, group: group, tenths: 10), sent(at: 10.5, .version2Report(group)),
        ]
        #expect(try QuerierRun(frames).expired == seconds(270.5))
    }

    /// RFC 2236 §3: a change of the querier is ignored while a member that has left is asked after.
    @Test(arguments: [2, 3]) func whatHasBegunIsFinished(version: Int) throws {
        let other = IPv4Address(239, 1, 1, 1)
        let frames = [
            sent(at: 1, .version2Report(group)), sent(at: 1, .version2Report(other)), sent(at: 10, .leave(group)),
            foreignQuery(at: 10.5, by: lower), sent(at: 10.75, .leave(other)),
        ]
        let run = try QuerierRun(frames, for: .seconds(265)) { ($0.version, $0.lastMemberCount) = (version, 4) }
        #expect(run.specific == seconds(10, 11, 12, 13).map { Asked(time: $0, group: group) })
        #expect(run.general == seconds(0))
        #expect(run.expired == seconds(14, 261), "the leave of the other group comes too late")
    }

    @Test func whatHasBegunIsFinishedByItsOwnTimes() throws {
        let query = foreignQuery(at: 10.5, by: lower, .version3) {
            ($0.querierRobustnessVariable, $0.querierQueryInterval) = (1, 20)
        }
        let frames = [sent(at: 1, .version2Report(group)), sent(at: 10, .leave(group)), query]
        let run = try QuerierRun(frames, for: .seconds(30)) { ($0.version, $0.robustness) = (3, 4) }
        #expect(run.specific == seconds(10, 11, 12, 13).map { Asked(time: $0, group: group) })
        #expect(run.queries.allSatisfy { $0.octets[46...47] == [4, 125] })
        #expect(run.expired == seconds(14))
    }
}
