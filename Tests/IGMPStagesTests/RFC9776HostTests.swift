import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let group = HostRun.group

/// What RFC 9776 adds to RFC 3376 for a host; its timeout of older queriers is in `RFC3376CompatibilityTests`.
@Suite struct RFC9776HostTests {
    /// §5.2: a delay from the open interval (0, Max Resp Time), and never an answer at once.
    @Test(arguments: [0, 1, 2, 10, 127]) func anAnswerIsNeverAtOnceNorAtTheEnd(tenths: Int) throws {
        let limit = max(Duration.milliseconds(100 * tenths), .milliseconds(1))
        for seed in 1...100 as ClosedRange<UInt64> {
            let answers = try HostRun([query(at: .seconds(50), .version3, tenths: tenths)], seed: seed).answers
            #expect(answers.count == 1)
            #expect(
                answers.allSatisfy { $0.time < .seconds(50) + limit || tenths == 0 && $0.time == .seconds(50) + limit })
        }
    }

    /// §5.2: a host acts only if it has state to report.
    @Test func aHostWithoutGroupsIsSilent() throws {
        let asked = IGMPVersion.all.enumerated().map { query(at: .seconds(50 + 20 * $0), $1) }
        for version in 1...3 {
            let run = try HostRun(asked) {
                $0.groups = wishes((0, .nothing))
                $0.version = version
            }
            #expect(run.sent == [])
            #expect(run.count(.queries) == 3)
        }
    }

    /// §4: messages of unknown type are ignored silently, here as something that others may know.
    @Test func messagesOfUnknownTypeAreIgnored() throws {
        for type in [UInt8(0), 0x10, 0x13, 0x14, 0x15, 0x1e, 0x1f, 0x30, 0xff] {
            let run = try HostRun([igmpFrame([type, 0, 0, 0, 239, 255, 0, 100])])
            #expect(run.answers == [])
            #expect(run.count(.unknownTypes) == 1)
        }
    }

    /// §5.2 and RFC 4604 §2.2.1: what is reported of source-specific groups never excludes.
    @Test func sourceSpecificGroupsAreReportedWithTheirSources() throws {
        let (ssm, source) = (IPv4Address(232, 1, 1, 1), IPv4Address(192, 0, 2, 7))
        let settings = [
            GroupSetting(ssm, Filter(.include, [source])), GroupSetting(ssm, Filter.nothing, at: .seconds(60)),
        ]
        let frames = [query(at: .seconds(50), .version3, tenths: 10), TestFrame(at: .seconds(70), [0])]
        let run = try HostRun(frames) { $0.groups = settings }
        let types = run.sent.flatMap(\.records).map(\.type)
        #expect(types == [.allowNewSources, .allowNewSources, .modeIsInclude, .blockOldSources, .blockOldSources])
    }

    /// §7.2.1: older queries that change the version do so at once.
    @Test func anOlderQueryChangesTheVersionAtOnce() throws {
        for version in [IGMPVersion.version1, .version2] {
            let frames = [query(at: .seconds(50), version), TestFrame(at: .seconds(70), [0])]
            let run = try HostRun(frames) { $0.groups = wishes((50.000_001, .everything)) }
            let report: IGMPContents = version == .version1 ? .version1Report(group) : .version2Report(group)
            expect(run.answers, are: [.at(50.000_001, report), .within(50, 60.1, report)])
        }
    }
}
