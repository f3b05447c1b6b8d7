import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group
private let report = IGMPContents.version2Report(group)
/// Just after the query, when its answer isn't out.
private let next = Duration.microseconds(50_000_001)
private let own = MACAddress(2, 0, 0, 0, 0, 1)

/// Whether another host's report takes the place of this one's (RFC 2236 §3), and who tells that it leaves.
@Suite struct SuppressionTests {
    private func run(
        _ frames: [TestFrame], version: Int = 2, suppresses: Bool = true,
        wanting groups: [GroupSetting<IPv4Address>] = wishes((0, .everything)),
        _ configure: (inout IGMPResponder.Configuration) -> Void = { _ in }
    ) throws -> HostRun {
        try HostRun(frames + [TestFrame(at: .seconds(200), [0])]) {
            $0.version = version
            $0.groups = groups
            $0.suppressReports = suppresses
            configure(&$0)
        }
    }

    @Test(arguments: IGMPVersion.all, [report, .version1Report(group), records(inMode(.modeIsExclude))])
    func isOffUnlessAskedFor(version: IGMPVersion, heard: IGMPContents) throws {
        let run = try run(
            [query(at: .seconds(50), version), frame(at: next, heard)], version: 3, suppresses: false)
        #expect(run.answers.count == 1)
    }

    /// In each version that is spoken: what silences the host, and what doesn't.
    @Test(arguments: [
        (IGMPVersion.version1, IGMPContents.version1Report(group), true), (.version1, report, true),
        (.version1, records(inMode(.modeIsExclude)), false),
        (.version2, .version1Report(group), true), (.version2, report, true),
        (.version2, records(inMode(.modeIsExclude)), false), (.version2, .leave(group), false),
        (.version3, .version1Report(group), false), (.version3, report, false),
        (.version3, records(inMode(.modeIsExclude)), false),
    ])
    func isForVersions1And2(_ version: IGMPVersion, heard: IGMPContents, silences: Bool) throws {
        let general = query(at: .seconds(50), version)
        #expect(try run([general, frame(at: next, heard)], version: 3).answers.count == (silences ? 0 : 1))
        guard version != .version1 else { return }
        // The same for a query of the group, in the version that a general one has settled.
        let specific = [query(at: .seconds(30), version, tenths: 10), query(at: .seconds(50), version, group: group)]
        #expect(try run(specific + [frame(at: next, heard)], version: 3).answers.count == (silences ? 0 : 1))
    }

    @Test func isForTheGroupThatWasReported() throws {
        let other = IPv4Address(239, 255, 0, 101)
        let run = try run([query(at: .seconds(50)), frame(at: next, .version2Report(other))]) {
            $0.groups = [GroupSetting(group), GroupSetting(other)]
        }
        #expect(run.answers.map(\.contents) == [report])
    }

    @Test func isForTheNetworkOfTheReport() throws {
        let foreign = frame(at: next, report, tag: VLANTag(identifier: 20))
        let run = try run([query(at: .seconds(50)), foreign]) { $0.vlan = 10 }
        #expect(run.count(.answers) == 1)
        #expect(run.count(.heardReports) == 0)
        #expect(run.count(.otherNetworks) == 1)
    }

    @Test func isNotForAReportThatMustBeIgnored() throws {
        var damaged = frame(at: next, report)
        damaged.octets[41] ^= 1
        #expect(try run([query(at: .seconds(50)), damaged]).answers.map(\.contents) == [report])
    }

    /// A bridge may send a host's own frames back to it.
    @Test func theHostsOwnReportDoesNotSilenceIt() throws {
        let looped = frame(at: next, report, from: own)
        let run = try run([query(at: .seconds(50)), looped], wanting: wishes((0, .everything), (80, .nothing)))
        expect(run.answers, are: [.within(50, 59.8, report), .at(80, .leave(group))])
        #expect(run.count(.heardReports) == 0)
    }

    /// As the host's every frame comes back to it, as soon as it is sent.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func aLoopChangesNothing(seed: UInt64) throws {
        func reports(loops: Bool) throws -> [TestFrame] {
            var run = StageRun()
            run.seed = seed
            try run.add(IGMPResponder.self) {
                $0.groups = wishes((0, .everything), (80, .nothing))
                $0.version = 2
                $0.suppressReports = true
            }
            if loops { run.connect("igmp-responder", "reports", to: "igmp-responder") }
            let frames = [TestFrame([0]), query(at: .seconds(50)), TestFrame(at: .seconds(200), [0])]
            let result = run.run(frames)
            #expect(result.imbalances == [])
            // What came back has passed through the stage.
            return loops
                ? result.frames().filter { !frames.contains($0) } : result.frames("igmp-responder.reports")
        }
        let (looped, straight) = (try reports(loops: true), try reports(loops: false))
        #expect(straight.count == 4)
        #expect(looped == straight)
    }

    @Test func whoWasSilencedDoesNotTellThatItLeaves() throws {
        let settings = wishes((0, .everything), (80, .nothing))
        #expect(try run([query(at: .seconds(50)), frame(at: next, report)], wanting: settings).answers == [])
        // Silenced in the repetition of joining, it hasn't been the last one either.
        #expect(
            try run([frame(at: .microseconds(1), report)], wanting: settings).sent(after: .microseconds(1)) == [])
    }

    @Test func whoReportsAgainTellsThatItLeaves() throws {
        let frames = [query(at: .seconds(50)), frame(at: next, report), query(at: .seconds(70))]
        let run = try run(frames, wanting: wishes((0, .everything), (90, .nothing)))
        expect(run.answers, are: [.within(70, 79.8, report), .at(90, .leave(group))])
    }

    /// A report is one, whatever it was sent for: after it the host is the last reporter.
    @Test func whoReportsOnItsFixedTimerTellsThatItLeaves() throws {
        let run = try run(
            [query(at: .seconds(50)), frame(at: next, report)], wanting: wishes((0, .everything), (70, .nothing))
        ) { $0.reportInterval = .seconds(60) }
        expect(run.answers, are: [.at(60, report), .at(70, .leave(group))])
    }

    @Test func ofTenThousandHostsReportsOnlyTheNamedGroupFallsSilent() throws {
        let groups = (0..<10_000 as Range<UInt32>).map { IPv4Address(rawValue: 0xef01_0000 + $0) }
        let heard = stride(from: 0, to: 10_000, by: 2).map { frame(at: next, .version2Report(groups[$0])) }
        let run = try run([query(at: .seconds(50))] + heard, wanting: groups.map { GroupSetting($0) })
        let answered = Set(run.sent(after: next).flatMap(\.groups))
        #expect(answered == Set(stride(from: 1, to: 10_000, by: 2).map { groups[$0] }))
    }
}
