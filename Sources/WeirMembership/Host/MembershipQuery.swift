import Weir
import WeirWire

/// A membership query, whatever the family and version.
public struct MembershipQuery<Address: IPAddress>: Hashable, Sendable {
    public var version: MembershipVersion
    /// Nil in a general query.
    public var group: Address?
    /// The sources that are asked about; empty for all of them.
    public var sources: [Address]
    /// The longest delay of an answer, in nanoseconds: every query is reckoned with, and durations cost a division.
    public var maxResponseTime: UInt64
    /// The querier's robustness variable (QRV); nil when it doesn't tell.
    public var robustness: Int?
    /// The querier's query interval (QQIC); nil when it doesn't tell.
    public var queryInterval: Duration?

    @inlinable
    public init(
        version: MembershipVersion, group: Address?, sources: [Address] = [], maxResponseTime: UInt64,
        robustness: Int? = nil, queryInterval: Duration? = nil
    ) {
        self.version = version
        self.group = group
        self.sources = sources
        self.maxResponseTime = maxResponseTime
        self.robustness = robustness
        self.queryInterval = queryInterval
    }
}

extension MembershipQuery<IPv4Address> {
    /// An IGMP query. Version 1 has ten seconds to answer in (RFC 2236 §4) and asks about all groups: its group field is
    /// ignored when received (RFC 1112 Appendix I).
    @inlinable
    @inline(__always)
    public init(_ query: IGMPQuery) {
        let isGeneral = query.isGeneral || query.version == .version1
        self.init(
            version: MembershipVersion(query.version), group: isGeneral ? nil : query.groupAddress,
            sources: query.sources, maxResponseTime: UInt64(query.maxResponseTime) &* 100_000_000,
            robustness: query.querierRobustnessVariable == 0 ? nil : Int(query.querierRobustnessVariable),
            queryInterval: query.querierQueryInterval == 0 ? nil : .seconds(query.querierQueryInterval))
    }
}

extension MembershipQuery<IPv6Address> {
    /// An MLD query.
    @inlinable
    public init(_ query: MLDQuery) {
        self.init(
            version: MembershipVersion(query.version), group: query.isGeneral ? nil : query.multicastAddress,
            sources: query.sources, maxResponseTime: UInt64(query.maxResponseDelay) &* 1_000_000,
            robustness: query.querierRobustnessVariable == 0 ? nil : Int(query.querierRobustnessVariable),
            queryInterval: query.querierQueryInterval == 0 ? nil : .seconds(query.querierQueryInterval))
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
