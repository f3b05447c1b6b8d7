// IGMP messages: version 1 RFC 1112 Appendix I, version 2 RFC 2236 §2, version 3 RFC 3376 §4.
//
// Query and report of versions 1 and 2, leave of version 2, and the start of all others (RFC 2236 §2):
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |     Type      | Max Resp Code |           Checksum            |
//    +---------------+---------------+-------------------------------+
//    |                         Group Address                         |
//    +---------------------------------------------------------------+
//
// Version 3 adds to queries what is in `QuerierFields.swift`. In its reports a reserved word and a count are in place of
// Group Address, and then come the records of `MembershipRecord.swift`. What stages keep and send is in
// `IGMP+Contents.swift`.

/// What an IGMP message is (RFC 3376 §4).
@frozen
public struct IGMPMessageType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// The type with the given number, known or not.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Membership Query, of any version (RFC 3376 §4.1).
    @inlinable public static var membershipQuery: Self { Self(rawValue: 0x11) }
    /// Version 1 Membership Report (RFC 1112 Appendix I).
    @inlinable public static var version1MembershipReport: Self { Self(rawValue: 0x12) }
    /// Version 2 Membership Report (RFC 2236 §2.1).
    @inlinable public static var version2MembershipReport: Self { Self(rawValue: 0x16) }
    /// Version 2 Leave Group (RFC 2236 §2.1).
    @inlinable public static var leaveGroup: Self { Self(rawValue: 0x17) }
    /// Version 3 Membership Report (RFC 3376 §4.2).
    @inlinable public static var version3MembershipReport: Self { Self(rawValue: 0x22) }
}

/// A version of IGMP, as a querier speaks it (RFC 3376 §7.1).
public enum IGMPVersion: UInt8, Hashable, Comparable, Sendable {
    /// RFC 1112 Appendix I.
    case version1 = 1
    /// RFC 2236.
    case version2 = 2
    /// RFC 3376, and RFC 9776 which replaced it.
    case version3 = 3

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A view of an IGMP message: all of the payload of an IPv4 packet.
///
/// Make it from `IPv4Packet.payload`. The length of a query decides its version, so octets of padding would turn a
/// version 2 query into one of version 3, and with zeros as padding even the checksum stays valid.
@frozen
public struct IGMPMessage: ~Escapable, QuerierLayout {
    public typealias Address = IPv4Address

    /// The offsets of the fields, from the first octet of the message.
    public enum Field {
        /// Type.
        @inlinable public static var type: Int { 0 }
        /// Max Resp Code, in version 2 Max Response Time.
        @inlinable public static var maxResponseCode: Int { 1 }
        /// Checksum.
        @inlinable public static var checksum: Int { 2 }
        /// Group Address.
        @inlinable public static var groupAddress: Int { 4 }
        /// Number of Group Records (M) in a version 3 report.
        @inlinable public static var groupRecordCount: Int { 6 }
        /// Group Records in a version 3 report.
        @inlinable public static var groupRecords: Int { 8 }
        /// Reserved bits, S Flag and QRV in a version 3 query.
        @inlinable public static var flagsAndRobustness: Int { 8 }
        /// QQIC in a version 3 query.
        @inlinable public static var queryIntervalCode: Int { 9 }
        /// Number of Sources (N) in a version 3 query.
        @inlinable public static var sourceCount: Int { 10 }
        /// Source Addresses in a version 3 query.
        @inlinable public static var sources: Int { 12 }
    }

    /// The octets of a message of version 1 or 2, and the least of any message.
    @inlinable public static var minimumLength: Int { 8 }
    @inlinable public static var querierFieldsOffset: Int { Field.flagsAndRobustness }

    /// The octets of the message.
    public let bytes: RawSpan

    /// The message in `bytes`, nil when they are fewer than eight.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.minimumLength else { return nil }
        self.bytes = bytes
    }

    /// What the message is (RFC 3376 §4).
    @inlinable public var type: IGMPMessageType { IGMPMessageType(rawValue: bytes.uint8(at: Field.type)) }
    /// In a query the time to answer in, coded as its version says (RFC 3376 §4.1.1); decoded in `IGMPQuery`.
    @inlinable public var maxResponseCode: UInt8 { bytes.uint8(at: Field.maxResponseCode) }
    /// The checksum of the whole message (RFC 3376 §4.1.2).
    @inlinable public var checksum: UInt16 { bytes.uint16(at: Field.checksum) }
    /// Whether the message, all of the IP payload, sums up with its checksum (RFC 3376 §4.1.2).
    @inlinable public var checksumIsValid: Bool { internetChecksum(of: bytes) == 0 }
    /// The group that is queried, reported or left, 0.0.0.0 in a general query (RFC 2236 §2.4); none in a version 3
    /// report, where these are other fields.
    @inlinable public var groupAddress: IPv4Address { bytes.ipv4Address(at: Field.groupAddress) }
    /// The octets behind the first eight: empty in versions 1 and 2, except for what a receiver ignores (RFC 2236 §2.5).
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: Self.minimumLength) }
    }

    /// The version of a query, by length and Max Resp Code (RFC 3376 §7.1): 8 octets are version 1 with code 0 and
    /// version 2 with another code, 12 and more are version 3. Nil for 9 to 11 octets, for a version 3 query that is
    /// shorter than its sources, and for what is no query.
    @inlinable
    public var queryVersion: IGMPVersion? {
        guard type == .membershipQuery else { return nil }
        if bytes.byteCount == Self.minimumLength { return maxResponseCode == 0 ? .version1 : .version2 }
        return holdsSources ? .version3 : nil
    }

    /// The Number of Group Records in a report, as it is declared (RFC 3376 §4.2.3).
    @inlinable public var groupRecordCount: Int { Int(bytes.uint16(at: Field.groupRecordCount)) }
    /// The group records of a version 3 report, one after the other; none in other messages (RFC 3376 §4.2.4).
    @inlinable public var groupRecords: MembershipRecordViews<IPv4Address> {
        @_lifetime(copy self)
        get {
            MembershipRecordViews(
                bytes.octets(from: Field.groupRecords), count: type == .version3MembershipReport ? groupRecordCount : 0)
        }
    }
}
