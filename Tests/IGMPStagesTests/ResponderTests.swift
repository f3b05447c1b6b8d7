import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group

/// What a host does on a network, whatever the version: the stimuli and what must be seen.
@Suite struct ResponderTests {
    @Test func theFaultOfKB838408ReportsEverySixtySecondsAndIsDeaf() throws {
        let run = try HostRun((0..<30).map { query(at: .seconds(10 * $0)) }) {
            $0.version = 2
            $0.answer = .never
            $0.reportInterval = .seconds(60)
        }
        #expect(
            run.sent == [0, 60, 120, 180, 240].map { Report(time: .seconds($0), contents: .version2Report(group)) })
        #expect(run.count(.queries) == 30)
        #expect(run.count(.ignoredQueries) == 30)
        #expect(run.count(.answers) == 0)
    }

    @Test func answersAndASlowReportGoTogether() throws {
        let run = try HostRun([query(at: .seconds(90))], for: .seconds(130)) {
            $0.version = 2
            $0.reportInterval = .seconds(60)
        }
        #expect(run.sent(after: .seconds(20)).filter { [.seconds(60), .seconds(120)].contains($0.time) }.count == 2)
        #expect(run.sent(after: .seconds(90), until: .seconds(100)).count == 1)
        #expect(run.count(.answers) == 1)
    }

    @Test func aReportOnTheFixedTimerIsOneOfTheVersionInUse() throws {
        let run = try HostRun([query(at: .seconds(70), .version1)], for: .seconds(125)) {
            $0.answer = .never
            $0.reportInterval = .seconds(60)
        }
        #expect(
            run.sent.map(\.contents) == [
                .version3Report([inMode(.changeToExcludeMode)]), .version3Report([inMode(.modeIsExclude)]),
                .version1Report(group),
            ])
    }

    @Test func aSecondQueryWithLessTimeIsAnsweredInItsTime() throws {
        var before = 0
        for seed in 1...40 as ClosedRange<UInt64> {
            let run = try HostRun([query(at: .seconds(50)), query(at: .seconds(51), tenths: 10)], seed: seed)
            let early = run.answers.filter { $0.time <= .seconds(51) }.count
            #expect(run.answers.count == early + 1, "seed \(seed)")
            #expect(run.answers.allSatisfy { $0.time <= .seconds(52) }, "seed \(seed)")
            before += early
        }
        #expect(0 < before && before < 40)
    }

    @Test(arguments: IGMPVersion.all) func aFloodOfQueriesPostponesNothing(_ version: IGMPVersion) throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let flood = (1...50).map { query(at: .seconds(50) + .milliseconds(100 * $0), version, tenths: 100) }
            let run = try HostRun([query(at: .seconds(50), version, tenths: 10)] + flood, seed: seed)
            let first = try #require(run.answers.first)
            #expect(first.time <= .seconds(version == .version1 ? 60 : 51), "seed \(seed)")
        }
    }

    @Test func aGroupThatIsNotJoinedIsNotAnswered() throws {
        let foreign = IPv4Address(239, 1, 1, 1)
        for version in [IGMPVersion.version2, .version3] {
            let run = try HostRun([
                query(at: .seconds(50), version, group: foreign, tenths: 10),
                query(at: .seconds(52), version, group: .allSystems, tenths: 10),
            ])
            #expect(run.answers == [])
            #expect(run.count(.queries) == 2)
        }
    }

    @Test func onlyTheNetworkThatWasAskedAnswers() throws {
        var run = StageRun()
        for vlan in [10, 20] {
            try run.add(IGMPResponder.self, id: "vlan\(vlan)") {
                $0.groups = [GroupSetting(group)]
                $0.vlan = vlan
            }
        }
        let tag = VLANTag(priority: 5, identifier: 20)
        let result = run.run([TestFrame([0]), query(at: .seconds(50), .version2, tag: tag)])
        #expect(result.imbalances == [])
        let answers = result.frames("vlan20.reports").filter { $0.time > .seconds(50) }
        try #require(answers.count == 1)
        let expected = frame(
            at: answers[0].time, .version2Report(group), from: MACAddress(2, 0, 0, 0, 0, 1), source: .unspecified,
            tag: VLANTag(identifier: 20))
        #expect(answers[0] == expected)
        #expect(result.frames("vlan10.reports").filter { $0.time > .seconds(50) } == [])
        #expect(result.counter("other-networks", of: "vlan10") == 1)
        #expect(result.counter("version-changes", of: "vlan10") == 0)
        #expect(result.counter("version-changes", of: "vlan20") == 1)
    }

    @Test func aTimeStampThatGoesBackAnHourDelaysNothing() throws {
        let late = Duration.seconds(4000)
        let frames = [
            query(at: late), TestFrame(at: late - .seconds(3600), [0]), TestFrame(at: late + .seconds(20), [0]),
        ]
        let answers = try HostRun(frames).sent(after: late)
        #expect(answers.count == 1)
        #expect(answers.allSatisfy { $0.time <= late + .seconds(10) })
    }

    @Test func aHostWithoutAnAddressReportsFromTheUnspecifiedOne() throws {
        for version in 1...3 {
            let frames = try HostRun([query(at: .seconds(50))]) { $0.version = version }.result
                .frames("igmp-responder.reports")
            #expect(frames.count >= 2)
            for frame in frames { #expect(Array(frame.octets[26..<30]) == [0, 0, 0, 0]) }
        }
    }

    @Test func theSameSeedGivesTheSameOctetsAndAnotherDoesNot() throws {
        let queries = (1...20).map { query(at: .seconds(20 * $0)) }
        let runs = try [3, 3, 4].map { try HostRun(queries, seed: $0).sent }
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2])
    }

    @Test func aHostThatStartsWithinAMinuteJoinsThere() throws {
        let times = try (1...40).map { seed in
            try #require(
                try HostRun([TestFrame(at: .seconds(70), [0])], seed: UInt64(seed)) { $0.joinWithin = .seconds(60) }
                    .sent.first?.time)
        }
        #expect(times.allSatisfy { $0 > .zero && $0 <= .seconds(60) })
        #expect(times.contains { $0 < .seconds(20) } && times.contains { $0 > .seconds(40) })
    }
}

extension IGMPVersion {
    static var all: [IGMPVersion] { [.version1, .version2, .version3] }
}
