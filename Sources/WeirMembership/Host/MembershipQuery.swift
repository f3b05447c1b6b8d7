import Weir
import WeirWire

/// A membership query, whatever the family and version, without the sources that it may be about. Times are in nanoseconds:
/// every query is reckoned with, and durations cost a division.
public struct MembershipQuery<Address: IPAddress>: Hashable, Sendable {
    public var version: MembershipVersion
    /// Nil in a general query.
    public var group: Address?
    /// The longest delay of an answer.
    public var maxResponseTime: UInt64
    /// The querier's robustness variable (QRV); nil when it doesn't tell.
    public var robustness: Int?
    /// The querier's query interval (QQIC); nil when it doesn't tell.
    public var queryInterval: UInt64?

    @inlinable
    public init(
        version: MembershipVersion, group: Address?, maxResponseTime: UInt64, robustness: Int? = nil,
        queryInterval: UInt64? = nil
    ) {
        self.version = version
        self.group = group
        self.maxResponseTime = maxResponseTime
        self.robustness = robustness
        self.queryInterval = queryInterval
    }

    /// What only the third version tells: 0 is nothing (RFC 3376 §4.1.6).
    @inlinable
    mutating func take(robustness: UInt8, queryInterval seconds: Int) {
        if robustness != 0 { self.robustness = Int(robustness) }
        if seconds != 0 { queryInterval = UInt64(seconds) &* 1_000_000_000 }
    }
}

extension MembershipQuery<IPv4Address> {
    /// An IGMP query of any version. Version 1 has ten seconds to answer in (RFC 2236 §4) and asks about all groups: its
    /// group field is ignored when received (RFC 1112 Appendix I).
    @inlinable
    public init(_ query: IGMPQueryHead) {
        self.init(
            version: MembershipVersion(query.version),
            group: query.isGeneral || query.version == .version1 ? nil : query.groupAddress,
            maxResponseTime: UInt64(query.maxResponseTime) &* 100_000_000)
    }

    /// The same, with what version 3 tells of the querier.
    public init(_ head: IGMPQueryHead, _ query: IGMPQuery) {
        self.init(head)
        take(robustness: query.querierRobustnessVariable, queryInterval: query.querierQueryInterval)
    }
}

extension MembershipQuery<IPv6Address> {
    /// An MLD query.
    public init(_ query: MLDQuery) {
        self.init(
            version: MembershipVersion(query.version), group: query.isGeneral ? nil : query.multicastAddress,
            maxResponseTime: UInt64(query.maxResponseDelay) &* 1_000_000)
        take(robustness: query.querierRobustnessVariable, queryInterval: query.querierQueryInterval)
    }
}

extension MembershipVersion {
    @inlinable
    public init(_ version: IGMPVersion) {
        self =
            switch version {
            case .version1: .first
            case .version2: .second
            case .version3: .third
            }
    }

    @inlinable
    public init(_ version: MLDVersion) {
        self =
            switch version {
            case .version1: .second
            case .version2: .third
            }
    }
}
