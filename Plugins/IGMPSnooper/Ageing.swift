import Weir

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
struct AgeingPolicy {
    let ageing: Ageing
    let timeout: Duration
    let robustness: Int
    let queryInterval: Duration
    /// How much later than the response time a report may arrive.
    let slack: Duration
    /// As the last general query asked (RFC 2236 §8.3: 10 s until then).
    var responseTime = Duration.seconds(10)

    /// When a member is given up that reported at `time`; nil when only a query can tell.
    func expiry(afterReportAt time: Instant) -> Instant? {
        switch ageing {
        case .fixed: time + timeout
        case .robustness: time + (queryInterval * robustness + responseTime)
        case .perQuery: nil
        }
    }

    /// When a member is given up that doesn't report after a general query at `time`; nil when queries don't matter.
    func expiry(afterQueryAt time: Instant) -> Instant? {
        ageing == .perQuery ? time + (responseTime + slack) : nil
    }
}
