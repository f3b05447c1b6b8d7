import MLDResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What an IPv6 host sent, and when.
struct ListenerReport: Hashable, CustomStringConvertible {
    let time: Duration
    let contents: MLDContents

    /// Its records, of version 2.
    var records: [MLDAddressRecord] {
        if case .version2Report(let records) = contents { records } else { [] }
    }

    var description: String { "\(time.inSeconds) \(contents)" }
}

/// What came of a run of one MLD responder.
struct MLDHostRun {
    static let group = ip6("ff15::100")

    let result: StageRun.Result
    /// What the host sent, in order.
    let sent: [ListenerReport]

    /// Runs a host fe80::1 that is a member of ff15::100 unless told otherwise, over frames.
    ///
    /// The clock's first frame, which is no MLD, stands at zero: the host joins there.
    init(
        _ frames: [TestFrame] = [], seed: UInt64 = 1,
        _ configure: (inout MLDResponder.Configuration) -> Void = { _ in }
    ) throws {
        var run = StageRun()
        run.seed = seed
        try run.add(MLDResponder.self) {
            $0.groups = [GroupSetting(Self.group)]
            $0.source = ip6("fe80::1")
            configure(&$0)
        }
        result = run.run([TestFrame([0])] + frames)
        #expect(result.imbalances == [])
        #expect(result.summary.failures.isEmpty)
        sent = result.frames("mld-responder.reports").compactMap { frame in
            if case .message(let message) = unsafe MLDReception(frame.octets.span.bytes, requiresRouterAlert: true) {
                return ListenerReport(time: frame.time, contents: message.contents)
            }
            Issue.record("not a valid message: \(frame)")
            return nil
        }
    }

    /// What was sent later than 50 s, when joining is over and tests ask.
    var answers: [ListenerReport] { sent.filter { $0.time > .seconds(50) } }

    func count(_ counter: ResponderCounter) -> UInt64? { result.counter(counter.name, of: "mld-responder") }
    func dropped(_ reason: ResponderDrop) -> UInt64 { result.dropped(reason.name, by: "mld-responder") }

    /// The versions that the host changed to, and when.
    var versions: [String] {
        result.log.filter { $0.message == "version" }.map { event in
            "\((event.time - Instant(nanoseconds: 0)).inSeconds) " + event.fields.map(\.value).joined()
        }
    }
}

typealias ListenerFilter = SourceFilter<IPv6Address>

/// An address that the test has written right.
func ip6(_ text: String) -> IPv6Address { IPv6Address(text) ?? .unspecified }

/// A version 2 record.
func listens(
    _ type: MLDAddressRecordType, _ sources: [IPv6Address] = [], to group: IPv6Address = MLDHostRun.group
) -> MLDAddressRecord {
    MLDAddressRecord(type: type, multicastAddress: group, sources: sources)
}

/// Checks that these reports were sent within these seconds, in this order, and no others.
func expect(
    _ sent: [ListenerReport], are expected: [(start: Double, end: Double, contents: MLDContents)],
    _ remark: String = "",
    at location: Testing.SourceLocation = #_sourceLocation
) {
    #expect(sent.map(\.contents) == expected.map(\.contents), "\(remark)", sourceLocation: location)
    for (report, expected) in zip(sent, expected) {
        let (start, end) = (Duration.inMicroseconds(expected.start), Duration.inMicroseconds(expected.end))
        #expect(
            report.time >= start && report.time <= end && (start == end || report.time > start),
            "\(remark) \(report), expected within \(start.inSeconds) to \(end.inSeconds)", sourceLocation: location)
    }
}
