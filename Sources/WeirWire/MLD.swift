// Multicast Listener Discovery: version 1 RFC 2710, version 2 RFC 3810. Its messages are ICMPv6 messages.
//
// Query, report and done of version 1 (RFC 2710 §3), and the start of a version 2 query (RFC 3810 §5.1):
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |     Type      |     Code      |           Checksum            |
//    +---------------+---------------+-------------------------------+
//    |     Maximum Response Code     |           Reserved            |
//    +-------------------------------+-------------------------------+
//    |                 Multicast Address, 16 octets                  |
//    +---------------------------------------------------------------+
//
// Version 2 adds to queries what is in `QuerierFields.swift`. Its report (RFC 3810 §5.2) has a reserved word and a count
// in the second four octets, and then come the records of `MembershipRecord.swift`. What stages keep and send is in
// `MLD+Contents.swift`.

/// A version of MLD, as a querier speaks it (RFC 3810 §8.1).
public enum MLDVersion: UInt8, Hashable, Comparable, Sendable {
    /// RFC 2710.
    case version1 = 1
    /// RFC 3810.
    case version2 = 2

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A view of an MLD message: an ICMPv6 message, all of the upper layer of an unfragmented IPv6 packet.
///
/// Make it from `IPv6Packet.upperLayerPayload`. The length of a query decides its version, so no octet of padding may
/// be in it.
@frozen
public struct MLDMessage: ~Escapable, QuerierLayout {
    public typealias Address = IPv6Address

    /// The offsets of the fields, from the first octet of the message.
    public enum Field {
        /// Type.
        @inlinable public static var type: Int { ICMPField.type }
        /// Checksum.
        @inlinable public static var checksum: Int { ICMPField.checksum }
        /// Maximum Response Code, in version 1 Maximum Response Delay.
        @inlinable public static var maxResponseCode: Int { 4 }
        /// Nr of Mcast Address Records (M) in a version 2 report.
        @inlinable public static var addressRecordCount: Int { 6 }
        /// Multicast Address.
        @inlinable public static var multicastAddress: Int { 8 }
        /// Multicast Address Records in a version 2 report.
        @inlinable public static var addressRecords: Int { 8 }
        /// Reserved bits, S Flag and QRV in a version 2 query.
        @inlinable public static var flagsAndRobustness: Int { 24 }
        /// QQIC in a version 2 query.
        @inlinable public static var queryIntervalCode: Int { 25 }
        /// Number of Sources (N) in a version 2 query.
        @inlinable public static var sourceCount: Int { 26 }
        /// Source Addresses in a version 2 query.
        @inlinable public static var sources: Int { 28 }
    }

    /// The octets of a message of version 1.
    @inlinable public static var version1Length: Int { 24 }
    @inlinable public static var querierFieldsOffset: Int { Field.flagsAndRobustness }

    /// The octets of the message.
    public let bytes: RawSpan

    /// The message in `bytes`, nil when they are fewer than eight or of another ICMPv6 type.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= ICMPField.headerLength, ICMPv6Type(rawValue: bytes.uint8(at: Field.type)).isMLD else {
            return nil
        }
        self.bytes = bytes
    }

    /// What the message is (RFC 3810 §5).
    @inlinable public var type: ICMPv6Type { ICMPv6Type(rawValue: bytes.uint8(at: Field.type)) }
    /// The checksum of the whole message and the pseudo header (RFC 3810 §5.1.2).
    @inlinable public var checksum: UInt16 { bytes.uint16(at: Field.checksum) }
    /// In a query the time to answer in, coded as its version says (RFC 3810 §5.1.3); decoded in `MLDQuery`.
    @inlinable public var maxResponseCode: UInt16 { bytes.uint16(at: Field.maxResponseCode) }
    /// The group that is queried, reported or left, :: in a general query (RFC 3810 §5.1.5) and in a message that ends
    /// before it; none in a version 2 report, where these are other fields.
    @inlinable public var multicastAddress: IPv6Address { bytes.ipv6Address(at: Field.multicastAddress) }

    /// Whether the message sums up with the pseudo header and its checksum (RFC 3810 §5.1.2).
    @inlinable
    public func checksumIsValid(_ pseudoHeader: PseudoHeader) -> Bool {
        pseudoHeader.verifies(bytes, protocol: .icmpv6)
    }

    /// The version of a query, by length (RFC 3810 §8.1): 24 octets are version 1, 28 and more are version 2. Nil for
    /// other lengths, for a version 2 query that is shorter than its sources, and for what is no query.
    @inlinable
    public var queryVersion: MLDVersion? {
        guard type == .listenerQuery else { return nil }
        if bytes.byteCount == Self.version1Length { return .version1 }
        return holdsSources ? .version2 : nil
    }

    /// The number of multicast address records in a report, as it is declared (RFC 3810 §5.2.3).
    @inlinable public var addressRecordCount: Int { Int(bytes.uint16(at: Field.addressRecordCount)) }
    /// The records of a version 2 report, one after the other; none in other messages (RFC 3810 §5.2.4).
    @inlinable public var addressRecords: MembershipRecordViews<IPv6Address> {
        @_lifetime(copy self)
        get {
            MembershipRecordViews(
                bytes.octets(from: Field.addressRecords),
                count: type == .version2ListenerReport ? addressRecordCount : 0)
        }
    }
}
