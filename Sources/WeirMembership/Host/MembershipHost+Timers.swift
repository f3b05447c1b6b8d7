import Weir
import WeirWire

extension MembershipHost {
    /// A timer that the host scheduled has come due.
    @inlinable
    public mutating func timerFired(_ token: UInt64, _ link: some MembershipLink<Address>) {
        if token >> 32 == 0 { reportGroup(Int(token), link) } else { rareTimerFired(token, link) }
    }

    @usableFromInline
    mutating func rareTimerFired(_ token: UInt64, _ link: some MembershipLink<Address>) {
        switch HostTimer(token: token) {
        case .generalAnswer: answerForAllGroups(link)
        case .changesNow: reportChangesNow(link)
        case .changeRepeat: repeatChanges(link)
        case .periodicReport:
            reportPeriodically(link)
            schedulePeriodicReport(link)
        case .olderQuerier(let version): forgetQuerier(version, link)
        case .group, nil: break
        }
    }

    /// Reports every group, asked or not.
    private mutating func reportPeriodically(_ link: some MembershipLink<Address>) {
        guard version != .third else { return send(currentStates(), .periodic, link) }
        for number in memberships.indices where memberships[number].isMember {
            memberships[number].isLastReporter = true
            link.send(.report(version, memberships[number].group), .periodic)
        }
    }

    func schedulePeriodicReport(_ link: some MembershipLink<Address>) {
        guard let interval = settings.reportInterval else { return }
        _ = link.schedule(HostTimer.periodicReport.token, at: link.now + interval, background: true)
    }
}
