import Weir
import WeirWire

/// The counts and times that a router goes by (RFC 2236 §8, RFC 3376 §8): what was configured, or else what the formulas
/// make of the rest.
struct QuerierTimers {
    /// Robustness Variable (§8.1): one more than the messages in a row that may be lost.
    var robustness: Int
    /// Query Interval (§8.2).
    var queryInterval: Duration
    /// Query Response Interval (§8.3).
    let queryResponseInterval: Duration
    /// Last Member Query Interval (§8.8).
    let lastMemberQueryInterval: Duration

    // What stands in place of a formula.
    private let membership, otherQuerier, startup: Duration?
    private let startupCount, lastMemberCount: Int?

    init(_ configuration: IGMPQuerier.Configuration) {
        robustness = configuration.robustness
        queryInterval = configuration.interval
        queryResponseInterval = configuration.responseTime
        lastMemberQueryInterval = configuration.lastMemberInterval
        membership = configuration.groupMembershipInterval
        otherQuerier = configuration.otherQuerierTimeout
        startup = configuration.startupInterval
        startupCount = configuration.startupCount
        lastMemberCount = configuration.lastMemberCount
    }

    /// Group Membership Interval (RFC 3376 §8.4; RFC 9776 adds the Query Response Interval twice).
    var groupMembershipInterval: Duration { membership ?? olderHostPresentInterval }

    /// Other Querier Present Interval (§8.5).
    var otherQuerierPresentInterval: Duration {
        otherQuerier ?? queryInterval * robustness + queryResponseInterval / 2
    }

    /// Startup Query Interval (§8.6).
    var startupQueryInterval: Duration { startup ?? queryInterval / 4 }

    /// Startup Query Count (§8.7).
    var startupQueryCount: Int { startupCount ?? robustness }

    /// Last Member Query Count (§8.9).
    var lastMemberQueryCount: Int { lastMemberCount ?? robustness }

    /// Last Member Query Time (RFC 3376 §8.10).
    var lastMemberQueryTime: Duration { lastMemberQueryInterval * lastMemberQueryCount }

    /// Older Host Present Interval (RFC 3376 §8.13).
    var olderHostPresentInterval: Duration { queryInterval * robustness + queryResponseInterval }

    /// What another router's specific query leaves a member to answer it and its repetitions: as it says in version 2
    /// (RFC 2236 §3), our own Last Member Query Time in version 3, whose query may ask for an answer at once
    /// (RFC 3376 §6.6.1).
    func timeToAnswer(_ query: IGMPQuery) -> Duration {
        query.version == .version2
            ? .milliseconds(100 * query.maxResponseTime) * lastMemberQueryCount : lastMemberQueryTime
    }

    /// These timers with the robustness and the interval that another querier announces; 0 announces nothing
    /// (RFC 3376 §4.1.6, §4.1.7).
    func adopting(_ query: IGMPQuery) -> Self {
        var timers = self
        if query.querierRobustnessVariable > 0 { timers.robustness = Int(query.querierRobustnessVariable) }
        if query.querierQueryInterval > 0 { timers.queryInterval = .seconds(query.querierQueryInterval) }
        return timers
    }
}
