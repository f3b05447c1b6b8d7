import Weir
import WeirWire

/// What a switch believes about members of groups by listening (IGMP snooping, RFC 4541 §2.1.1).
///
/// A report makes a member on the port that it came in by. A leave cuts the time of that port's member to
/// `lastMemberTime`, a query about the group that of every port's. A second query puts nothing off: time is only ever cut.
/// Otherwise members age.
public struct MembershipSnooper: Sendable {
    private let keying: GroupKeying
    private let lastMemberTime: Duration
    private let leavesAtOnce: Bool
    private let learnsTimers: Bool
    /// As configured.
    private let policy: AgeingPolicy
    /// As the last general query on a VLAN told.
    private var policies: [UInt16: AgeingPolicy] = [:]
    private var table: MembershipTable

    /// - Parameters:
    ///   - capacity: How many groups are known at most.
    ///   - lastMemberTime: What a leave or a specific query leaves a member (RFC 3376 §8.10: 2 s).
    ///   - leavesAtOnce: Whether a leave ends the membership of its port, in which case one host a port is assumed.
    ///   - learnsTimers: Whether version 3 queries tell robustness and query interval.
    public init(
        ports: Int, capacity: Int, keying: GroupKeying, policy: AgeingPolicy, lastMemberTime: Duration,
        leavesAtOnce: Bool = false, learnsTimers: Bool = false
    ) {
        self.keying = keying
        self.policy = policy
        self.lastMemberTime = lastMemberTime
        self.leavesAtOnce = leavesAtOnce
        self.learnsTimers = learnsTimers
        table = MembershipTable(ports: ports, capacity: capacity)
    }

    /// The ports with members of the group with this key.
    public func members(of key: ForwardingKey) -> PortSet { table.members(of: key) }

    /// What a message has come to.
    public struct Outcome {
        /// How many groups it reported.
        public internal(set) var reports = 0
        /// How many of them found the table full.
        public internal(set) var refused = 0
        public internal(set) var changes: [MembershipChange] = []
    }

    /// Hears a message on a port. Timers are the stage's; their tokens are below 2^32.
    public mutating func hear<S: TimedStage>(
        _ contents: IGMPContents, on port: Int, vlan: UInt16, _ context: StageContext<S>
    ) -> Outcome {
        var outcome = Outcome()
        switch contents {
        case .query(let query): hear(query, vlan, context)
        case .version1Report(let group), .version2Report(let group): report(group, port, vlan, &outcome, context)
        case .leave(let group): leave(group, port, vlan, &outcome, context)
        case .version3Report(let records):
            for record in records {
                switch record.meaning {
                case .member: report(record.multicastAddress, port, vlan, &outcome, context)
                case .leave: leave(record.multicastAddress, port, vlan, &outcome, context)
                case .fewerSources: outcome.reports += 1
                }
            }
        }
        return outcome
    }

    /// A timer of a membership has come due.
    public mutating func timerFired(_ token: UInt64, at time: Instant) -> MembershipChange? {
        guard let membership = Int(exactly: token), table.indices.contains(membership) else { return nil }
        table[membership].expiry = nil
        return table[membership].isPresent ? giveUp(membership, at: time) : nil
    }

    /// At the end: every membership that was and is no more.
    public mutating func finish(at time: Instant) -> [MembershipChange] {
        table.indices.compactMap { membership in
            guard let since = table[membership].since, !table[membership].isPresent else { return nil }
            return table.change(.forgotten, membership, after: time - since)
        }
    }

    // MARK: Messages

    private mutating func report<S: TimedStage>(
        _ group: IPv4Address, _ port: Int, _ vlan: UInt16, _ outcome: inout Outcome, _ context: StageContext<S>
    ) {
        outcome.reports += 1
        guard let key = keying.key(of: group, vlan: vlan) else { return }
        guard let number = table.enter(key, group: group, vlan: vlan, at: context.now, &outcome.changes) else {
            outcome.refused += 1
            return
        }
        let membership = table.membership(of: number, on: port)
        if let expiry = table[membership].expiry { context.cancel(expiry) }
        table[membership].expiry = policies[vlan, default: policy].expiry(afterReportAt: context.now).map {
            context.schedule(UInt64(membership), at: $0, background: true)
        }
        table[membership].isLeaving = false
        guard !table[membership].isPresent else { return }
        let elapsed = table.toggle(membership, at: context.now)
        outcome.changes.append(table.change(.joined, membership, after: elapsed))
    }

    private mutating func leave<S: TimedStage>(
        _ group: IPv4Address, _ port: Int, _ vlan: UInt16, _ outcome: inout Outcome, _ context: StageContext<S>
    ) {
        guard let number = keying.key(of: group, vlan: vlan).flatMap({ table.number(of: $0) }) else { return }
        let membership = table.membership(of: number, on: port)
        guard leavesAtOnce else { return cut(membership, context) }
        guard table[membership].isPresent else { return }
        if let expiry = table[membership].expiry { context.cancel(expiry) }
        table[membership].expiry = nil
        table[membership].isLeaving = true
        outcome.changes.append(giveUp(membership, at: context.now))
    }

    /// A query about some sources says nothing of the hosts that want others. One with the S flag is about members that
    /// have answered already (RFC 3376 §4.1.5).
    private mutating func hear<S: TimedStage>(_ query: IGMPQuery, _ vlan: UInt16, _ context: StageContext<S>) {
        if query.isGeneral {
            let told = policy.told(by: query, includingTimers: learnsTimers)
            policies[vlan] = told
            guard let expiry = told.expiry(afterQueryAt: context.now) else { return }
            for number in table.groups.indices where table.groups[number].vlan == vlan {
                forEachMember(of: number) { $0.expire($1, notAfter: expiry, context) }
            }
        } else if query.sources.isEmpty, !query.suppressRouterSideProcessing {
            let key = keying.key(of: query.groupAddress, vlan: vlan)
            guard let number = key.flatMap({ table.number(of: $0) }) else { return }
            forEachMember(of: number) { $0.cut($1, context) }
        }
    }

    // MARK: Belief

    private mutating func forEachMember(of number: Int, _ body: (inout Self, _ membership: Int) -> Void) {
        var ports = table.groups[number].members
        while let port = ports.popFirst() { body(&self, table.membership(of: number, on: port)) }
    }

    /// Leaves a member a short time to say that it is still there (RFC 3376 §8.10).
    private mutating func cut<S: TimedStage>(_ membership: Int, _ context: StageContext<S>) {
        guard table[membership].isPresent else { return }
        expire(membership, notAfter: context.now + lastMemberTime, context)
        table[membership].isLeaving = true
    }

    private mutating func expire<S: TimedStage>(
        _ membership: Int, notAfter limit: Instant, _ context: StageContext<S>
    ) {
        if let expiry = table[membership].expiry {
            if let due = context.deadline(of: expiry), due <= limit { return }
            context.cancel(expiry)
        }
        table[membership].expiry = context.schedule(UInt64(membership), at: limit, background: true)
    }

    private mutating func giveUp(_ membership: Int, at time: Instant) -> MembershipChange {
        let kind: MembershipChange.Kind = table[membership].isLeaving ? .left : .expired
        return table.change(kind, membership, after: table.toggle(membership, at: time))
    }
}

extension IGMPGroupRecord {
    enum Meaning { case member, leave, fewerSources }

    /// "Include nothing" is how version 3 leaves, and what a host says that has left (RFC 3376 §5.1). To block sources
    /// refreshes nothing (RFC 3376 §6.4.2), and to allow none says nothing.
    var meaning: Meaning {
        switch type {
        case .changeToIncludeMode, .modeIsInclude: sources.isEmpty ? .leave : .member
        case .blockOldSources: .fewerSources
        case .allowNewSources: sources.isEmpty ? .fewerSources : .member
        default: .member
        }
    }
}
