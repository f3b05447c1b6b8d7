import Weir

/// Who is up, and what follows from it for each rule.
struct Membership {
    /// What a rule's buckets are just now.
    struct Division {
        /// By bucket, 0 for nobody.
        var owners: [UInt8]
        /// By bucket, who had it before it moved, and until when unknown connections are left to that host.
        var previous: [UInt8]
        var leftUntil: [Instant]
        /// A bit for each host that takes new connections.
        var takesNew: UInt64
    }

    let hosts: IntegerRanges
    let rules: [PortRule?]
    private let bucketCount: Int
    private let cleanupDelay: Duration
    /// The history so far, and how much of it has come to pass.
    private(set) var steps: [MembershipStep]
    private(set) var taken = 0

    /// By the number of the rule; the last one is for what no rule is for.
    private(set) var divisions: [Division]
    private(set) var current: MembershipStep

    init(rules: [PortRule], hosts: IntegerRanges, bucketCount: Int, cleanupDelay: Duration, steps: [MembershipStep]) {
        self.hosts = hosts
        self.rules = rules + [nil]
        self.bucketCount = bucketCount
        self.cleanupDelay = cleanupDelay
        self.steps = steps
        current = MembershipStep(everybodyOf: hosts)
        divisions = []
        let everybody = current
        divisions = self.rules.map { rule in
            let owners = RuleMap(rule, hosts: hosts, bucketCount: bucketCount).map.owners
            return Division(
                owners: owners, previous: owners, leftUntil: owners.map { _ in Instant(nanoseconds: 0) },
                takesNew: Self.takesNew(everybody, hosts, rule))
        }
    }

    /// When the next step is to be taken; nil when there is none.
    func nextTime(since start: Instant) -> Instant? {
        taken < steps.count ? start + (steps[taken].at ?? .zero) : nil
    }

    /// Another history. What has come to pass of it is in force from `now` on; until its first step everybody is up.
    /// - Returns: how many buckets have moved, of all rules together.
    mutating func replace(_ steps: [MembershipStep], start: Instant, at now: Instant) -> Int {
        self.steps = steps
        taken = 0
        passSteps(start: start, at: now)
        return divide(isFirst: false, at: now)
    }

    /// Takes the steps whose time has come.
    /// - Returns: how many buckets have moved, of all rules together.
    mutating func advance(start: Instant, at now: Instant) -> Int {
        let before = taken
        passSteps(start: start, at: now)
        return taken > before ? divide(isFirst: before == 0 && now == start, at: now) : 0
    }

    private mutating func passSteps(start: Instant, at now: Instant) {
        while let time = nextTime(since: start), time <= now { taken += 1 }
    }

    /// Puts what has come to pass into force; before the first step everybody is up.
    private mutating func divide(isFirst: Bool, at now: Instant) -> Int {
        current = taken > 0 ? steps[taken - 1] : MembershipStep(everybodyOf: hosts)
        var moved = 0
        for number in divisions.indices { moved += divide(number, isFirst: isFirst, at: now) }
        return moved
    }

    /// Goes through the history again: a map depends on nothing else. Buckets that moved on the way are left to whom they
    /// belonged for a while, as are those that are another host's now than they were until now.
    private mutating func divide(_ number: Int, isFirst: Bool, at now: Instant) -> Int {
        var map = RuleMap(rules[number], hosts: hosts, bucketCount: bucketCount)
        var previous = map.map.owners
        for step in steps[..<taken] {
            let before = map.map.owners
            map.take(step)
            for (bucket, owner) in before.enumerated() where owner != map.map.owners[bucket] {
                previous[bucket] = owner
            }
        }
        var moved = 0
        for (bucket, owner) in map.map.owners.enumerated() {
            let before = divisions[number].owners[bucket]
            divisions[number].owners[bucket] = owner
            if owner != before { moved += 1 }
            let former = isFirst ? previous[bucket] : before
            guard former != owner else { continue }
            divisions[number].previous[bucket] = former
            divisions[number].leftUntil[bucket] = now + cleanupDelay
        }
        divisions[number].takesNew = Self.takesNew(current, hosts, rules[number])
        return moved
    }

    private static func takesNew(_ step: MembershipStep, _ hosts: IntegerRanges, _ rule: PortRule?) -> UInt64 {
        hosts.numbers.reduce(0) { bits, host in
            // Without weight a host takes nothing new either, where weights count.
            let weighed = rule.flatMap { $0.filtering == .multiple ? step.weight(of: host, for: $0) > 0 : nil }
            return weighed ?? step.takesNew(host, for: rule) ? bits | 1 << UInt64(host) : bits
        }
    }
}

extension Membership {
    /// Who has a bucket, 0 for nobody.
    func owner(_ rule: Int, _ bucket: Int) -> Int { Int(divisions[rule].owners[bucket]) }

    /// Who had a bucket that has moved not long ago.
    func previousOwner(_ rule: Int, _ bucket: Int, at now: Instant) -> Int? {
        guard now < divisions[rule].leftUntil[bucket] else { return nil }
        let previous = Int(divisions[rule].previous[bucket])
        return previous == 0 ? nil : previous
    }

    /// A bit for each bucket of a host.
    func owned(_ rule: Int, by host: Int) -> UInt64 {
        divisions[rule].owners.enumerated().reduce(0) {
            Int($1.element) == host ? $0 | 1 << UInt64($1.offset) : $0
        }
    }

    /// A bit for each host that takes new connections.
    func takesNew(_ rule: Int) -> UInt64 { divisions[rule].takesNew }
}
