import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group
private let seeds = 1...20 as ClosedRange<UInt64>

/// RFC 1112 Appendix I: a host of version 1.
@Suite struct RFC1112HostTests {
    private func run(
        _ frames: [TestFrame] = [], seed: UInt64 = 1,
        _ configure: (inout IGMPResponder.Configuration) -> Void = { _ in }
    ) throws -> HostRun {
        try HostRun(frames, seed: seed) {
            $0.version = 1
            configure(&$0)
        }
    }

    @Test(arguments: seeds) func joiningIsReportedAtOnceAndAgainAfterAShortDelay(seed: UInt64) throws {
        expect(
            try run(seed: seed).sent,
            are: [.at(0, .version1Report(group)), .within(0, 10, .version1Report(group))])
    }

    @Test(arguments: seeds) func aQueryIsAnsweredWithinTenSeconds(seed: UInt64) throws {
        let run = try run([query(at: .seconds(50), .version1)], seed: seed)
        expect(run.answers, are: [.within(50, 59.8, .version1Report(group))])
    }

    @Test(arguments: seeds) func everyGroupHasADelayOfItsOwn(seed: UInt64) throws {
        let groups = (1...3).map { IPv4Address(239, 255, 0, $0) }
        let run = try run([query(at: .seconds(50), .version1)], seed: seed) {
            $0.groups = groups.map { GroupSetting($0) }
        }
        #expect(run.answers.flatMap(\.groups).sorted() == groups)
        #expect(Set(run.answers.map(\.time)).count == 3)
    }

    @Test(arguments: seeds) func aTimerThatRunsIsLeftAlone(seed: UInt64) throws {
        let first = try run([query(at: .seconds(50), .version1)], seed: seed).answers[0].time
        let second = first - .milliseconds(1)
        let both = try run([query(at: .seconds(50), .version1), query(at: second, .version1)], seed: seed)
        #expect(both.answers.map(\.time) == [first])
    }

    @Test(arguments: seeds) func aReportOfAnotherHostStopsTheTimer(seed: UInt64) throws {
        let frames = [
            query(at: .seconds(50), .version1),
            frame(at: .seconds(50) + .microseconds(1), .version1Report(group)),
        ]
        #expect(try run(frames, seed: seed) { $0.suppressReports = true }.answers == [])
    }

    @Test func reportsGoToTheGroupItselfWithATTLOf1() throws {
        for frame in try run([query(at: .seconds(50), .version1)]).result.frames("igmp-responder.reports") {
            #expect(Array(frame.octets[..<6]) == [1, 0, 0x5e, 0x7f, 0, 100])
            #expect(Array(frame.octets[30..<34]) == octets(group))
            #expect(frame.octets[22] == 1)
            #expect(Array(frame.octets[38..<46]) == [0x12, 0, 0xfd, 0x9b, 239, 255, 0, 100])
        }
    }

    @Test func nothingIsSaidOnLeaving() throws {
        let run = try run([TestFrame(at: .seconds(60), [0])]) { $0.groups = wishes((0, .everything), (30, .nothing)) }
        #expect(run.sent(after: .seconds(20)) == [])
    }

    @Test func allSystemsIsNeverReported() throws {
        let asked = igmpFrame([0x11, 0, 0, 0, 224, 0, 0, 1])
        #expect(try run([asked]).answers.flatMap(\.groups).contains(.allSystems) == false)
        #expect(throws: ConfigurationError.self) { try run { $0.groups = [GroupSetting(.allSystems)] } }
    }

    /// The field is zeroed when sent, and ignored when received.
    @Test func theGroupOfAQueryIsIgnored() throws {
        let others = [IPv4Address(239, 1, 1, 1), group].map(octets)
        for other in others {
            let run = try HostRun([igmpFrame([0x11, 0, 0, 0] + other)])
            expect(run.answers, are: [.within(50, 59.8, .version1Report(group))])
            #expect(run.versions == ["50.0 IGMPv1"])
        }
    }
}
