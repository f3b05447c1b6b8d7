import Weir
import WeirWire

/// A number of queries, the Last Member Query Interval apart, of which some may have been sent.
struct QuerySequence {
    var next: Instant
    /// At least one.
    var left: Int

    /// What is left when one has been sent; nil behind the last.
    func advanced(by interval: Duration) -> Self? {
        left > 1 ? Self(next: next + interval, left: left - 1) : nil
    }
}

/// A query for a group, or for some sources of it.
struct SpecificQuery: Equatable {
    /// In ascending order; empty for the group as a whole.
    let sources: [IPv4Address]
    /// S flag: other routers shall leave their timers alone, since a report has come (RFC 3376 §6.6.3).
    let suppressesRouterSideProcessing: Bool
}

// Finding out whether somebody is left: RFC 2236 §3, RFC 3376 §6.6.1 and §6.6.3.
extension GroupState {
    /// Does what a row of the tables says to send, as the querier: lowers timers, and has queries sent from now on.
    ///
    /// What is being asked already isn't asked anew. RFC 3376 §6.6.3.2 says so for sources, RFC 2236 §7 for groups: hosts
    /// repeat what they say, and each repetition would be answered by as many queries.
    mutating func ask(_ reaction: Reaction, at now: Instant, _ timers: QuerierTimers) {
        let limit = now + timers.lastMemberQueryTime
        let sequence = QuerySequence(next: now, left: timers.lastMemberQueryCount)
        if reaction.queriesGroup, !isChecked {
            isChecked = true
            expiry = min(expiry, limit)
            queries = sequence
        }
        for (source, timer) in requested where reaction.queriedSources.contains(source) && timer.expiry > limit {
            requested[source] = Source(expiry: limit, queries: sequence)
        }
    }

    /// Lowers timers as another router's query, without the S flag, says (RFC 3376 §6.6.1).
    mutating func lower(_ sources: [IPv4Address], notAfter limit: Instant) {
        if sources.isEmpty { expiry = min(expiry, limit) }
        for source in sources {
            if let timer = requested[source] { requested[source]?.expiry = min(timer.expiry, limit) }
        }
    }

    /// A version 2 router asks no more once a report has come (RFC 2236 §7); a version 3 router finishes, with the S flag.
    mutating func stopQueries() {
        queries = nil
        isChecked = false
    }

    /// The queries that are due by `now`, at most three; counts them as sent.
    mutating func takeQueries(at now: Instant, _ timers: QuerierTimers) -> [SpecificQuery] {
        let limit = now + timers.lastMemberQueryTime
        var found: [SpecificQuery] = []
        if let sequence = queries, sequence.next <= now {
            queries = sequence.advanced(by: timers.lastMemberQueryInterval)
            found.append(SpecificQuery(sources: [], suppressesRouterSideProcessing: expiry > limit))
        }
        var (reported, doubtful): ([IPv4Address], [IPv4Address]) = ([], [])
        for (source, timer) in requested {
            guard let sequence = timer.queries, sequence.next <= now else { continue }
            requested[source]?.queries = sequence.advanced(by: timers.lastMemberQueryInterval)
            if timer.expiry > limit { reported.append(source) } else { doubtful.append(source) }
        }
        for (sources, flag) in [(reported, true), (doubtful, false)] where !sources.isEmpty {
            found.append(SpecificQuery(sources: sources.sorted(), suppressesRouterSideProcessing: flag))
        }
        return found
    }

    /// When the next timer ends or the next query is due. O(sources).
    var nextDeadline: Instant {
        var deadline = filterMode == .exclude ? expiry : .never
        if let queries { deadline = min(deadline, queries.next) }
        for source in requested.values { deadline = min(deadline, source.expiry, source.queries?.next ?? .never) }
        return deadline
    }
}
