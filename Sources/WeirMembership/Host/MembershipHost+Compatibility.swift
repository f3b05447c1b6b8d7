import Weir
import WeirWire

// Older queriers: RFC 2236 §4, RFC 3376 §7.2.1, RFC 9776 §7.2.1, RFC 3810 §8.2.1.

extension MembershipHost {
    /// Takes over what a query tells of its querier.
    @inlinable
    mutating func follow(_ query: MembershipQuery<Address>, _ link: some MembershipLink<Address>) {
        if query.version == .third {
            if let told = query.robustness { robustness = told }
            if let told = query.queryInterval { queryInterval = .nanoseconds(Int64(clamping: told)) }
        } else if query.version < settings.versions.upperBound, query.group == nil {
            // A specific query of the second version says nothing of who asks the general ones.
            remember(max(query.version, settings.versions.lowerBound), query.maxResponseTime, link)
        }
    }

    @usableFromInline
    mutating func remember(
        _ older: MembershipVersion, _ maxResponseTime: UInt64, _ link: some MembershipLink<Address>
    ) {
        let place = Int(older.rawValue) - 1
        if let timer = olderQueriers[place] { link.cancel(timer) }
        let timeout = olderQuerierTimeout(after: .nanoseconds(Int64(clamping: maxResponseTime)))
        olderQueriers[place] = link.schedule(
            HostTimer.olderQuerier(older).token, at: link.now + timeout, background: true)
        settleVersion(link)
    }

    /// Older Version Querier Present Timeout: a constant of 400 s for hosts of the second version (RFC 2236 §8.11), for
    /// those of the third Robustness Variable x Query Interval + 10 x the last response time (RFC 9776 §8.12).
    private func olderQuerierTimeout(after maxResponseTime: Duration) -> Duration {
        if let settled = settings.olderQuerierTimeout { return settled }
        guard settings.versions.upperBound == .third else { return .seconds(400) }
        return queryInterval * robustness + maxResponseTime * 10
    }

    mutating func forgetQuerier(_ older: MembershipVersion, _ link: some MembershipLink<Address>) {
        olderQueriers[Int(older.rawValue) - 1] = nil
        settleVersion(link)
    }

    /// Speaks the oldest version that somebody was heard to ask in. What is pending belongs to the version before, and is
    /// given up.
    private mutating func settleVersion(_ link: some MembershipLink<Address>) {
        let oldest: MembershipVersion =
            olderQueriers[0] != nil ? .first : olderQueriers[1] != nil ? .second : settings.versions.upperBound
        guard oldest != version else { return }
        if let pending = generalAnswer { link.cancel(pending) }
        if let pending = changeTimer { link.cancel(pending) }
        (generalAnswer, changeTimer) = (nil, nil)
        (changing, changedNow) = ([], [])
        version = oldest
        for number in memberships.indices {
            stopTimer(of: number, link)
            memberships[number].joinRepeats = 0
            memberships[number].change = PendingChange()
            memberships[number].changesNow = false
            forgetIfDone(number, link)
        }
        link.changed(to: oldest)
    }
}
