import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let (a, b, c) = (IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2), IPv4Address(192, 0, 2, 3))
private let group = HostRun.group
private let isIn = IGMPGroupRecordType.modeIsInclude
private let isEx = IGMPGroupRecordType.modeIsExclude

/// RFC 3376 §5.2: what is answered when a timer expires.
@Suite struct RFC3376ExpiryTests {
    static let answers: [(filter: Filter, queried: [IPv4Address], record: IGMPGroupRecord?)] = [
        // The whole group: the state
        (.everything, [], inMode(isEx)),
        (Filter(.exclude, [a, b]), [], inMode(isEx, [a, b])),
        (Filter(.include, [a, b]), [], inMode(isIn, [a, b])),
        (.nothing, [], nil),
        // Sources, INCLUDE A: IS_IN(A * B)
        (Filter(.include, [a, b]), [b, c], inMode(isIn, [b])),
        (Filter(.include, [a, b]), [a, b], inMode(isIn, [a, b])),
        (Filter(.include, [a]), [b, c], nil),
        (.nothing, [a], nil),
        // Sources, EXCLUDE A: IS_IN(B - A)
        (Filter(.exclude, [a]), [a, b, c], inMode(isIn, [b, c])),
        (Filter(.exclude, [a, b]), [a], nil),
        (.everything, [a, b], inMode(isIn, [a, b])),
    ]

    @Test(arguments: answers) func ofAGroup(
        _ answer: (filter: Filter, queried: [IPv4Address], record: IGMPGroupRecord?)
    ) throws {
        let asked = query(at: .seconds(50), .version3, group: group, sources: answer.queried, tenths: 10)
        for seed in 1...5 as ClosedRange<UInt64> {
            let run = try HostRun([asked], seed: seed) { $0.groups = wishes((0, answer.filter)) }
            expect(run.answers, are: answer.record.map { [.within(50, 50.8, records($0))] } ?? [])
        }
    }

    @Test func ofTheInterfaceTellsEveryGroup() throws {
        let filters: [Filter] = [.everything, .nothing, Filter(.include, [a]), Filter(.exclude, [b]), .everything]
        let groups = (1...5).map { IPv4Address(239, 255, 0, $0) }
        let asked = query(at: .seconds(50), .version3, tenths: 10)
        let run = try HostRun([asked]) { $0.groups = zip(groups, filters).map { GroupSetting($0, $1) } }
        let expected = [
            inMode(isEx, of: groups[0]), inMode(isIn, [a], of: groups[2]), inMode(isEx, [b], of: groups[3]),
            inMode(isEx, of: groups[4]),
        ]
        expect(run.answers, are: [.within(50, 50.8, .version3Report(expected))])
    }

    @Test func isWhatTheHostWantsThen() throws {
        let asked = [
            query(at: .seconds(50), .version3, group: group, sources: [a, b], tenths: 100),
            TestFrame(at: .seconds(70), [0]),
        ]
        for seed in 1...10 as ClosedRange<UInt64> {
            let settings = wishes((0, .everything), (50.000_001, Filter(.exclude, [a])))
            let run = try HostRun(asked, seed: seed) { $0.groups = settings }
            #expect(run.answers.contains { $0.contents == records(inMode(isIn, [b])) }, "seed \(seed)")
            #expect(!run.answers.contains { $0.contents == records(inMode(isIn, [a, b])) }, "seed \(seed)")
        }
    }

    @Test(arguments: [IPv4Address.unspecified, group]) func isNothingOnceTheGroupWasLeft(_ target: IPv4Address) throws {
        let asked = [query(at: .seconds(50), .version3, group: target), TestFrame(at: .seconds(70), [0])]
        for seed in 1...10 as ClosedRange<UInt64> {
            let run = try HostRun(asked, seed: seed) { $0.groups = wishes((0, .everything), (50.000_001, .nothing)) }
            let left = records(inMode(.changeToIncludeMode))
            expect(run.answers, are: [.at(50.000_001, left), .within(50, 51.1, left)])
        }
    }
}
