import WeirWire

/// A change of what a switch believes about a group on a port.
public struct MembershipChange: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The group got a member there.
        case joined
        /// The member was given up since it wasn't heard of.
        case expired
        /// The member was given up after a leave or a specific query.
        case left
        /// The group has no member there, and no account of it is kept any longer.
        case forgotten
    }

    public let kind: Kind
    /// The group, or with keys by MAC address the first one with its key that was reported.
    public let group: IPv4Address
    public let vlan: UInt16
    public let port: Int
    /// How long the belief before it had lasted.
    public let after: Duration

    /// How long the group had been without a member on the port, after its first report there; nil when it had one.
    public var outage: Duration? { kind == .joined || kind == .forgotten ? after : nil }
}
