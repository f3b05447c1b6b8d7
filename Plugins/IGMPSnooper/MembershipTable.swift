import Weir
import WeirWire

/// Which groups have a member on a port, keyed by MAC address as hardware does: 32 groups share one (RFC 1112 §6.4).
struct MembershipTable {
    /// What is believed of the groups with one MAC address.
    struct Entry {
        /// The one that was reported first.
        let group: IPv4Address
        /// When `isPresent` last changed.
        var since: Instant
        var isPresent = false
        /// Whether the member is given up, if it is, after a leave or a specific query.
        var isLeaving = false
        var expiry: TimerID?

        /// Changes the belief, and returns how long the one before it had lasted.
        mutating func toggle(at time: Instant) -> Duration {
            defer { since = time }
            isPresent.toggle()
            return time - since
        }
    }

    private var entries: [Entry] = []
    private var numbers: [MACAddress: Int] = [:]

    var indices: Range<Int> { entries.indices }

    subscript(number: Int) -> Entry {
        get { entries[number] }
        _modify { yield &entries[number] }
    }

    func hasMember(_ address: MACAddress) -> Bool { numbers[address].map { entries[$0].isPresent } ?? false }

    func number(of group: IPv4Address) -> Int? {
        group.isMulticast ? numbers[MACAddress(multicastGroup: group)] : nil
    }

    /// The number of the group's entry, new or known; nil for an address that is no group, which only a version 3 record
    /// can have, and for what is flooded anyway.
    mutating func enter(_ group: IPv4Address, at time: Instant) -> Int? {
        let address = MACAddress(multicastGroup: group)
        guard group.isMulticast, !address.isLinkLocalMulticast else { return nil }
        if let known = numbers[address] { return known }
        entries.append(Entry(group: group, since: time))
        numbers[address] = entries.count - 1
        return entries.count - 1
    }
}

extension MACAddress {
    /// 01-00-5e and a bit of zero: the block for IPv4 groups (RFC 1112 §6.4).
    var isIPv4Multicast: Bool { rawValue >> 23 == 0x01_005e << 1 }

    /// An address that 224.0.0.0/24 maps to; switches flood it (RFC 4541 §2.1.2).
    var isLinkLocalMulticast: Bool { rawValue >> 8 == 0x01_005e_0000 }
}
