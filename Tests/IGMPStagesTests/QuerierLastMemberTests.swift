import IGMPQuerier
import Testing
import Weir
import WeirTesting
import WeirWire

private let group = IPv4Address(239, 255, 1, 2)
private let ssm = IPv4Address(232, 1, 1, 1)
private let (a, b, c) = (IPv4Address(192, 0, 2, 7), IPv4Address(192, 0, 2, 8), IPv4Address(192, 0, 2, 9))

private func joined(_ group: IPv4Address, at seconds: Double = 1) -> TestFrame {
    sent(at: seconds, .version2Report(group))
}
private func left(_ group: IPv4Address, at seconds: Double) -> TestFrame { sent(at: seconds, .leave(group)) }

/// What a querier does when a member leaves: RFC 2236 §3 and §7, RFC 3376 §6.4.2 and §6.6.3.
@Suite struct QuerierLastMemberTests {
    typealias Configure = @Sendable (inout IGMPQuerier.Configuration) -> Void

    static let sequences: [(what: String, configure: Configure, times: [Duration], expiry: Double)] = [
        ("the defaults", { _ in }, seconds(10, 11), 12),
        ("version 3", { $0.version = 3 }, seconds(10, 11), 12),
        ("a robustness", { $0.robustness = 3 }, seconds(10, 11, 12), 13),
        ("a count of one", { $0.lastMemberCount = 1 }, seconds(10), 11),
        (
            "a count and an interval",
            { ($0.lastMemberCount, $0.lastMemberInterval) = (4, .milliseconds(500)) }, seconds(10, 10.5, 11, 11.5), 12
        ),
    ]

    /// Never at once: the other members must have their say.
    @Test(arguments: sequences) func aLeaveIsFollowedByQueriesAndWithoutAReportTheGroupGoes(
        _ what: String, configure: Configure, times: [Duration], expiry: Double
    ) throws {
        let run = try QuerierRun([joined(group), left(group, at: 10)], configure)
        #expect(run.specific == times.map { Asked(time: $0, group: group) })
        #expect(run.joined == seconds(1))
        #expect(run.expired == seconds(expiry))
        #expect(run.count(.groupQueries) == UInt64(times.count))
        #expect(run.count(.leaves) == 1)
        #expect(run.count(.groupsJoined) == 1)
        #expect(run.count(.groupsExpired) == 1)
    }

    static let messages: [(what: String, configure: Configure, octets: [UInt8])] = [
        ("version 2", { _ in }, [0x11, 10, 0xfd, 0xf3, 239, 255, 1, 2]),
        ("version 3", { $0.version = 3 }, [0x11, 10, 0xfb, 0x76, 239, 255, 1, 2, 2, 125, 0, 0]),
    ]

    @Test(arguments: messages) func theQueryGoesToTheGroup(_ what: String, configure: Configure, octets: [UInt8]) throws
    {
        let run = try QuerierRun([joined(group), left(group, at: 10)], configure)
        let query = try #require(run.queries.first { $0.time == .seconds(10) })
        #expect(Array(query.octets[..<6]) == [1, 0, 0x5e, 0x7f, 1, 2])
        #expect(Array(query.octets[30..<34]) == [239, 255, 1, 2])
        #expect(Array(query.octets[38..<38 + octets.count]) == octets)
    }

    @Test func aReportEndsAVersion2QueriersQuestion() throws {
        let run = try QuerierRun([joined(group), left(group, at: 10), joined(group, at: 10.5)])
        #expect(run.specific == [Asked(time: .seconds(10), group: group)])
        #expect(run.expired == seconds(270.5))
    }

    /// The report has come: other routers shall not lower their timers any more (RFC 3376 §6.6.3.1).
    @Test func aVersion3QuerierFinishesWithTheSFlag() throws {
        let run = try QuerierRun([joined(group), left(group, at: 10), joined(group, at: 10.5)]) { $0.version = 3 }
        let expected = [
            Asked(time: .seconds(10), group: group), Asked(time: .seconds(11), group: group, suppresses: true),
        ]
        #expect(run.specific == expected)
        let second = try #require(run.queries.first { $0.time == .seconds(11) })
        #expect(Array(second.octets[38..<50]) == [0x11, 10, 0xf3, 0x76, 239, 255, 1, 2, 0x0a, 125, 0, 0])
        #expect(run.expired == seconds(270.5))
    }

    @Test(arguments: [2, 3]) func repeatedLeavesNeitherAskAnewNorPutItOff(version: Int) throws {
        let frames = [joined(group)] + [10, 10.2, 10.4, 11, 11.9].map { left(group, at: $0) }
        let run = try QuerierRun(frames) { $0.version = version }
        #expect(run.specific == seconds(10, 11).map { Asked(time: $0, group: group) })
        #expect(run.expired == seconds(12))
        #expect(run.count(.leaves) == 5)
    }

    @Test(arguments: [2, 3]) func aLeaveAfterAReportAsksAnew(version: Int) throws {
        let frames = [joined(group), left(group, at: 10), joined(group, at: 10.25), left(group, at: 10.5)]
        let run = try QuerierRun(frames) { $0.version = version }
        #expect(run.specific == seconds(10, 10.5, 11.5).map { Asked(time: $0, group: group) })
        #expect(run.expired == seconds(12.5))
    }

    @Test func aLeaveNeverProlongsAGroup() throws {
        let run = try QuerierRun([joined(group), left(group, at: 260)])
        #expect(run.specific == [Asked(time: .seconds(260), group: group)])
        #expect(run.expired == seconds(261))
    }

    @Test func nobodyIsAskedAboutAGroupWithoutMembers() throws {
        #expect(try QuerierRun([left(group, at: 10)]).specific == [])
        let again = try QuerierRun([joined(group), left(group, at: 10), left(group, at: 20)])
        #expect(again.specific == seconds(10, 11).map { Asked(time: $0, group: group) })
    }

    // MARK: Older hosts (RFC 3376 §7.3.2) and older queriers (§7.3.1)

    /// A version 1 host doesn't leave, and is silent when another does: it may be there until its own time is over.
    @Test(arguments: [2, 3]) func leavesAreIgnoredWhileAVersion1HostIsThere(version: Int) throws {
        let leave = IGMPGroupRecordType.changeToIncludeMode
        let frames = [
            sent(at: 1, .version1Report(group)), joined(group, at: 100), left(group, at: 260.9),
            record(at: 260.95, leave, group), left(group, at: 261),
        ]
        let run = try QuerierRun(frames) { $0.version = version }
        #expect(run.specific == seconds(261, 262).map { Asked(time: $0, group: group) })
        #expect(run.expired == seconds(263))
    }

    @Test func aVersion1QuerierIgnoresLeaves() throws {
        let frames = [
            joined(group), left(group, at: 10), record(at: 11, .changeToIncludeMode, group),
            sent(at: 300, .version1Report(group)), left(group, at: 310),
        ]
        let run = try QuerierRun(frames) { $0.version = 1 }
        #expect(run.specific == [])
        #expect(run.expired == seconds(261, 560))
    }

    /// A version 2 host asks for all sources: what others block is not taken from it.
    @Test func blockedSourcesAreIgnoredWhileAVersion2HostIsThere() throws {
        let frames = [
            joined(group), record(at: 2, .allowNewSources, group, [a]), record(at: 3, .blockOldSources, group, [a, b]),
            record(at: 4, .changeToExcludeMode, group, [a, b]),
        ]
        #expect(try QuerierRun(frames) { $0.version = 3 }.specific == [])
        let alone = try QuerierRun(Array(frames.dropFirst())) { $0.version = 3 }
        #expect(alone.specific.map(\.time) == seconds(3, 4))
    }

    @Test func aVersion2QuerierFollowsVersion3HostsByGroup() throws {
        let frames = [
            record(at: 1, .changeToExcludeMode, group), record(at: 2, .modeIsInclude, ssm, [a]),
            record(at: 3, .blockOldSources, ssm, [a]), record(at: 4, .modeIsInclude, c, [a]),
            record(at: 5, .changeToIncludeMode, group), record(at: 6, .changeToIncludeMode, ssm, [b]),
        ]
        let run = try QuerierRun(frames)
        #expect(run.specific == seconds(5, 6).map { Asked(time: $0, group: group) })
        #expect(run.joined == seconds(1, 2))
        #expect(run.expired == seconds(7, 266))
        #expect(run.count(.invalidMessages) == 1, "a record of an address that is no group")
        #expect(run.count(.reports) == 4)
        #expect(run.count(.leaves) == 1)
    }
}
