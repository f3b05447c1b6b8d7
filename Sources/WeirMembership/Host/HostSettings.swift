import Weir

/// How a host behaves on a network, and the timers of RFC 2236 §8, RFC 3376 §8 and RFC 3810 §9.
public struct HostSettings: Sendable {
    /// The versions that the family has and the host speaks.
    public var versions: ClosedRange<MembershipVersion>
    /// Whether queries are answered; a host that doesn't neither repeats what it reports on its own.
    public var answersQueries = true
    /// Whether a report of another host for the same group takes the place of the host's own (RFC 2236 §3).
    public var suppressesReports = false
    /// Time between reports that nobody asked for; nil for none.
    public var reportInterval: Duration?
    /// Robustness Variable until a querier tells.
    public var robustness = 2
    /// Query Interval until a querier tells.
    public var queryInterval = Duration.seconds(125)
    /// The longest delay between a report on joining and its repetition; nil for that of the version in use.
    public var unsolicitedReportInterval: Duration?
    /// How long an older querier is remembered after its last query; nil for what the RFCs say.
    public var olderQuerierTimeout: Duration?
    /// Octets of records that fit into one report.
    public var recordCapacity: Int

    public init(versions: ClosedRange<MembershipVersion>, recordCapacity: Int) {
        self.versions = versions
        self.recordCapacity = recordCapacity
    }

    /// Unsolicited Report Interval: 1 s in the third version (RFC 3376 §8.11), 10 s before it (RFC 2236 §8.10). In nanoseconds.
    func unsolicitedReportInterval(in version: MembershipVersion) -> UInt64 {
        (unsolicitedReportInterval ?? (version == .third ? .seconds(1) : .seconds(10))).wholeNanoseconds
    }
}
