import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// RFC 3376 §4.2.16: what doesn't fit into one report.
@Suite struct ReportPackingTests {
    private static let sources = (0..<1000 as Range<UInt32>).map { IPv4Address(rawValue: 0xc633_6400 + $0) }
    /// What a record has room for in a packet of 1500 octets: less 24 of IP, 8 of the report and 8 of the record.
    private static let most = (1500 - 24 - 8 - 8) / 4

    private func run(_ settings: [GroupSetting<IPv4Address>], mtu: Int = 1500) throws -> HostRun {
        let asked = query(at: .seconds(50), .version3, tenths: 10)
        let run = try HostRun([asked]) {
            $0.groups = settings
            $0.mtu = mtu
        }
        for frame in run.result.frames("igmp-responder.reports") { #expect(frame.octets.count <= 14 + mtu) }
        return run
    }

    private func groups(_ count: Int) -> [IPv4Address] {
        (0..<UInt32(count)).map { IPv4Address(rawValue: 0xef01_0000 + $0) }
    }

    @Test(arguments: [
        (1, [1]), (182, [182]), (183, [183]), (184, [183, 1]), (200, [183, 17]), (550, [183, 183, 183, 1]),
    ])
    func recordsFillOneReportAfterTheOther(count: Int, expected: [Int]) throws {
        let run = try run(groups(count).map { GroupSetting($0) })
        for reports in [run.sent(after: .seconds(-1), until: .zero), run.answers] {
            #expect(reports.map(\.records.count) == expected)
            #expect(reports.flatMap(\.groups).sorted() == groups(count), "each group once")
            #expect(Set(reports.map(\.time)).count == 1)
        }
    }

    @Test func recordsFillSmallerPacketsToo() throws {
        #expect(try run(groups(100).map { GroupSetting($0) }, mtu: 576).answers.map(\.records.count) == [68, 32])
    }

    @Test func aListThatExcludesIsCut() throws {
        let run = try run([GroupSetting(HostRun.group, SourceFilter(.exclude, Self.sources))])
        let cut = Array(Self.sources.prefix(Self.most))
        #expect(run.answers.map(\.contents) == [records(inMode(.modeIsExclude, cut))])
        #expect(run.sent[0].contents == records(inMode(.changeToExcludeMode, cut)))
    }

    @Test func aListThatIncludesIsSplit() throws {
        let run = try run([GroupSetting(HostRun.group, SourceFilter(.include, Self.sources))])
        for (reports, type) in [
            (run.sent(after: .seconds(-1), until: .zero), IGMPGroupRecordType.allowNewSources),
            (run.answers, .modeIsInclude),
        ] {
            #expect(reports.flatMap(\.records).map(\.type) == [type, type, type])
            #expect(reports.map { $0.records[0].sources.count } == [365, 365, 270])
            #expect(reports.flatMap(\.records).flatMap(\.sources) == Self.sources)
        }
    }

    @Test func aListThatBecomesInclusiveAndOneThatIsBlockedAreSplit() throws {
        let run = try run(
            wishes(
                (0, .everything), (20, Filter(.include, Self.sources)), (30, Filter(.exclude, [])),
                (40, Filter(.exclude, Self.sources))))
        let changed = run.sent(after: .seconds(19.999), until: .seconds(20)).flatMap(\.records)
        #expect(Set(changed.map(\.type)) == [.changeToIncludeMode])
        #expect(changed.flatMap(\.sources) == Self.sources)
        let blocked = run.sent(after: .seconds(39.999), until: .seconds(40)).flatMap(\.records)
        #expect(Set(blocked.map(\.type)) == [.blockOldSources])
        #expect(blocked.flatMap(\.sources) == Self.sources)
    }

    @Test func aRecordThatDoesNotFitBehindOthersBeginsAReport() throws {
        let (first, second) = (IPv4Address(239, 1, 0, 0), IPv4Address(239, 1, 0, 1))
        let run = try run([
            GroupSetting(first), GroupSetting(second, SourceFilter(.include, Array(Self.sources.prefix(365)))),
        ])
        #expect(run.answers.map(\.groups) == [[first], [second]])
        let fits = try self.run([
            GroupSetting(first), GroupSetting(second, SourceFilter(.include, Array(Self.sources.prefix(363)))),
        ])
        #expect(fits.answers.map(\.groups) == [[first, second]])
    }

    @Test func aQueryOfManySourcesIsAnsweredInTwoReports() throws {
        let asked = query(
            at: .seconds(50), .version3, group: HostRun.group, sources: Array(Self.sources.prefix(366)), tenths: 10)
        #expect(try HostRun([asked]).answers.flatMap(\.records).map(\.sources.count) == [365, 1])
    }
}
