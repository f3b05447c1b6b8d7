import Weir
import WeirWire

/// What is known of one group, with the one timer that wakes it.
struct Membership {
    /// When the first report came.
    let since: Instant
    var state: GroupState
    var olderHosts = OlderHosts()
    var timer: TimerID?

    /// Takes a record in that a host of the version `speaker` has sent; messages of versions 1 and 2 count as records
    /// (RFC 3376 §7.3.2). `version` is the querier's own. Returns how many sources were refused.
    mutating func hear(
        _ record: IGMPGroupRecord, _ speaker: IGMPVersion, at now: Instant, _ timers: QuerierTimers,
        _ version: IGMPVersion, asks: Bool
    ) -> Int {
        olderHosts.hear(speaker, until: now + timers.olderHostPresentInterval)
        let mode = min(version, olderHosts.compatibilityMode(at: now))
        guard let record = record.heard(inCompatibilityWith: mode) else { return 0 }
        let reaction = state.hear(
            record.type, record.sources, at: now, membershipInterval: timers.groupMembershipInterval)
        if asks { state.ask(reaction, at: now, timers) }
        if version < .version3, !record.isLeave { state.stopQueries() }
        return reaction.refusedSources
    }
}
