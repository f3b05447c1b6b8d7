import Switch
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What the switch learns from IGMP, and when it gives it up.
@Suite struct SnoopingTests {
    // MARK: Where messages go (RFC 4541 §2.1.1)

    @Test func reportsAndLeavesGoToRouterPortsOnly() throws {
        let leave = igmp(at: 3, .leave(group))
        let third = igmp(
            at: 4, .version3Report([IGMPGroupRecord(type: .changeToExcludeMode, multicastAddress: group)]))
        let lan = try LAN(ports: 4, [1: [query(at: 1)], 2: [report(at: 2), leave, third]])
        for frame in [report(at: 2), leave, third] { #expect(lan.ports(of: frame) == [1]) }
        #expect(lan.ports(of: query(at: 1)) == [2, 3, 4])
        #expect(lan.count(.reports, 2) == 2)
        #expect(lan.count(.queries, 1) == 1)
    }

    @Test func withoutARouterPortReportsGoNowhere() throws {
        let lan = try LAN([2: [report(at: 2), igmp(at: 3, .leave(group))]])
        #expect(lan.dropped(.forRouterPorts) == 2)
    }

    @Test func configuredRouterPortsNeedNoQuery() throws {
        let lan = try LAN([2: [report(at: 2)], 1: [ipv4(at: 3, to: IPv4Address(239, 1, 1, 1))]]) {
            $0.routerPorts = [3]
        }
        #expect(lan.ports(of: report(at: 2)) == [3])
        #expect(lan.ports(of: ipv4(at: 3, to: IPv4Address(239, 1, 1, 1))) == [3])
        #expect(lan.log == ["2s joined port2 239.255.0.100"])
    }

    @Test func aQueryFromNoAddressMakesNoRouterPort() throws {
        let lan = try LAN([1: [query(at: 1, ip: .unspecified)], 2: [report(at: 2)]])
        #expect(lan.ports(of: query(at: 1, ip: .unspecified)) == [2, 3])
        #expect(lan.dropped(.forRouterPorts) == 1)
        #expect(lan.log == ["2s joined port2 239.255.0.100"])
    }

    @Test func aRouterPortExpiresAfterItsTimeoutSinceTheLastQuery() throws {
        let reports = [354.9, 355.1].map { report(at: $0) }
        let lan = try LAN(until: .seconds(400), [1: [query(at: 1), query(at: 100)], 2: reports])
        #expect(lan.ports(of: reports[0]) == [1])
        #expect(lan.ports(of: reports[1]) == [])
        #expect(lan.log.filter { $0.contains("router") } == ["1s router port port1", "355s router port expired port1"])
    }

    @Test func invalidAndUnknownIGMPFloodsAndChangesNothing() throws {
        var wrongSum = report(at: 2)
        wrongSum.octets[14 + 24 + 2] ^= 1
        var unknown = report(at: 3)
        unknown.octets[14 + 24] = 0x99
        unknown.octets[14 + 24 + 2] = 0x76
        unknown.octets[14 + 24 + 3] = 0x9b
        var longLived = report(at: 4)
        longLived.octets[14 + 8] = 2
        let frames = [wrongSum, unknown, longLived]
        let lan = try LAN(ports: 4, [1: [query(at: 1)], 2: frames])
        for frame in frames { #expect(lan.ports(of: frame) == [1, 3, 4]) }
        #expect(lan.count(.reports, 2) == 0)
        #expect(lan.log == ["1s router port port1"])
        #expect(lan.count(.flooded) == 0)
    }

    @Test func groupsOf224_0_0AreReportedButNotEntered() throws {
        let frame = report(at: 2, IPv4Address(224, 0, 0, 251))
        let lan = try LAN([1: [query(at: 1)], 2: [frame]])
        #expect(lan.ports(of: frame) == [1])
        #expect(lan.count(.reports, 2) == 1)
        #expect(lan.count(.joined, 2) == 0)
    }

    // MARK: Ageing

    @Test(arguments: [
        (Ageing.fixed, "100s expired port2 239.255.0.100"), (.robustness, "45s expired port2 239.255.0.100"),
        (.perQuery, "25500ms expired port2 239.255.0.100"),
    ])
    func aMemberExpiresAsThePolicySays(ageing: Ageing, expected: String) throws {
        let lan = try LAN(
            until: .seconds(200), [1: [query(at: 1, tenths: 50), query(at: 20, tenths: 50)], 2: [report(at: 10)]]
        ) {
            $0.ageing = ageing
            $0.timeout = .seconds(90)
            $0.queryInterval = .seconds(15)
            $0.slack = .milliseconds(500)
        }
        #expect(lan.log.dropFirst(2).prefix(1) == [expected])
        #expect(lan.count(.expired, 2) == 1)
    }

    @Test func aReportOnOnePortKeepsNoOther() throws {
        let reports = (0..<10).map { report(at: Double(1 + $0)) }
        let lan = try LAN(until: .seconds(30), [1: reports, 2: [report(at: 1)]]) {
            $0.ageing = .fixed
            $0.timeout = .seconds(5)
        }
        #expect(lan.log.suffix(2) == ["6s expired port2 239.255.0.100", "15s expired port1 239.255.0.100"])
    }

    @Test func outagesAddUpAndTheLongestIsTold() throws {
        let other = IPv4Address(239, 2, 2, 2)
        let reports = [1, 20, 60].map { report(at: $0) } + [1, 31].map { report(at: $0, other) }
        let lan = try LAN(until: .seconds(64), [2: reports]) {
            $0.ageing = .fixed
            $0.timeout = .seconds(10)
        }
        // 11 to 20 s and 30 to 60 s; 11 to 31 s, and 41 s to the end.
        #expect(lan.count(.millisecondsWithoutMember, 2) == 9000 + 30_000 + 20_000 + 23_000)
        #expect(lan.count(.longestMillisecondsWithoutMember, 2) == 30_000)
        #expect(lan.count(.millisecondsWithoutMember, 1) == 0)
    }

    @Test func aVersion3QueryTellsTheSwitchItsTimers() throws {
        var third = IGMPQuery(version: .version3, maxResponseTime: 40)
        third.querierRobustnessVariable = 3
        third.querierQueryInterval = 7
        let older = IGMPQuery(version: .version2, maxResponseTime: 40)
        func expiry(_ query: IGMPQuery, learns: Bool = true) throws -> String? {
            let frames = [igmp(at: 1, .query(third)), igmp(at: 2, .query(query))]
            return try LAN(until: .seconds(500), [1: frames, 2: [report(at: 10)]]) { $0.learnTimers = learns }
                .log.first { $0.contains("expired port2") }
        }
        #expect(try expiry(third) == "35s expired port2 239.255.0.100")
        #expect(try expiry(third, learns: false) == "264s expired port2 239.255.0.100")
        // What the last query doesn't tell is as configured.
        #expect(try expiry(older) == "264s expired port2 239.255.0.100")
        var silent = third
        silent.querierRobustnessVariable = 0
        #expect(try expiry(silent) == "28s expired port2 239.255.0.100")
    }

    // MARK: Leaves (RFC 3376 §8.8 to §8.10)

    /// A member at port 2 whose neighbour there leaves at 10 s; the router asks at once and a second later.
    private func leaving(
        _ later: [TestFrame], queries: [Double] = [10, 11], immediate: Bool = false
    ) throws -> LAN {
        let asked = queries.map { query(at: $0, group, tenths: 10) }
        return try LAN(
            until: .seconds(60),
            [
                1: [query(at: 1)] + asked + [9.5, 11.9, 12.1].map { ipv4(at: $0, to: group) },
                2: [report(at: 2), igmp(at: 10, .leave(group))] + later,
            ]
        ) {
            $0.ageing = .fixed
            $0.immediateLeave = immediate
        }
    }

    @Test func aMemberThatSaysNothingIsGoneTwoSecondsAfterTheLeave() throws {
        let lan = try leaving([])
        #expect(lan.log.last == "12s left port2 239.255.0.100")
        #expect(
            lan.out(2).filter { $0.octets[14] == 0x45 }.map(\.time) == [.milliseconds(9500), .milliseconds(11_900)])
        #expect(lan.count(.left, 2) == 1)
        #expect(lan.count(.expired, 2) == 0)
    }

    @Test(arguments: [[10, 11], [11], [10], []] as [[Double]])
    func oneAnswerKeepsIt(queries: [Double]) throws {
        let lan = try leaving([report(at: 11.8)], queries: queries)
        #expect(lan.count(.left, 2) == 0)
        #expect(lan.out(2).filter { $0.octets[14] == 0x45 }.count == 3)
    }

    @Test func immediateLeaveEndsTheMembershipAtOnce() throws {
        let lan = try leaving([report(at: 11)], queries: [], immediate: true)
        #expect(lan.log.suffix(2) == ["10s left port2 239.255.0.100", "11s joined port2 239.255.0.100"])
        #expect(lan.count(.millisecondsWithoutMember, 2) == 1000)
        #expect(lan.count(.longestMillisecondsWithoutMember, 2) == 1000)
    }

    @Test func aLeaveIsAboutItsPortAndAQueryAboutAll() throws {
        func left(_ frames: [TestFrame]) throws -> [String] {
            let members = [2: [report(at: 2)], 3: [report(at: 2)]]
            return try LAN(until: .seconds(30), members.merging([1: [query(at: 1)] + frames]) { $0 + $1 }).log
                .filter { $0.contains("left") }
        }
        #expect(try left([]) == [])
        #expect(
            try left([query(at: 10, group, tenths: 10)]) == [
                "12s left port2 239.255.0.100", "12s left port3 239.255.0.100",
            ])
        let lan = try LAN(until: .seconds(30), [2: [report(at: 2), igmp(at: 10, .leave(group))], 3: [report(at: 2)]])
        #expect(lan.log.filter { $0.contains("left") } == ["12s left port2 239.255.0.100"])
    }

    @Test func aSpecificQueryNeverPutsTheEndOff() throws {
        let queries = [10, 10.5, 11, 11.9].map { query(at: $0, group, tenths: 10) }
        let lan = try LAN(until: .seconds(30), [1: queries, 2: [report(at: 2)]]) {
            $0.ageing = .fixed
            $0.timeout = .seconds(9.5)
        }
        #expect(lan.log.last == "11500ms left port2 239.255.0.100")
    }

    @Test func lastMemberTimesAreConfigured() throws {
        let lan = try LAN(until: .seconds(30), [2: [report(at: 2), igmp(at: 10, .leave(group))]]) {
            $0.lastMemberInterval = .milliseconds(500)
            $0.lastMemberCount = 3
        }
        #expect(lan.log.last == "11500ms left port2 239.255.0.100")
    }

    @Test func queriesAboutSourcesOrThatSuppressCutNothing() throws {
        var sources = IGMPQuery(version: .version3, groupAddress: group, maxResponseTime: 10)
        sources.sources = [IPv4Address(192, 0, 2, 1)]
        var suppressing = IGMPQuery(version: .version3, groupAddress: group, maxResponseTime: 10)
        suppressing.suppressRouterSideProcessing = true
        let lan = try LAN(
            until: .seconds(30),
            [1: [igmp(at: 10, .query(sources)), igmp(at: 11, .query(suppressing))], 2: [report(at: 2)]])
        #expect(lan.count(.left, 2) == 0)
    }

    @Test(arguments: [
        (IGMPGroupRecordType.modeIsInclude, 0, "left"), (.changeToIncludeMode, 0, "left"),
        (.modeIsInclude, 1, "joined"), (.modeIsExclude, 0, "joined"), (.changeToExcludeMode, 1, "joined"),
        (.allowNewSources, 1, "joined"), (.allowNewSources, 0, ""), (.blockOldSources, 1, ""),
    ])
    func aVersion3RecordJoinsLeavesOrNeither(type: IGMPGroupRecordType, sources: Int, expected: String) throws {
        let addresses = [IPv4Address(192, 0, 2, 1)].prefix(sources)
        let record = IGMPGroupRecord(type: type, multicastAddress: group, sources: Array(addresses))
        let member = [report(at: 2)]
        let message = igmp(at: 10, .version3Report([record]))
        let fresh = try LAN(until: .seconds(30), [2: [message]])
        #expect(fresh.count(.joined, 2) == (expected == "joined" ? 1 : 0))
        let known = try LAN(until: .seconds(30), [2: member + [message]])
        #expect(known.count(.left, 2) == (expected == "left" ? 1 : 0))
    }

    // MARK: Limits

    /// 4096 groups are known; a member of another one is refused until one of them has none.
    @Test func aFullTableRefusesGroupsUntilOneLosesItsMembers() throws {
        func numbered(_ number: Int) -> IPv4Address { IPv4Address(239, 1, UInt8(number >> 8), UInt8(number & 0xff)) }
        let reports = (0..<4096).map { report(at: 1 + Double($0) / 10_000, numbered($0)) }
        let late = [5, 20].map { report(at: $0, numbered(5000)) }
        let frames = [6, 21].map { ipv4(at: $0, to: numbered(5000)) }
        let lan = try LAN(
            until: .seconds(30), [2: reports + late + [igmp(at: 10, .leave(numbered(77)))], 1: frames])
        #expect(lan.count(.refused) == 1)
        #expect(lan.ports(of: frames[0]) == [])
        #expect(lan.ports(of: frames[1]) == [2])
        #expect(lan.count(.joined, 2) == 4097)
        // The group that made way had been without a member from 12 s on.
        #expect(lan.count(.millisecondsWithoutMember, 2) == 8000)
    }
}
