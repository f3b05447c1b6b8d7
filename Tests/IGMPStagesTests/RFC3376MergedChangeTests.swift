import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

private let (a, b, c) = (IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2), IPv4Address(192, 0, 2, 3))
private let group = HostRun.group
private let allow = IGMPGroupRecordType.allowNewSources
private let block = IGMPGroupRecordType.blockOldSources
private let toInclude = IGMPGroupRecordType.changeToIncludeMode
private let toExclude = IGMPGroupRecordType.changeToExcludeMode

/// RFC 3376 §5.1: further changes before the first one has been told often enough.
@Suite struct RFC3376MergedChangeTests {
    /// Changes a microsecond apart, so that no repetition comes between them.
    private func reports(
        _ filters: Filter..., robustness: Int = 2, seed: UInt64 = 1
    ) throws -> [IGMPContents] {
        let run = try HostRun([TestFrame(at: .seconds(60), [0])], seed: seed) {
            $0.robustness = robustness
            $0.groups = filters.enumerated().map { number, filter in
                GroupSetting(group, filter, at: number == 0 ? .zero : .seconds(20) + .microseconds(number))
            }
        }
        let sent = run.sent(after: .seconds(19))
        for (number, report) in sent.prefix(filters.count - 1).enumerated() {
            #expect(report.time == .seconds(20) + .microseconds(number + 1), "each change is told at once")
        }
        for (earlier, later) in zip(sent, sent.dropFirst()) { #expect(later.time - earlier.time <= .seconds(1)) }
        return sent.map(\.contents)
    }

    @Test func changesOfSourcesAreToldTogether() throws {
        let found = try reports(Filter(.include, [a]), Filter(.include, [a, b]), Filter(.include, [b]))
        #expect(
            found == [
                records(inMode(allow, [b])), records(inMode(allow, [b]), inMode(block, [a])),
                records(inMode(block, [a])),
            ])
    }

    @Test func whatChangesBackIsToldAsItIsNow() throws {
        let found = try reports(Filter(.include, [a]), Filter(.include, [a, b]), Filter(.include, [a]))
        #expect(found == [records(inMode(allow, [b])), records(inMode(block, [b])), records(inMode(block, [b]))])
        let excluded = try reports(.everything, Filter(.exclude, [a]), .everything)
        #expect(excluded == [records(inMode(block, [a])), records(inMode(allow, [a])), records(inMode(allow, [a]))])
    }

    @Test func aChangeOfModeTakesTheChangesOfSourcesOver() throws {
        let found = try reports(Filter(.include, [a]), Filter(.include, [a, b]), Filter(.exclude, [c]))
        #expect(
            found == [
                records(inMode(allow, [b])), records(inMode(toExclude, [c])), records(inMode(toExclude, [c])),
            ])
    }

    @Test func aChangeOfSourcesDuringAChangeOfModeIsPartOfIt() throws {
        let found = try reports(.nothing, .everything, Filter(.exclude, [a]), robustness: 3)
        #expect(
            found == [
                records(inMode(toExclude)), records(inMode(toExclude, [a])), records(inMode(toExclude, [a])),
                // The mode was told three times; the source once less.
                records(inMode(block, [a])),
            ])
    }

    @Test func theModeThatChangesAgainIsToldAnew() throws {
        let found = try reports(.nothing, .everything, .nothing)
        #expect(found == [records(inMode(toExclude)), records(inMode(toInclude)), records(inMode(toInclude))])
        let again = try reports(.everything, .nothing, .everything)
        #expect(again == [records(inMode(toInclude)), records(inMode(toExclude)), records(inMode(toExclude))])
    }

    @Test func groupsThatChangeOneAfterTheOtherShareRepetitions() throws {
        let other = IPv4Address(239, 255, 0, 101)
        let run = try HostRun([TestFrame(at: .seconds(60), [0])]) {
            $0.groups = [
                GroupSetting(group, at: .seconds(20)), GroupSetting(other, at: .seconds(20) + .microseconds(1)),
            ]
        }
        let both = IGMPContents.version3Report([inMode(toExclude), inMode(toExclude, of: other)])
        expect(
            run.sent,
            are: [
                .at(20, records(inMode(toExclude))), .at(20.000_001, records(inMode(toExclude, of: other))),
                .within(20.000_001, 21, both),
            ])
    }
}
