import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// What a host sent, and when.
struct Report: Hashable, CustomStringConvertible {
    let time: Duration
    let contents: IGMPContents

    /// The groups that it says the host is a member of.
    var groups: [IPv4Address] {
        switch contents {
        case .version1Report(let group), .version2Report(let group): [group]
        case .version3Report(let records): records.map(\.multicastAddress)
        case .query, .leave: []
        }
    }

    /// Its records, of version 3.
    var records: [IGMPGroupRecord] {
        if case .version3Report(let records) = contents { records } else { [] }
    }

    var description: String { "\(time.inSeconds) \(contents)" }
}

/// What came of a run of one IGMP responder.
struct HostRun {
    static let group = IPv4Address(239, 255, 0, 100)

    let result: StageRun.Result
    /// What the host sent, in order.
    let sent: [Report]

    /// Runs a host that is a member of 239.255.0.100 unless told otherwise, over frames.
    ///
    /// The clock's first frame, which is no IGMP, stands at zero: the host joins there.
    init(
        _ frames: [TestFrame] = [], seed: UInt64 = 1, for duration: Duration? = nil,
        _ configure: (inout IGMPResponder.Configuration) -> Void = { _ in }
    ) throws {
        var run = StageRun()
        run.seed = seed
        run.duration = duration
        try run.add(IGMPResponder.self) {
            $0.groups = [GroupSetting(Self.group)]
            configure(&$0)
        }
        result = run.run([TestFrame([0])] + frames)
        #expect(result.imbalances == [])
        #expect(result.summary.failures.isEmpty)
        let sent = result.frames("igmp-responder.reports").compactMap { frame in
            if case .message(let message) = reception(frame) {
                return Report(time: frame.time, contents: message.contents)
            }
            Issue.record("not a valid message: \(frame)")
            return nil
        }
        self.sent = sent
        let counted = [ResponderCounter.answers, .unsolicitedReports].reduce(0) {
            $0 + (result.counter($1.name, of: "igmp-responder") ?? 0)
        }
        #expect(counted == UInt64(sent.count), "every report is counted once")
    }

    /// What was sent later than `time` and not later than `end`.
    func sent(after time: Duration, until end: Duration = .seconds(1_000_000)) -> [Report] {
        sent.filter { $0.time > time && $0.time <= end }
    }

    /// What was sent later than 50 s, when joining is over and tests ask.
    var answers: [Report] { sent(after: .seconds(50)) }

    func count(_ counter: ResponderCounter) -> UInt64? { result.counter(counter.name, of: "igmp-responder") }
    func dropped(_ reason: ResponderDrop) -> UInt64 { result.dropped(reason.name, by: "igmp-responder") }

    /// The versions that the host changed to, and when.
    var versions: [String] {
        result.log.filter { $0.message == "version" }.map { event in
            "\((event.time - Instant(nanoseconds: 0)).inSeconds) " + event.fields.map(\.value).joined()
        }
    }
}

/// Records of a version 3 report.
func inMode(
    _ type: IGMPGroupRecordType, _ sources: [IPv4Address] = [], of group: IPv4Address = HostRun.group
) -> IGMPGroupRecord {
    IGMPGroupRecord(type: type, multicastAddress: group, sources: sources)
}
