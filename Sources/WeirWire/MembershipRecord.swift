// Records of a report, Group Records in IGMP version 3 (RFC 3376 §4.2) and Multicast Address Records in MLD version 2
// (RFC 3810 §5.2). The families differ in the length of addresses only.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |  Record Type  |  Aux Data Len |     Number of Sources (N)     |
//    +---------------+---------------+-------------------------------+
//    |       Multicast Address, 4 octets in IGMP, 16 in MLD          |
//    +---------------------------------------------------------------+
//    |            Source Addresses, N of as many octets              |
//    +---------------------------------------------------------------+
//    |           Auxiliary Data, Aux Data Len of 4 octets            |
//    +---------------------------------------------------------------+

/// A Group Record of a Version 3 Membership Report (RFC 3376 §4.2.4).
public typealias IGMPGroupRecord = MembershipRecord<IPv4Address>
/// What a group record says about its sources (RFC 3376 §4.2.12).
public typealias IGMPGroupRecordType = MembershipRecordType
/// A Multicast Address Record of a Version 2 Multicast Listener Report (RFC 3810 §5.2.4).
public typealias MLDAddressRecord = MembershipRecord<IPv6Address>
/// What a multicast address record says about its sources (RFC 3810 §5.2.12).
public typealias MLDAddressRecordType = MembershipRecordType

/// What a record says about its sources (RFC 3376 §4.2.12, RFC 3810 §5.2.12).
@frozen
public struct MembershipRecordType: RawRepresentable, Hashable, Sendable {
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

/// A record of a report, without auxiliary data: a group, and what its sender wants of it.
public struct MembershipRecord<Address: IPAddress>: Hashable, WireEncodable {
    /// What the record says about the sources.
    public var type: MembershipRecordType
    /// The group that the record is about.
    public var multicastAddress: Address
    /// The sources. Only a list that is not empty is allocated.
    public var sources: [Address]

    /// The record with the given fields.
    public init(type: MembershipRecordType, multicastAddress: Address, sources: [Address] = []) {
        self.type = type
        self.multicastAddress = multicastAddress
        self.sources = sources
    }

    /// The record that a view shows, without its auxiliary data.
    public init(_ record: MembershipRecordView<Address>) {
        let sources: [Address] = record.bytes.addresses(
            at: MembershipRecordView<Address>.Field.sources, count: record.sourceCount)
        self.init(type: record.type, multicastAddress: record.multicastAddress, sources: sources)
    }

    public var encodedLength: Int {
        MembershipRecordView<Address>.Field.sources + sources.count * Address.octetCount
    }

    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        guard sources.count <= 0xffff, span.holds(encodedLength, at: offset) else { return 0 }
        typealias Field = MembershipRecordView<Address>.Field
        span.store(type.rawValue, at: offset &+ Field.type)
        span.store(UInt8(0), at: offset &+ Field.auxiliaryDataLength)
        span.store(UInt16(sources.count), at: offset &+ Field.sourceCount)
        multicastAddress.store(in: &span, at: offset &+ Field.multicastAddress)
        span.store(sources, at: offset &+ Field.sources)
        return encodedLength
    }

    /// The records of a report. Those of unknown type are left out (RFC 3376 §4.2.12, RFC 3810 §5.2.12).
    /// - Throws: `length` for a report that ends before its records, `group` for a record about what is no group.
    static func list(_ unread: MembershipRecordViews<Address>) throws(MembershipFault) -> [Self] {
        var unread = unread
        var records: [Self] = []
        while let record = unread.next() {
            if record.type.isKnown { records.append(Self(record)) }
        }
        guard !unread.isCutShort else { throw .length }
        guard records.allSatisfy(\.multicastAddress.isMulticast) else { throw .group }
        return records
    }

    /// The octets of a list of records, nil when it has more records or sources than can be counted on the wire.
    static func encodedLength(of records: [Self]) -> Int? {
        guard records.count <= 0xffff, records.allSatisfy({ $0.sources.count <= 0xffff }) else { return nil }
        return records.reduce(0) { $0 + $1.encodedLength }
    }
}

extension MutableRawSpan {
    /// Stores records one behind the other, from `offset`.
    @_lifetime(self: copy self)
    mutating func store<Address>(_ records: [MembershipRecord<Address>], at offset: Int) {
        var next = offset
        for record in records { next &+= record.encode(into: &self, at: next) }
    }
}
