// What IGMP version 3 adds: RFC 3376 §4.1 (query), §4.2 (report).
//
// Query, behind the first eight octets:
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------+-+-----+---------------+-------------------------------+
//    | Resv  |S| QRV |     QQIC      |     Number of Sources (N)     |
//    +-------+-+-----+---------------+-------------------------------+
//    |               Source Addresses, N of 4 octets                 |
//    +---------------------------------------------------------------+
//
// Report, in place of Group Address a reserved word and a count, then M group records of this form:
//
//    +---------------+---------------+-------------------------------+
//    |  Record Type  |  Aux Data Len |     Number of Sources (N)     |
//    +---------------+---------------+-------------------------------+
//    |                       Multicast Address                       |
//    +---------------------------------------------------------------+
//    |               Source Addresses, N of 4 octets                 |
//    +---------------------------------------------------------------+
//    |           Auxiliary Data, Aux Data Len of 4 octets            |
//    +---------------------------------------------------------------+

extension IGMPMessage {
    /// S Flag: routers shall not update their timers for this query (RFC 3376 §4.1.5).
    @inlinable public var suppressRouterSideProcessing: Bool { bytes.uint8(at: Field.flagsAndRobustness) & 8 != 0 }
    /// QRV: the Robustness Variable of the querier, 0 when it is above 7 (RFC 3376 §4.1.6).
    @inlinable public var querierRobustnessVariable: UInt8 { bytes.uint8(at: Field.flagsAndRobustness) & 7 }
    /// QQIC decoded: the Query Interval of the querier, in seconds (RFC 3376 §4.1.7).
    @inlinable public var querierQueryInterval: Int {
        IGMPFloatCode.decode(bytes.uint8(at: Field.queryIntervalCode))
    }
    /// The Number of Sources in a query, as it is declared (RFC 3376 §4.1.8).
    @inlinable public var sourceCount: Int { Int(bytes.uint16(at: Field.sourceCount)) }
    /// The source with the given number in a query, from 0; 0.0.0.0 where there is none (RFC 3376 §4.1.9).
    @inlinable
    public func source(at index: Int) -> IPv4Address {
        bytes.ipv4Address(at: Field.sources, index: index, of: sourceCount)
    }

    /// The Number of Group Records in a report, as it is declared (RFC 3376 §4.2.3).
    @inlinable public var groupRecordCount: Int { Int(bytes.uint16(at: Field.groupRecordCount)) }
    /// The group records of a version 3 report, one after the other; none in other messages (RFC 3376 §4.2.4).
    @inlinable public var groupRecords: GroupRecords {
        @_lifetime(copy self)
        get { GroupRecords(self) }
    }

    /// A pass over the group records of a report. It ends behind the declared number of records, or before a record
    /// that the message does not hold in full.
    @frozen
    public struct GroupRecords: ~Escapable {
        /// The octets from the next record on.
        @usableFromInline var rest: RawSpan
        /// The number of records that are declared and not yet read.
        @usableFromInline var unreadCount: Int

        @inlinable
        @_lifetime(copy message)
        init(_ message: IGMPMessage) {
            rest = message.bytes.octets(from: Field.groupRecords)
            unreadCount = message.type == .version3MembershipReport ? message.groupRecordCount : 0
        }

        /// Whether the message ended before the declared records did; known when `next()` has returned nil.
        @inlinable public var isCutShort: Bool { unreadCount > 0 }

        /// The next record, nil behind the last.
        @inlinable
        @_lifetime(copy self)
        @_lifetime(self: copy self)
        public mutating func next() -> GroupRecord? {
            guard unreadCount > 0, let record = GroupRecord(rest) else { return nil }
            unreadCount &-= 1
            rest = rest.octets(from: record.bytes.byteCount)
            return record
        }
    }

    /// A view of a group record, from its type to the end of its auxiliary data.
    @frozen
    public struct GroupRecord: ~Escapable {
        /// The offsets of the fields, from the first octet of the record.
        public enum Field {
            /// Record Type.
            @inlinable public static var type: Int { 0 }
            /// Aux Data Len.
            @inlinable public static var auxiliaryDataLength: Int { 1 }
            /// Number of Sources (N).
            @inlinable public static var sourceCount: Int { 2 }
            /// Multicast Address.
            @inlinable public static var multicastAddress: Int { 4 }
            /// Source Addresses.
            @inlinable public static var sources: Int { 8 }
        }

        /// The octets of the record.
        public let bytes: RawSpan

        /// The record at the start of `bytes`, nil when they end before its sources or auxiliary data do.
        @inlinable
        @inline(__always)
        @_lifetime(copy bytes)
        public init?(_ bytes: RawSpan) {
            let sourceCount = Int(bytes.uint16(at: Field.sourceCount))
            let auxiliaryDataLength = Int(bytes.uint8(at: Field.auxiliaryDataLength))
            let length = Field.sources &+ (sourceCount &+ auxiliaryDataLength) &* 4
            guard length <= bytes.byteCount else { return nil }
            self.bytes = bytes.octets(from: 0, count: length)
        }

        /// What the record says about the sources (RFC 3376 §4.2.12).
        @inlinable public var type: IGMPGroupRecordType { IGMPGroupRecordType(rawValue: bytes.uint8(at: Field.type)) }
        /// The octets of auxiliary data; the field counts words of four (RFC 3376 §4.2.6).
        @inlinable public var auxiliaryDataLength: Int { Int(bytes.uint8(at: Field.auxiliaryDataLength)) &* 4 }
        /// The Number of Sources (RFC 3376 §4.2.7).
        @inlinable public var sourceCount: Int { Int(bytes.uint16(at: Field.sourceCount)) }
        /// The group that the record is about (RFC 3376 §4.2.8).
        @inlinable public var multicastAddress: IPv4Address { bytes.ipv4Address(at: Field.multicastAddress) }
        /// The source with the given number, from 0; 0.0.0.0 where there is none (RFC 3376 §4.2.9).
        @inlinable
        public func source(at index: Int) -> IPv4Address {
            bytes.ipv4Address(at: Field.sources, index: index, of: sourceCount)
        }
        /// What follows the sources, ignored by receivers (RFC 3376 §4.2.10).
        @inlinable @inline(__always) public var payload: RawSpan {
            @_lifetime(copy self)
            get { bytes.octets(from: Field.sources &+ sourceCount &* 4) }
        }
    }
}

/// What a group record says about its sources (RFC 3376 §4.2.12).
@frozen
public struct IGMPGroupRecordType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// The type with the given number, known or not.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// MODE_IS_INCLUDE, IS_IN: the sender receives from these sources only.
    @inlinable public static var modeIsInclude: Self { Self(rawValue: 1) }
    /// MODE_IS_EXCLUDE, IS_EX: the sender receives from all but these sources.
    @inlinable public static var modeIsExclude: Self { Self(rawValue: 2) }
    /// CHANGE_TO_INCLUDE_MODE, TO_IN: without sources, the group is left.
    @inlinable public static var changeToIncludeMode: Self { Self(rawValue: 3) }
    /// CHANGE_TO_EXCLUDE_MODE, TO_EX: without sources, the group is joined.
    @inlinable public static var changeToExcludeMode: Self { Self(rawValue: 4) }
    /// ALLOW_NEW_SOURCES, ALLOW.
    @inlinable public static var allowNewSources: Self { Self(rawValue: 5) }
    /// BLOCK_OLD_SOURCES, BLOCK.
    @inlinable public static var blockOldSources: Self { Self(rawValue: 6) }

    /// Whether the type is one of the six; a record of another type is to be skipped (RFC 3376 §4.2.12).
    @inlinable public var isKnown: Bool { 1...6 ~= rawValue }
}

extension RawSpan {
    /// The address with the number `index` in a list of `count` at `offset`, 0.0.0.0 where there is none.
    @inlinable
    func ipv4Address(at offset: Int, index: Int, of count: Int) -> IPv4Address {
        index >= 0 && index < count ? ipv4Address(at: offset &+ index &* 4) : .unspecified
    }
}
