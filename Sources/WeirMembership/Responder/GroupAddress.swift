import Weir
import WeirWire

/// An address of a family that has a membership protocol: IGMP for IPv4, MLD for IPv6.
public protocol GroupAddress: IPAddress, TextParameterValue {
    /// The versions of the protocol, as the family counts them.
    static var protocolVersions: ClosedRange<Int> { get }
    /// A version as the family counts it, as a generation.
    static func generation(_ version: Int) -> MembershipVersion
    /// A version as the family counts it, with the protocol's name: `IGMPv2`.
    static func name(of version: MembershipVersion) -> String
    /// Octets of records in a report that fills a packet of `mtu` octets.
    static func recordCapacity(mtu: Int) -> Int
    /// A group to show in examples.
    static var exampleGroup: String { get }

    /// What is wrong with reporting the group, as `filter` has it, and what to do; nil when that is right.
    func fault(reporting filter: SourceFilter<Self>) -> (message: String, help: String)?
    /// What is wrong with the address as the one that a host reports from, and what to do; nil when that is right.
    var faultAsHost: (message: String, help: String)? { get }
}

extension IPv4Address: GroupAddress {
    public static var protocolVersions: ClosedRange<Int> { 1...3 }

    public static func generation(_ version: Int) -> MembershipVersion {
        MembershipVersion(rawValue: UInt8(clamping: version)) ?? .third
    }

    public static func name(of version: MembershipVersion) -> String { "IGMPv\(version.rawValue)" }

    /// Less an IP header with Router Alert and the fixed part of a report (RFC 3376 §4.2).
    public static func recordCapacity(mtu: Int) -> Int { mtu - 24 - 8 }

    public static var exampleGroup: String { "239.255.0.100" }

    public func fault(reporting filter: SourceFilter<IPv4Address>) -> (message: String, help: String)? {
        guard isMulticast, self != .allSystems else {
            return (
                "\(self) is not a group that a host can report",
                "groups are 224.0.0.0 to 239.255.255.255, and 224.0.0.1 is never reported (RFC 1112)"
            )
        }
        guard rawValue >> 24 != 232 || filter.mode == .include else {
            return (
                "\(self) is a source-specific group, and no source is named",
                "232.0.0.0/8 is joined with `include: [SOURCE]` (RFC 4607, RFC 4604 §2.2.1)"
            )
        }
        return nil
    }

    public var faultAsHost: (message: String, help: String)? {
        guard isMulticast || isBroadcast || isLoopback else { return nil }
        return (
            "\(self) is no address of a host on a network",
            "write the interface's address, or leave it out while it has none: reports come from 0.0.0.0 then"
        )
    }
}

extension IPv6Address: GroupAddress {
    public static var protocolVersions: ClosedRange<Int> { 1...2 }

    public static func generation(_ version: Int) -> MembershipVersion { version == 1 ? .second : .third }

    public static func name(of version: MembershipVersion) -> String { "MLDv\(max(version.rawValue, 2) - 1)" }

    /// Less the IPv6 header, hop-by-hop options and the fixed part of a report (RFC 3810 §5.2).
    public static func recordCapacity(mtu: Int) -> Int { mtu - 40 - 8 - 8 }

    public static var exampleGroup: String { "ff15::100" }

    public func fault(reporting filter: SourceFilter<IPv6Address>) -> (message: String, help: String)? {
        let (scope, isPrefixBased) = (high >> 48 & 0xf, high >> 52 & 0xf == 3)
        guard isMulticast, self != .allNodes, scope > 1 else {
            return (
                "\(self) is not a group that a host can report",
                "groups begin with ff and have a scope of 2 or more; ff02::1 is never reported (RFC 3810 §6)"
            )
        }
        guard !isPrefixBased || high >> 32 & 0xffff != 0 || filter.mode == .include else {
            return (
                "\(self) is a source-specific group, and no source is named",
                "ff3x::/32 is joined with `include: [SOURCE]` (RFC 4607, RFC 4604 §2.2.1)"
            )
        }
        return nil
    }

    public var faultAsHost: (message: String, help: String)? {
        guard !isLinkLocal, !isUnspecified else { return nil }
        return (
            "\(self) is not link-local, and routers ignore reports from such addresses",
            "write the interface's address in fe80::/10, or leave it out while it has none (RFC 3810 §5.2.13)"
        )
    }
}
