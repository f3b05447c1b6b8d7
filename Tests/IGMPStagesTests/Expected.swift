import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What must be sent, and when: later than `start` and not later than `end`, or just then.
struct Expected {
    let contents: IGMPContents
    let start: Duration
    let end: Duration

    static func at(_ seconds: Double, _ contents: IGMPContents) -> Self {
        Self(contents: contents, start: .inMicroseconds(seconds), end: .inMicroseconds(seconds))
    }

    static func within(_ start: Double, _ end: Double, _ contents: IGMPContents) -> Self {
        Self(contents: contents, start: .inMicroseconds(start), end: .inMicroseconds(end))
    }
}

/// Checks that these reports, and no others, were sent, in this order.
func expect(
    _ sent: [Report], are expected: [Expected], _ remark: String = "",
    at location: Testing.SourceLocation = #_sourceLocation
) {
    #expect(sent.map(\.contents) == expected.map(\.contents), "\(remark)", sourceLocation: location)
    for (report, expected) in zip(sent, expected) {
        let isInTime =
            expected.start == expected.end
            ? report.time == expected.end : report.time > expected.start && report.time <= expected.end
        #expect(
            isInTime, "\(remark) \(report), expected within \(expected.start.inSeconds) to \(expected.end.inSeconds)",
            sourceLocation: location)
    }
}

extension Duration {
    /// Seconds, exact to the microsecond.
    static func inMicroseconds(_ seconds: Double) -> Duration { .microseconds(Int64((seconds * 1e6).rounded())) }
}

typealias Filter = SourceFilter<IPv4Address>

/// What a host wants of 239.255.0.100 in the course of a run.
func wishes(_ filters: (seconds: Double, filter: Filter)...) -> [GroupSetting<IPv4Address>] {
    filters.map { GroupSetting(HostRun.group, $0.filter, at: .inMicroseconds($0.seconds)) }
}

/// A version 3 report of records.
func records(_ records: IGMPGroupRecord...) -> IGMPContents { .version3Report(records) }
