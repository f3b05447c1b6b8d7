import IGMPResponder
import IGMPSnooper
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

@testable import WeirMembership

private let group = IPv4Address(239, 255, 0, 100)
private let start = Instant(nanoseconds: 1_000_000_000)

/// Ageing as a formula, and as the stage has it.
@Suite struct AgeingTests {
    private func policy(_ ageing: Ageing, robustness: Int = 2) -> AgeingPolicy {
        AgeingPolicy(
            ageing: ageing, timeout: .seconds(260), robustness: robustness, queryInterval: .seconds(125),
            slack: .milliseconds(100))
    }

    @Test func aMemberIsGivenUpWhenThePolicySays() {
        #expect(policy(.fixed).expiry(afterReportAt: start) == start + .seconds(260))
        #expect(policy(.robustness).expiry(afterReportAt: start) == start + .seconds(260))
        #expect(policy(.robustness, robustness: 3).expiry(afterReportAt: start) == start + .seconds(385))
        #expect(policy(.perQuery).expiry(afterReportAt: start) == nil)
        #expect(policy(.fixed).expiry(afterQueryAt: start) == nil)
        #expect(policy(.robustness).expiry(afterQueryAt: start) == nil)
        #expect(policy(.perQuery).expiry(afterQueryAt: start) == start + .milliseconds(10_100))
    }

    @Test func groupsWithOneMACAddressShareAnEntry() throws {
        var table = MembershipTable(ports: 1, capacity: 10)
        var changes: [MembershipChange] = []
        func enter(_ group: IPv4Address) throws -> Int {
            let key = try #require(GroupKeying.mac.key(of: group, vlan: 0))
            return try #require(table.enter(key, group: group, vlan: 0, at: start, &changes))
        }
        let number = try enter(IPv4Address(239, 127, 1, 2))
        #expect(try enter(IPv4Address(224, 255, 1, 2)) == number)
        #expect(try enter(IPv4Address(239, 255, 1, 2)) == number)
        let key = ForwardingKey(MACAddress(0x01, 0, 0x5e, 0x7f, 1, 2), vlan: 0)
        #expect(table.members(of: key) == PortSet())
        let first = table.toggle(table.membership(of: number, on: 0), at: start)
        #expect(first == .zero)
        #expect(table.members(of: key) == PortSet(0))
        let lasted = table.toggle(table.membership(of: number, on: 0), at: start + .seconds(3))
        #expect(lasted == .seconds(3))
        #expect(table.members(of: key) == PortSet())
        #expect(table.indices == 0..<1)
        #expect(changes == [])
    }

    @Test func whatIsFloodedOrIsNoGroupHasNoKey() {
        for address in [IPv4Address(224, 0, 0, 251), IPv4Address(239, 0, 0, 9), IPv4Address(1, 127, 0, 100)] {
            #expect(GroupKeying.mac.key(of: address, vlan: 0) == nil)
        }
        for address in [IPv4Address(224, 0, 0, 251), IPv4Address(1, 127, 0, 100)] {
            #expect(GroupKeying.ip.key(of: address, vlan: 0) == nil)
        }
        #expect(GroupKeying.ip.key(of: IPv4Address(239, 0, 0, 9), vlan: 0) != nil)
    }

    // MARK: A host that reports every 60 s and hears no query, against the formulas

    /// Reports from 1 s on, for so many minutes, with queries from 0 s on.
    private func faultyHost(minutes: Int, interval: Int, response: Int) -> [TestFrame] {
        let end = 1 + 60 * minutes
        let queries = stride(from: 0, through: end, by: interval).map {
            query(at: .seconds($0), tenths: 10 * response)
        }
        let reports = (0..<minutes).map { frame(at: .seconds(1 + 60 * $0), .version2Report(group)) }
        return (queries + reports + [TestFrame(at: .seconds(end), [0])]).sorted { $0.time < $1.time }
    }

    /// Robustness 2: out for 60 s - 2 Q - R of each minute, and never from Q = 25 s on with R = 10 s.
    @Test(arguments: [(10, 5), (15, 10), (20, 10), (24, 10), (25, 10), (125, 10)])
    func robustnessLosesASixtySecondReporterAsTheFormulaSays(interval: Int, response: Int) throws {
        var run = StageRun()
        try run.add(IGMPSnooper.self) { $0.queryInterval = .seconds(interval) }
        let result = run.run(faultyHost(minutes: 20, interval: interval, response: response))
        #expect(result.imbalances == [])
        let outage = 20 * max(0, 60 - 2 * interval - response)
        #expect(result.counter("milliseconds-without-member", of: "igmp-snooper") == UInt64(1000 * outage))
    }

    /// Queries every 125 s meet a 60 s timer in twelve phases, 5 s apart; ten of them have no report within 10 s.
    @Test func perQueryLosesASixtySecondReporterAtTenQueriesOfTwelve() throws {
        var run = StageRun()
        try run.add(IGMPSnooper.self) { $0.ageing = .perQuery }
        let result = run.run(faultyHost(minutes: 25, interval: 125, response: 10))
        #expect(result.imbalances == [])
        #expect(result.counter("expired", of: "igmp-snooper") == 10)
    }

    // MARK: Leaves (RFC 2236 §8.8, §8.9)

    private func data(at time: Duration) -> TestFrame {
        TestFrame(at: time, [1, 0, 0x5e, 0x7f, 0, 100, 2, 0, 0, 0, 0, 1, 8, 0] + [UInt8](repeating: 0, count: 46))
    }

    /// After another host's leave the router asks twice, a second apart.
    private var afterALeave: [TestFrame] {
        let queries = [10, 11].map { query(at: .seconds($0), group: group, tenths: 10) }
        let traffic = (0..<60).map { data(at: .seconds($0) + .milliseconds(500)) }
        return (queries + traffic).sorted { $0.time < $1.time }
    }

    @Test func aHostDeafToSpecificQueriesIsGoneTwoSecondsAfterTheFirst() throws {
        var run = StageRun()
        try run.add(IGMPSnooper.self) { $0.ageing = .fixed }
        let reports = [0, 60].map { frame(at: .seconds($0), .version2Report(group)) }
        let result = run.run([reports[0]] + afterALeave + [reports[1], data(at: .milliseconds(60_500))])
        #expect(result.imbalances == [])
        #expect(result.log.filter { $0.message == "left" }.map(\.time) == [Instant(nanoseconds: 12_000_000_000)])
        #expect(result.counter("milliseconds-without-member", of: "igmp-snooper") == 48_000)
        #expect(result.dropped("no-member", by: "igmp-snooper") == 48)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func aHostThatAnswersThemStays(seed: UInt64) throws {
        var run = StageRun()
        run.seed = seed
        try run.add(IGMPResponder.self) { $0.groups = [GroupSetting(group)] }
        try run.add(IGMPSnooper.self, id: "switch") { $0.ageing = .fixed }
        run.connect("igmp-responder", "reports", to: "switch")
        let result = run.run(afterALeave)
        #expect(result.imbalances == [])
        #expect(result.counter("left", of: "switch") == 0)
        #expect(result.dropped("no-member", by: "switch") == 0)
    }

    @Test(arguments: [IGMPGroupRecordType.changeToIncludeMode, .modeIsInclude])
    func includingNothingIsALeave(_ type: IGMPGroupRecordType) throws {
        var run = StageRun()
        try run.add(IGMPSnooper.self)
        let join = IGMPGroupRecord(type: .changeToExcludeMode, multicastAddress: group)
        let leave = IGMPGroupRecord(type: type, multicastAddress: group)
        let result = run.run([
            frame(at: .zero, .version3Report([join])), frame(at: .seconds(10), .version3Report([leave])),
            data(at: .milliseconds(11_900)), data(at: .milliseconds(12_100)),
        ])
        #expect(result.imbalances == [])
        #expect(result.counter("joined", of: "igmp-snooper") == 1)
        #expect(result.counter("left", of: "igmp-snooper") == 1)
        #expect(result.frames() == [data(at: .milliseconds(11_900))])
    }

    @Test func reportsOfWhatIsFloodedJoinNothing() throws {
        var run = StageRun()
        try run.add(IGMPSnooper.self)
        let result = run.run([
            frame(at: .zero, .version2Report(IPv4Address(224, 0, 0, 251))), TestFrame(at: .seconds(1000), [0]),
        ])
        #expect(result.imbalances == [])
        #expect(result.counter("joined", of: "igmp-snooper") == 0)
        #expect(result.counter("milliseconds-without-member", of: "igmp-snooper") == 0)
    }
}
