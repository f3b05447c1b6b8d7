import Weir
import WeirWire

/// Which groups have members on which ports, by VLAN and key.
struct MembershipTable {
    /// The groups that share a key.
    struct Group {
        let key: ForwardingKey
        /// The one that was reported first.
        let address: IPv4Address
        let vlan: UInt16
        /// The ports with members.
        var members = PortSet()
        /// Whether the group is among the `vacant`.
        var isVacant = false
    }

    /// What is believed of a group on one port.
    struct Membership {
        /// When `isPresent` last changed; nil before the first report.
        var since: Instant?
        var isPresent = false
        /// Whether the member is given up, if it is, after a leave or a specific query.
        var isLeaving = false
        var expiry: TimerID?

        /// Changes the belief, and returns how long the one before it had lasted.
        mutating func toggle(at time: Instant) -> Duration {
            defer { since = time }
            isPresent.toggle()
            return time - (since ?? time)
        }
    }

    private let ports: Int
    private let capacity: Int
    private(set) var groups: [Group] = []
    /// Those of the first group, one for each port, then those of the second.
    private var memberships: [Membership] = []
    private var numbers: [ForwardingKey: Int] = [:]
    /// Groups that had no member when they came here, the one that lost it first at the front; some may have one again.
    private var vacant: [Int] = []
    private var firstVacant = 0

    init(ports: Int, capacity: Int) {
        self.ports = ports
        self.capacity = capacity
    }

    func number(of key: ForwardingKey) -> Int? { numbers[key] }

    func members(of key: ForwardingKey) -> PortSet { numbers[key].map { groups[$0].members } ?? PortSet() }

    /// The number of a group's membership on a port, which names it in timers too.
    func membership(of group: Int, on port: Int) -> Int { group * ports + port }

    var indices: Range<Int> { memberships.indices }

    subscript(membership: Int) -> Membership {
        get { memberships[membership] }
        _modify { yield &memberships[membership] }
    }

    /// Changes the belief in a member, and returns how long the one before it had lasted.
    mutating func toggle(_ membership: Int, at time: Instant) -> Duration {
        let (group, port) = (membership / ports, membership % ports)
        let elapsed = memberships[membership].toggle(at: time)
        if memberships[membership].isPresent {
            groups[group].members.insert(port)
        } else {
            groups[group].members.remove(port)
            if groups[group].members.isEmpty, !groups[group].isVacant {
                groups[group].isVacant = true
                vacant.append(group)
            }
        }
        return elapsed
    }

    /// The number of the group with this key, new or known; nil when the table is full of groups with members.
    ///
    /// In a full table the group makes way that has been without a member for longest; `changes` tells what is forgotten.
    mutating func enter(
        _ key: ForwardingKey, group: IPv4Address, vlan: UInt16, at time: Instant, _ changes: inout [MembershipChange]
    ) -> Int? {
        if let known = numbers[key] { return known }
        let new = Group(key: key, address: group, vlan: vlan)
        if groups.count < capacity {
            groups.append(new)
            memberships += repeatElement(Membership(), count: ports)
            numbers[key] = groups.count - 1
            return groups.count - 1
        }
        guard let number = popVacant() else { return nil }
        for port in 0..<ports {
            let membership = membership(of: number, on: port)
            if let since = memberships[membership].since {
                changes.append(change(.forgotten, membership, after: time - since))
            }
            memberships[membership] = Membership()
        }
        numbers[groups[number].key] = nil
        groups[number] = new
        numbers[key] = number
        return number
    }

    /// A change of a membership, with the names of its group and port.
    func change(_ kind: MembershipChange.Kind, _ membership: Int, after elapsed: Duration) -> MembershipChange {
        let group = groups[membership / ports]
        return MembershipChange(
            kind: kind, group: group.address, vlan: group.vlan, port: membership % ports, after: elapsed)
    }

    /// The group that has been without a member for longest.
    private mutating func popVacant() -> Int? {
        while firstVacant < vacant.count {
            let number = vacant[firstVacant]
            firstVacant += 1
            if firstVacant > 64, firstVacant * 2 > vacant.count {
                vacant.removeFirst(firstVacant)
                firstVacant = 0
            }
            groups[number].isVacant = false
            if groups[number].members.isEmpty { return number }
        }
        return nil
    }
}
