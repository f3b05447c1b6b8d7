// UDP datagrams: RFC 768.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------------------------------+-------------------------------+
//    |          Source Port          |       Destination Port        |
//    +-------------------------------+-------------------------------+
//    |            Length             |           Checksum            |
//    +-------------------------------+-------------------------------+

/// A view of a UDP datagram, from its source port to the last octet of its length.
@frozen
public struct UDPDatagram: ~Escapable {
    /// The offsets of the fields, from the first octet of the header.
    public enum Field {
        /// Source Port.
        @inlinable public static var sourcePort: Int { 0 }
        /// Destination Port.
        @inlinable public static var destinationPort: Int { 2 }
        /// Length.
        @inlinable public static var length: Int { 4 }
        /// Checksum.
        @inlinable public static var checksum: Int { 6 }
    }

    /// The octets of the header.
    @inlinable public static var headerLength: Int { 8 }

    /// The octets of the datagram, as many as its length: what follows them in the IP payload is gone.
    public let bytes: RawSpan

    /// The datagram at the start of `bytes`, nil unless 8 ≤ length ≤ octets given.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.headerLength else { return nil }
        let length = Int(bytes.uint16(at: Field.length))
        guard length >= Self.headerLength, length <= bytes.byteCount else { return nil }
        self.bytes = bytes.octets(from: 0, count: length)
    }

    /// The port of the sender, 0 when there is none to reply to (RFC 768).
    @inlinable public var sourcePort: UInt16 { bytes.uint16(at: Field.sourcePort) }
    /// The port of the receiver (RFC 768).
    @inlinable public var destinationPort: UInt16 { bytes.uint16(at: Field.destinationPort) }
    /// The length of header and payload in octets (RFC 768).
    @inlinable public var length: Int { bytes.byteCount }
    /// The checksum, 0 when the sender made none (RFC 768), which IPv6 forbids (RFC 8200 §8.1).
    @inlinable public var checksum: UInt16 { bytes.uint16(at: Field.checksum) }
    /// The octets behind the header, up to the length.
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: Self.headerLength) }
    }

    /// Whether the datagram sums up with the pseudo header and its checksum, or has no checksum (RFC 768).
    @inlinable
    public func checksumIsValid(_ pseudoHeader: PseudoHeader) -> Bool {
        checksum == 0 || pseudoHeader.verifies(bytes, protocol: .udp)
    }
}

/// The header of a UDP datagram, to be sent; the payload must be behind it when it is encoded.
@frozen
public struct UDPHeader: Hashable, WireEncodable {
    /// The port of the sender.
    public var sourcePort: UInt16
    /// The port of the receiver.
    public var destinationPort: UInt16
    /// The octets behind the header.
    public var payloadLength: Int
    /// What the checksum includes of the IP header, nil for a datagram without checksum.
    public var pseudoHeader: PseudoHeader?

    /// The header with the given fields.
    @inlinable
    public init(sourcePort: UInt16, destinationPort: UInt16, payloadLength: Int, pseudoHeader: PseudoHeader?) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.payloadLength = payloadLength
        self.pseudoHeader = pseudoHeader
    }

    @inlinable public var encodedLength: Int { UDPDatagram.headerLength }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        guard 0...(0xffff - encodedLength) ~= payloadLength else { return 0 }
        let length = encodedLength + payloadLength
        guard span.holds(length, at: offset) else { return 0 }
        typealias Field = UDPDatagram.Field
        span.store(sourcePort, at: offset &+ Field.sourcePort)
        span.store(destinationPort, at: offset &+ Field.destinationPort)
        span.store(UInt16(length), at: offset &+ Field.length)
        guard let pseudoHeader else {
            span.store(UInt16(0), at: offset &+ Field.checksum)
            return encodedLength
        }
        let checksum = span.storeChecksum(
            at: offset &+ Field.checksum, from: offset, length: length,
            initial: pseudoHeader.sum(protocol: .udp, length: length))
        // 0 means "no checksum", and its equal in one's complement is sent for it (RFC 768).
        if checksum == 0 { span.store(UInt16(0xffff), at: offset &+ Field.checksum) }
        return encodedLength
    }
}
