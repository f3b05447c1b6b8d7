import Weir
import WeirWire

/// When a switch gives a member up that it hears no more of. Real switches do one of these.
public enum Ageing: String, CaseIterable, ParameterWord, Sendable {
    /// A fixed time after the last report.
    case fixed
    /// Robustness x query interval + response time after the last report (RFC 2236 §8.4).
    case robustness
    /// The member must report within the response time of each general query.
    case perQuery = "per-query"
}

/// The times that ageing goes by.
public struct AgeingPolicy: Hashable, Sendable {
    /// How members age.
    public let ageing: Ageing
    /// The fixed time after the last report.
    public let timeout: Duration
    /// How many queries in a row a member may miss.
    public internal(set) var robustness: Int
    /// The time between two general queries that is reckoned with.
    public internal(set) var queryInterval: Duration
    /// How much later than the response time a report may arrive.
    public let slack: Duration
    /// As the last general query asked (RFC 2236 §8.3: 10 s until then).
    public internal(set) var responseTime = Duration.seconds(10)

    public init(ageing: Ageing, timeout: Duration, robustness: Int, queryInterval: Duration, slack: Duration) {
        self.ageing = ageing
        self.timeout = timeout
        self.robustness = robustness
        self.queryInterval = queryInterval
        self.slack = slack
    }

    /// When a member is given up that reported at `time`; nil when only a query can tell.
    public func expiry(afterReportAt time: Instant) -> Instant? {
        switch ageing {
        case .fixed: time + timeout
        case .robustness: time + (queryInterval * robustness + responseTime)
        case .perQuery: nil
        }
    }

    /// When a member is given up that doesn't report after a general query at `time`; nil when queries don't matter.
    public func expiry(afterQueryAt time: Instant) -> Instant? {
        ageing == .perQuery ? time + (responseTime + slack) : nil
    }

    /// The times as a general query tells them: its response time, and if `includingTimers` what version 3 tells of the
    /// querier. Where that says 0, or isn't there, these times stand (RFC 3376 §4.1.6, §4.1.7).
    func told(by query: IGMPQuery, includingTimers: Bool) -> Self {
        var told = self
        told.responseTime = .milliseconds(query.maxResponseTime * 100)
        guard includingTimers else { return told }
        if query.querierRobustnessVariable > 0 { told.robustness = Int(query.querierRobustnessVariable) }
        if query.querierQueryInterval > 0 { told.queryInterval = .seconds(query.querierQueryInterval) }
        return told
    }
}
