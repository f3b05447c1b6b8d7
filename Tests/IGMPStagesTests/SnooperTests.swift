import IGMPQuerier
import IGMPResponder
import IGMPSnooper
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = IPv4Address(239, 255, 0, 100)

/// A frame of the cluster's traffic: a multicast MAC address, which is all that the switch looks at.
private func data(at time: Duration) -> TestFrame {
    TestFrame(at: time, [1, 0, 0x5e, 0x7f, 0, 100, 2, 0, 0, 0, 0, 1, 0x08, 0x00] + [UInt8](repeating: 0, count: 46))
}

@Suite struct SnooperTests {
    private func run(
        _ frames: [TestFrame], _ configure: (inout IGMPSnooper.Configuration) -> Void
    ) throws -> StageRun.Result {
        var run = StageRun()
        try run.add(StageDescriptor(IGMPSnooper.self), configure)
        let result = run.run(frames)
        #expect(result.summary.balanced)
        return result
    }

    /// A host that reports every 60 s for ten minutes, queries every 10 s answered by nobody, and data every second.
    private func faultyHost() -> [TestFrame] {
        let reports = (0..<10).map { frame(at: .seconds(60 * $0), .version2Report(group)) }
        let queries = (0..<60).map { query(at: .seconds(10 * $0) + .milliseconds(5), tenths: 50) }
        let traffic = (0..<600).map { data(at: .seconds($0) + .milliseconds(500)) }
        return (reports + queries + traffic).sorted { $0.time < $1.time }
    }

    @Test func aFixedTimeoutOf260SecondsNeverLosesASixtySecondReporter() throws {
        let result = try run(faultyHost()) { $0.ageing = .fixed }
        #expect(result.counter("expired", of: "igmp-snooper") == 0)
        #expect(result.dropped("no-member", by: "igmp-snooper") == 0)
    }

    @Test func robustnessTimesAFastIntervalLosesItForTheRestOfEachMinute() throws {
        // 2 x 10 s + 5 s = 25 s after each report, so 35 s of each 60 s are without a member.
        let result = try run(faultyHost()) {
            $0.ageing = .robustness
            $0.queryInterval = .seconds(10)
        }
        #expect(result.dropped("no-member", by: "igmp-snooper") == 10 * 35 - 5)
        #expect(result.counter("expired", of: "igmp-snooper") == 10)
        let expired = result.log.filter { $0.message == "expired" }
        // The first report came before the first query told the response time, so 30 s count there.
        #expect(expired.first?.time == Instant(nanoseconds: 30_000_000_000))
        #expect(expired.dropFirst().first?.time == Instant(nanoseconds: 85_000_000_000))
    }

    @Test func aPerQueryPolicyLosesItAfterTheFirstUnansweredQuery() throws {
        let result = try run(faultyHost()) { $0.ageing = .perQuery }
        let expired = result.log.filter { $0.message == "expired" }
        #expect(expired.first?.time == Instant(nanoseconds: 5_105_000_000))
        #expect(expired.first?.fields.first { $0.key == "after" }?.value == "5.105s")
        #expect(expired.count == 10)
    }

    @Test func aLeaveGivesTheMemberTwoSecondsUnlessItReports() throws {
        let join = frame(at: .zero, .version2Report(group))
        let leave = frame(at: .seconds(10), .leave(group))
        let gone = try run([join, leave, data(at: .seconds(11)), data(at: .seconds(13))]) { _ in }
        #expect(gone.frames().filter { $0.octets[12] == 8 && $0.octets[14] == 0 }.count == 1)
        #expect(gone.counter("left", of: "igmp-snooper") == 1)
        let stays = try run([join, leave, frame(at: .seconds(11), .version2Report(group)), data(at: .seconds(13))]) {
            _ in
        }
        #expect(stays.counter("left", of: "igmp-snooper") == 0)
        #expect(stays.dropped("no-member", by: "igmp-snooper") == 0)
    }

    @Test func reportsGoToRouterPortsOnlyAndQueriesPass() throws {
        let result = try run([query(at: .zero), frame(at: .seconds(1), .version2Report(group))]) { _ in }
        #expect(result.frames() == [query(at: .zero)])
        #expect(result.dropped("for-router-ports", by: "igmp-snooper") == 1)
    }

    @Test func onlyReportsOfTheHostOnThePortCount() throws {
        let frames = [frame(at: .zero, .version2Report(group)), data(at: .seconds(1))]
        let result = try run(frames) { $0.host = MACAddress(2, 0, 0, 0, 0, 7) }
        #expect(result.dropped("no-member", by: "igmp-snooper") == 1)
    }

    @Test func whatIsNoIPMulticastAddressPasses() throws {
        let cluster = TestFrame([3, 0xbf, 10, 0, 0, 100] + [UInt8](repeating: 0, count: 54))
        let control = TestFrame([1, 0, 0x5e, 0, 0, 5] + [UInt8](repeating: 0, count: 54))
        let broadcast = TestFrame([UInt8](repeating: 0xff, count: 60))
        let short = TestFrame([1, 0, 0x5e])
        let frames = [cluster, control, broadcast, short, TestFrame([])]
        #expect(try run(frames) { _ in }.frames() == frames)
    }

    @Test func aResponderThatAnswersIsNeverLostUnderAnyPolicy() throws {
        for ageing in Ageing.allCases {
            var run = StageRun()
            run.duration = .seconds(3600)
            try run.add(StageDescriptor(IGMPQuerier.self)) { (configuration: inout IGMPQuerier.Configuration) in
                configuration.interval = .seconds(10)
                configuration.responseTime = .seconds(5)
            }
            try run.add(StageDescriptor(IGMPResponder.self)) { (configuration: inout IGMPResponder.Configuration) in
                configuration.groups = [GroupSetting(group)]
            }
            try run.add(StageDescriptor(IGMPSnooper.self), id: "switch") {
                (configuration: inout IGMPSnooper.Configuration) in
                configuration.ageing = ageing
                configuration.queryInterval = .seconds(10)
            }
            run.connect("igmp-querier", "queries", to: "igmp-responder")
            run.connect("igmp-responder", "reports", to: "switch")
            let result = run.run((0..<3600).map { data(at: .seconds($0) + .milliseconds(500)) })
            #expect(result.summary.balanced)
            #expect(result.counter("expired", of: "switch") == 0, "\(ageing)")
            #expect(result.dropped("no-member", by: "switch") == 0, "\(ageing)")
        }
    }
}
