import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group

/// RFC 2236 §4 and §8.11: a host of version 2 beside routers of version 1; RFC 2236 §8.10 and §9.
@Suite struct RFC2236VersionTests {
    private func run(
        _ frames: [TestFrame], until end: Double = 2000,
        wanting groups: [GroupSetting<IPv4Address>] = wishes((0, .everything))
    ) throws -> HostRun {
        try HostRun(frames + [TestFrame(at: .inMicroseconds(end), [0])]) {
            $0.version = 2
            $0.groups = groups
        }
    }

    @Test func aResponseTimeOf0IsTenSecondsAndAVersion1Report() throws {
        let times = try (1...40 as ClosedRange<UInt64>).map { seed in
            let run = try HostRun([query(at: .seconds(50), .version1)], seed: seed) { $0.version = 2 }
            expect(run.answers, are: [.within(50, 59.8, .version1Report(group))])
            return run.answers[0].time
        }
        #expect(times.contains { $0 > .seconds(55) })
    }

    @Test func aVersion1RouterIsRememberedFor400Seconds() throws {
        let run = try run([query(at: .seconds(50), .version1), query(at: .seconds(449)), query(at: .seconds(460))])
        #expect(run.versions == ["50.0 IGMPv1", "450.0 IGMPv2"])
        // What was pending when the version changed is given up.
        #expect(run.answers.map(\.contents).first == .version1Report(group))
        #expect(run.answers.last?.contents == .version2Report(group))
    }

    @Test func everyVersion1QueryStartsTheTimerAnew() throws {
        let run = try run([50, 300, 600].map { query(at: .seconds($0), .version1) })
        #expect(run.versions == ["50.0 IGMPv1", "1000.0 IGMPv2"])
    }

    @Test func aVersion2QueryDoesNotEndVersion1() throws {
        let run = try run([query(at: .seconds(50), .version1), query(at: .seconds(100))], until: 200)
        #expect(run.answers.map(\.contents) == [.version1Report(group), .version1Report(group)])
        #expect(run.versions == ["50.0 IGMPv1"])
    }

    @Test func thereIsNoLeavingInVersion1() throws {
        let settings = wishes((0, .everything), (100, .nothing), (500, .everything), (520, .nothing))
        let run = try run([query(at: .seconds(50), .version1)], until: 600, wanting: settings)
        expect(
            run.sent(after: .seconds(70)),
            are: [
                .at(500, .version2Report(group)), .within(500, 510, .version2Report(group)), .at(520, .leave(group)),
            ])
    }

    @Test func joiningBesideAVersion1RouterIsAVersion1Report() throws {
        let run = try run(
            [query(at: .seconds(50), .version1)], until: 200, wanting: wishes((100, .everything)))
        expect(
            run.answers, are: [.at(100, .version1Report(group)), .within(100, 110, .version1Report(group))])
    }

    /// It has octets of version 1 and 2 in front; what is behind them only says how long it is.
    @Test func aVersion3QueryIsAnsweredInVersion2() throws {
        let run = try run([query(at: .seconds(50), .version3, tenths: 10)], until: 200)
        expect(run.answers, are: [.within(50, 50.8, .version2Report(group))])
        #expect(run.versions == [])
    }

    @Test func reportsGoToTheGroupAndLeavesToAllRouters() throws {
        let frames = try run([], until: 100, wanting: wishes((0, .everything), (50, .nothing))).result
            .frames("igmp-responder.reports")
        #expect(frames.map { Array($0.octets[30..<34]) } == [octets(group), octets(group), [224, 0, 0, 2]])
        #expect(frames.map { Array($0.octets[..<6]) }.last == [1, 0, 0x5e, 0, 0, 2])
        #expect(Array(frames[1].octets[38..<46]) == [0x16, 0, 0xf9, 0x9b, 239, 255, 0, 100])
        #expect(Array(frames[2].octets[38..<46]) == [0x17, 0, 0xf8, 0x9b, 239, 255, 0, 100])
    }
}
