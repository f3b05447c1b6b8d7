import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group
private let report = IGMPContents.version2Report(group)
private let seeds = 1...20 as ClosedRange<UInt64>

/// RFC 2236 §3 and §6: the states of a group, row by row, on a host of version 2.
@Suite struct RFC2236StateTests {
    private func run(
        _ frames: [TestFrame] = [], seed: UInt64 = 1, suppresses: Bool = true,
        wanting groups: [GroupSetting<IPv4Address>] = wishes((0, .everything))
    ) throws -> HostRun {
        try HostRun(frames + [TestFrame(at: .seconds(200), [0])], seed: seed) {
            $0.version = 2
            $0.groups = groups
            $0.suppressReports = suppresses
        }
    }

    @Test(arguments: seeds) func nonMemberJoins(seed: UInt64) throws {
        expect(try run(seed: seed).sent, are: [.at(0, report), .within(0, 10, report)])
    }

    @Test(arguments: seeds) func nonMemberIgnoresQueriesAndReports(seed: UInt64) throws {
        let frames = [query(at: .seconds(50)), query(at: .seconds(70), group: group), frame(at: .seconds(90), report)]
        #expect(try run(frames, seed: seed, wanting: wishes((0, .nothing))).sent == [])
        #expect(try run(frames, seed: seed, wanting: wishes((0, .everything), (30, .nothing))).answers == [])
    }

    @Test(arguments: seeds) func delayingMembersTimerFiresAndItIsIdle(seed: UInt64) throws {
        let run = try run([query(at: .seconds(50))], seed: seed)
        expect(run.answers, are: [.within(50, 59.8, report)])
    }

    @Test(arguments: seeds) func delayingMemberHearsAQueryWithLessTimeThanRemains(seed: UInt64) throws {
        let alone = try run([query(at: .seconds(50))], seed: seed).answers[0].time
        // A millisecond before it is due 0.1 s are no less than what remains, at the start they are.
        let soon = try run([query(at: .seconds(50)), query(at: .microseconds(50_000_001), tenths: 1)], seed: seed)
        #expect(soon.answers.count == 1)
        #expect(soon.answers[0].time <= .microseconds(50_075_001))
        let late = try run([query(at: .seconds(50)), query(at: alone - .milliseconds(1), tenths: 1)], seed: seed)
        #expect(late.answers.map(\.time) == [alone])
    }

    @Test(arguments: seeds) func delayingMemberHearsAQueryWithMoreTimeThanRemains(seed: UInt64) throws {
        let alone = try run([query(at: .seconds(50), tenths: 10)], seed: seed).answers[0].time
        let again = (1...9).map { query(at: .seconds(50) + (alone - .seconds(50)) * $0 / 10, tenths: 255) }
        #expect(try run([query(at: .seconds(50), tenths: 10)] + again, seed: seed).answers.map(\.time) == [alone])
    }

    @Test(arguments: seeds, [IPv4Address.unspecified, group])
    func idleMemberHearsAQuery(seed: UInt64, asked: IPv4Address) throws {
        let run = try run([query(at: .seconds(50), group: asked, tenths: 30)], seed: seed)
        expect(run.answers, are: [.within(50, 52.8, report)])
    }

    @Test(arguments: seeds, [report, .version1Report(group)])
    func delayingMemberHearsAReport(seed: UInt64, heard: IGMPContents) throws {
        let frames = [query(at: .seconds(50)), frame(at: .microseconds(50_000_001), heard)]
        let settings = wishes((0, .everything), (80, .nothing))
        // The timer is stopped, and the host is the last reporter no more.
        #expect(try run(frames, seed: seed, wanting: settings).answers == [])
    }

    @Test(arguments: seeds, [report, .version1Report(group)])
    func idleMemberHearsAReport(seed: UInt64, heard: IGMPContents) throws {
        let settings = wishes((0, .everything), (80, .nothing))
        let run = try run([frame(at: .seconds(50), heard)], seed: seed, wanting: settings)
        expect(run.answers, are: [.at(80, .leave(group))], "it stays the last reporter")
    }

    @Test(arguments: seeds) func delayingMemberHearsAReportOfAnotherGroup(seed: UInt64) throws {
        let other = frame(at: .microseconds(50_000_001), .version2Report(IPv4Address(239, 255, 0, 101)))
        expect(try run([query(at: .seconds(50)), other], seed: seed).answers, are: [.within(50, 59.8, report)])
    }

    @Test(arguments: seeds) func delayingMemberLeaves(seed: UInt64) throws {
        let settings = wishes((0, .everything), (50.000_001, .nothing))
        let run = try run([query(at: .seconds(50))], seed: seed, wanting: settings)
        expect(run.answers, are: [.at(50.000_001, .leave(group))], "the answer is given up")
    }

    @Test(arguments: [true, false]) func idleMemberLeaves(suppresses: Bool) throws {
        let run = try run(suppresses: suppresses, wanting: wishes((0, .everything), (80, .nothing)))
        expect(run.answers, are: [.at(80, .leave(group))])
    }

    /// Who doesn't suppress may always tell.
    @Test func withoutSuppressionEveryHostTellsThatItLeaves() throws {
        let frames = [query(at: .seconds(50)), frame(at: .microseconds(50_000_001), report)]
        let run = try run(frames, suppresses: false, wanting: wishes((0, .everything), (80, .nothing)))
        expect(run.answers, are: [.within(50, 59.8, report), .at(80, .leave(group))])
    }

    @Test(arguments: seeds) func leavingDuringTheRepetitionOfJoiningGivesItUp(seed: UInt64) throws {
        let run = try run(seed: seed, wanting: wishes((0, .everything), (0.000_001, .nothing)))
        expect(run.sent, are: [.at(0, report), .at(0.000_001, .leave(group))])
    }

    @Test(arguments: seeds) func whoJoinsAgainRepeatsAgain(seed: UInt64) throws {
        let settings = wishes((0, .everything), (50, .nothing), (60, .everything))
        let run = try run(seed: seed, wanting: settings)
        expect(
            run.sent(after: .seconds(20)), are: [.at(50, .leave(group)), .at(60, report), .within(60, 70, report)])
    }

    @Test(arguments: seeds) func aRepetitionThatIsDueInTimeAnswers(seed: UInt64) throws {
        let repetition = try run(seed: seed).sent[1].time
        let run = try run([query(at: repetition - .milliseconds(1))], seed: seed)
        #expect(run.sent.map(\.time) == [.zero, repetition])
        #expect(run.count(.answers) == 1)
    }

    /// A repetition on joining is spread over 10 s: a query with less time makes it come sooner.
    @Test(arguments: seeds) func aRepetitionThatIsDueTooLateMovesEarlier(seed: UInt64) throws {
        let run = try run([query(at: .microseconds(1), tenths: 1)], seed: seed)
        expect(run.sent, are: [.at(0, report), .within(0.000_001, 0.075_001, report)])
    }

    @Test func sourcesCannotBeTold() throws {
        let source = IPv4Address(192, 0, 2, 7)
        let settings = wishes(
            (0, Filter(.include, [source])), (50, Filter(.exclude, [source])), (60, .everything), (70, .nothing))
        let run = try run([query(at: .seconds(30))], wanting: settings)
        expect(
            run.sent(after: .seconds(20)), are: [.within(30, 39.8, report), .at(70, .leave(group))],
            "a member is a member")
    }
}
