/// A generation of the membership protocols: IGMP and MLD count their versions one apart.
public enum MembershipVersion: UInt8, Hashable, Comparable, Sendable {
    /// IGMPv1 (RFC 1112): no leaving, no response time. MLD has nothing like it.
    case first = 1
    /// IGMPv2 (RFC 2236), MLDv1 (RFC 2710): response times and leaving.
    case second = 2
    /// IGMPv3 (RFC 3376, RFC 9776), MLDv2 (RFC 3810): sources.
    case third = 3

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
