import Weir
import WeirWire

/// A host's side of IGMP and MLD on one network: which groups it is a member of, what it still owes the routers, and which
/// version they speak (RFC 1112 Appendix I, RFC 2236 §3, RFC 3376 §5, RFC 9776 §5, RFC 2710 §4, RFC 3810 §6).
///
/// The machine knows no octets. What it is told comes by `listen`, `hear` and `timerFired`; what it does goes by the link.
/// Groups are found by address and have a timer each, so that a query costs the same among ten thousand groups as among
/// one, except for a general query of the first two versions, which starts a timer for each.
public struct MembershipHost<Address: IPAddress> {
    /// What is known of one group.
    @usableFromInline
    struct Membership {
        @usableFromInline let group: Address
        @usableFromInline var filter = SourceFilter<Address>.nothing {
            didSet { isMember = filter.isMember }
        }
        /// Kept beside the filter, whose list of sources would be retained for a look at it.
        @usableFromInline private(set) var isMember = false
        /// The delayed answer that is pending; in the first two versions also the repetition of a report on joining.
        @usableFromInline var timer: TimerID?
        /// The sources that the pending answer is about; empty for the whole group (RFC 3376 §5.2).
        @usableFromInline var queried: [Address] = []
        /// Whether the pending report repeats one on joining, and doesn't answer.
        @usableFromInline var repeatsJoin = false
        /// How often a report on joining is still to be repeated, in the first two versions.
        @usableFromInline var joinRepeats = 0
        /// Whether the host was the last one to report the group: then it tells when it leaves (RFC 2236 §3).
        @usableFromInline var isLastReporter = false
        /// What has changed and is still to be reported, in the third version.
        @usableFromInline var change = PendingChange<Address>()
        /// Whether the group is among those whose change is reported at this instant.
        @usableFromInline var changesNow = false

        @usableFromInline init(_ group: Address) { self.group = group }
    }

    @usableFromInline let settings: HostSettings
    @usableFromInline var memberships: [Membership] = []
    @usableFromInline var numbers: [Address: Int] = [:]
    /// Places in `memberships` that no group has.
    @usableFromInline var free: [Int] = []

    /// The pending answer to a general query, in the third version.
    @usableFromInline var generalAnswer: TimerID?
    /// Groups with a change that is still to be reported, and the timer of the next repetition.
    var changing: Set<Int> = []
    var changeTimer: TimerID?
    /// Groups whose change is reported at once, all in one message.
    var changedNow: [Int] = []

    /// The version that is spoken: the highest, or that of the oldest querier that is remembered (RFC 3376 §7.2.1).
    public internal(set) var version: MembershipVersion
    /// For the first and second version the timer that remembers a querier.
    @usableFromInline var olderQueriers: [TimerID?] = [nil, nil]
    /// Robustness Variable and Query Interval, as the last querier told them (RFC 3376 §4.1.6, §4.1.7).
    @usableFromInline var robustness: Int
    @usableFromInline var queryInterval: Duration

    public init(_ settings: HostSettings) {
        self.settings = settings
        version = settings.versions.upperBound
        robustness = settings.robustness
        queryInterval = settings.queryInterval
    }

    /// Starts the fixed timer, if there is one.
    public mutating func start(_ link: some MembershipLink<Address>) { schedulePeriodicReport(link) }

    /// The place of a group, a new one if need be.
    mutating func enter(_ group: Address) -> Int {
        if let known = numbers[group] { return known }
        let number: Int
        if let place = free.popLast() {
            memberships[place] = Membership(group)
            number = place
        } else {
            memberships.append(Membership(group))
            number = memberships.count - 1
        }
        numbers[group] = number
        return number
    }

    /// Forgets a group that the host has left, once nothing is to be reported of it.
    mutating func forgetIfDone(_ number: Int, _ link: some MembershipLink<Address>) {
        guard !memberships[number].isMember, memberships[number].change.isEmpty,
            numbers[memberships[number].group] == number
        else { return }
        stopTimer(of: number, link)
        changing.remove(number)
        numbers[memberships[number].group] = nil
        free.append(number)
    }

    /// Has the group reported at `time`.
    @inlinable
    @inline(__always)
    mutating func startTimer(of number: Int, at time: Instant, _ link: some MembershipLink<Address>) {
        memberships[number].timer = link.schedule(HostTimer.group(number).token, at: time, background: false)
    }

    @inlinable
    mutating func stopTimer(of number: Int, _ link: some MembershipLink<Address>) {
        if let timer = memberships[number].timer { link.cancel(timer) }
        memberships[number].timer = nil
        memberships[number].queried = []
    }
}
