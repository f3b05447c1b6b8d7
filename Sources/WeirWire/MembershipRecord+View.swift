// Records of a report where they lie; the layout is in `MembershipRecord.swift`.

/// A view of a record, from its type to the end of its auxiliary data.
@frozen
public struct MembershipRecordView<Address: IPAddress>: ~Escapable {
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
        @inlinable public static var sources: Int { 4 &+ Address.octetCount }
    }

    /// The octets of the record.
    public let bytes: RawSpan

    /// The record at the start of `bytes`, nil when they end before its sources or auxiliary data do.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        let sourcesLength = Int(bytes.uint16(at: Field.sourceCount)) &* Address.octetCount
        let auxiliaryDataLength = Int(bytes.uint8(at: Field.auxiliaryDataLength)) &* 4
        let length = Field.sources &+ sourcesLength &+ auxiliaryDataLength
        guard length <= bytes.byteCount else { return nil }
        self.bytes = bytes.octets(from: 0, count: length)
    }

    /// What the record says about the sources (RFC 3376 §4.2.12, RFC 3810 §5.2.12).
    @inlinable public var type: MembershipRecordType { MembershipRecordType(rawValue: bytes.uint8(at: Field.type)) }
    /// The octets of auxiliary data; the field counts words of four (RFC 3376 §4.2.6, RFC 3810 §5.2.6).
    @inlinable public var auxiliaryDataLength: Int { Int(bytes.uint8(at: Field.auxiliaryDataLength)) &* 4 }
    /// The Number of Sources (RFC 3376 §4.2.7, RFC 3810 §5.2.7).
    @inlinable public var sourceCount: Int { Int(bytes.uint16(at: Field.sourceCount)) }
    /// The group that the record is about (RFC 3376 §4.2.8, RFC 3810 §5.2.8).
    @inlinable public var multicastAddress: Address { Address(reading: bytes, at: Field.multicastAddress) }
    /// The source with the given number, from 0; the unspecified address where there is none (RFC 3376 §4.2.9,
    /// RFC 3810 §5.2.9).
    @inlinable
    public func source(at index: Int) -> Address { bytes.address(at: Field.sources, index: index, of: sourceCount) }
    /// What follows the sources, ignored by receivers (RFC 3376 §4.2.10, RFC 3810 §5.2.10).
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: Field.sources &+ sourceCount &* Address.octetCount) }
    }
}

/// A pass over the records of a report. It ends behind the declared number of records, or before a record that the
/// message does not hold in full.
@frozen
public struct MembershipRecordViews<Address: IPAddress>: ~Escapable {
    /// The octets from the next record on.
    @usableFromInline var rest: RawSpan
    /// The number of records that are declared and not yet read.
    @usableFromInline var unreadCount: Int

    /// The `count` records that `bytes` begin with.
    @inlinable
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, count: Int) {
        rest = bytes
        unreadCount = count
    }

    /// Whether the message ended before the declared records did; known when `next()` has returned nil.
    @inlinable public var isCutShort: Bool { unreadCount > 0 }

    /// The next record, nil behind the last.
    @inlinable
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func next() -> MembershipRecordView<Address>? {
        guard unreadCount > 0, let record = MembershipRecordView<Address>(rest) else { return nil }
        unreadCount &-= 1
        rest = rest.octets(from: record.bytes.byteCount)
        return record
    }
}
