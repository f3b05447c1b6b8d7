// TCP segments: RFC 9293 §3.1, Maximum Segment Size §3.7.1.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------------------------------+-------------------------------+
//    |          Source Port          |       Destination Port        |
//    +-------------------------------+-------------------------------+
//    |                        Sequence Number                        |
//    +---------------------------------------------------------------+
//    |                     Acknowledgment Number                     |
//    +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
//    | DOffs | Rsrvd |C|E|U|A|P|R|S|F|            Window             |
//    +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
//    |           Checksum            |        Urgent Pointer         |
//    +-------------------------------+-------------------------------+
//    |             Options, 0 to 40 octets, and padding              |
//    +---------------------------------------------------------------+

/// The control bits of a TCP segment (RFC 9293 §3.1).
@frozen
public struct TCPFlags: OptionSet, Hashable, Sendable {
    /// The bits on the wire.
    public let rawValue: UInt8

    /// The flags with the given bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No more data from the sender.
    @inlinable public static var fin: Self { Self(rawValue: 0x01) }
    /// Synchronize sequence numbers.
    @inlinable public static var syn: Self { Self(rawValue: 0x02) }
    /// Reset the connection.
    @inlinable public static var rst: Self { Self(rawValue: 0x04) }
    /// Push function.
    @inlinable public static var psh: Self { Self(rawValue: 0x08) }
    /// The acknowledgment number is significant.
    @inlinable public static var ack: Self { Self(rawValue: 0x10) }
    /// The urgent pointer is significant.
    @inlinable public static var urg: Self { Self(rawValue: 0x20) }
    /// ECN-Echo (RFC 3168 §6.1).
    @inlinable public static var ece: Self { Self(rawValue: 0x40) }
    /// Congestion Window Reduced (RFC 3168 §6.1).
    @inlinable public static var cwr: Self { Self(rawValue: 0x80) }
}

/// A view of a TCP segment: all of the payload of an unfragmented IP packet.
@frozen
public struct TCPSegment: ~Escapable {
    /// The offsets of the fields, from the first octet of the header.
    public enum Field {
        /// Source Port.
        @inlinable public static var sourcePort: Int { 0 }
        /// Destination Port.
        @inlinable public static var destinationPort: Int { 2 }
        /// Sequence Number.
        @inlinable public static var sequenceNumber: Int { 4 }
        /// Acknowledgment Number.
        @inlinable public static var acknowledgmentNumber: Int { 8 }
        /// Data Offset and reserved bits.
        @inlinable public static var dataOffset: Int { 12 }
        /// Control bits.
        @inlinable public static var flags: Int { 13 }
        /// Window.
        @inlinable public static var window: Int { 14 }
        /// Checksum.
        @inlinable public static var checksum: Int { 16 }
        /// Urgent Pointer.
        @inlinable public static var urgentPointer: Int { 18 }
        /// Options.
        @inlinable public static var options: Int { 20 }
    }

    /// The octets of a header without options.
    @inlinable public static var minimumHeaderLength: Int { 20 }
    /// Kind and length of the Maximum Segment Size option (RFC 9293 §3.2).
    @inlinable static var maximumSegmentSizeOption: UInt16 { 0x0204 }

    /// The octets of the segment.
    public let bytes: RawSpan

    /// The segment in `bytes`, nil unless 20 ≤ header length ≤ octets given.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.minimumHeaderLength else { return nil }
        let headerLength = Int(bytes.uint8(at: Field.dataOffset) >> 4) &* 4
        guard headerLength >= Self.minimumHeaderLength, headerLength <= bytes.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The port of the sender (RFC 9293 §3.1).
    @inlinable public var sourcePort: UInt16 { bytes.uint16(at: Field.sourcePort) }
    /// The port of the receiver (RFC 9293 §3.1).
    @inlinable public var destinationPort: UInt16 { bytes.uint16(at: Field.destinationPort) }
    /// The number of the first octet of the payload, or with SYN the initial sequence number (RFC 9293 §3.1).
    @inlinable public var sequenceNumber: UInt32 { bytes.uint32(at: Field.sequenceNumber) }
    /// With ACK, the sequence number that the sender expects next (RFC 9293 §3.1).
    @inlinable public var acknowledgmentNumber: UInt32 { bytes.uint32(at: Field.acknowledgmentNumber) }
    /// The length of the header in octets, 20 to 60: Data Offset counts words of four (RFC 9293 §3.1).
    @inlinable public var headerLength: Int { Int(bytes.uint8(at: Field.dataOffset) >> 4) &* 4 }
    /// The control bits (RFC 9293 §3.1).
    @inlinable public var flags: TCPFlags { TCPFlags(rawValue: bytes.uint8(at: Field.flags)) }
    /// The octets that the sender is ready to accept, not yet scaled (RFC 9293 §3.1; RFC 7323 §2.2).
    @inlinable public var window: UInt16 { bytes.uint16(at: Field.window) }
    /// The checksum of pseudo header and segment (RFC 9293 §3.1).
    @inlinable public var checksum: UInt16 { bytes.uint16(at: Field.checksum) }
    /// With URG, the distance from the sequence number to the end of urgent data (RFC 9293 §3.1).
    @inlinable public var urgentPointer: UInt16 { bytes.uint16(at: Field.urgentPointer) }
    /// The options with their padding, 0 to 40 octets (RFC 9293 §3.1).
    @inlinable @inline(__always) public var options: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: Field.options, count: headerLength &- Field.options) }
    }
    /// The largest segment that the sender accepts, in octets, nil without the option (RFC 9293 §3.7.1).
    @inlinable public var maximumSegmentSize: UInt16? {
        maximumSegmentSizeOffset.map { bytes.uint16(at: $0) }
    }
    /// Where the value of the Maximum Segment Size option is, in octets from the start of the segment.
    @inlinable public var maximumSegmentSizeOffset: Int? {
        let offset = options.optionOffset(UInt8(truncatingIfNeeded: Self.maximumSegmentSizeOption >> 8))
        guard let offset, options.uint16(at: offset) == Self.maximumSegmentSizeOption else { return nil }
        return Field.options &+ offset &+ 2
    }
    /// The octets behind the header.
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: headerLength) }
    }

    /// Whether the segment sums up with the pseudo header and its checksum (RFC 9293 §3.1).
    @inlinable
    public func checksumIsValid(_ pseudoHeader: PseudoHeader) -> Bool {
        pseudoHeader.verifies(bytes, protocol: .tcp)
    }
}

/// The header of a TCP segment, with Maximum Segment Size or without options, to be sent; the payload must be behind
/// it when it is encoded.
@frozen
public struct TCPHeader: Hashable, WireEncodable {
    /// The port of the sender.
    public var sourcePort: UInt16
    /// The port of the receiver.
    public var destinationPort: UInt16
    /// The number of the first octet of the payload.
    public var sequenceNumber: UInt32 = 0
    /// With ACK, the sequence number that is expected next.
    public var acknowledgmentNumber: UInt32 = 0
    /// The control bits.
    public var flags: TCPFlags
    /// The octets that the sender is ready to accept.
    public var window: UInt16 = 0
    /// With URG, the distance to the end of urgent data.
    public var urgentPointer: UInt16 = 0
    /// The largest segment that the sender accepts, in octets, nil for no such option.
    public var maximumSegmentSize: UInt16?
    /// The octets behind the header.
    public var payloadLength: Int
    /// What the checksum includes of the IP header.
    public var pseudoHeader: PseudoHeader

    /// The header with the given fields; set the other properties where the defaults do not fit.
    @inlinable
    public init(
        sourcePort: UInt16, destinationPort: UInt16, flags: TCPFlags, payloadLength: Int, pseudoHeader: PseudoHeader
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.flags = flags
        self.payloadLength = payloadLength
        self.pseudoHeader = pseudoHeader
    }

    @inlinable public var encodedLength: Int { TCPSegment.minimumHeaderLength + (maximumSegmentSize == nil ? 0 : 4) }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        guard 0...(0xffff - encodedLength) ~= payloadLength else { return 0 }
        let length = encodedLength + payloadLength
        guard span.holds(length, at: offset) else { return 0 }
        typealias Field = TCPSegment.Field
        span.store(sourcePort, at: offset &+ Field.sourcePort)
        span.store(destinationPort, at: offset &+ Field.destinationPort)
        span.store(sequenceNumber, at: offset &+ Field.sequenceNumber)
        span.store(acknowledgmentNumber, at: offset &+ Field.acknowledgmentNumber)
        span.store(UInt8((encodedLength / 4) << 4), at: offset &+ Field.dataOffset)
        span.store(flags.rawValue, at: offset &+ Field.flags)
        span.store(window, at: offset &+ Field.window)
        span.store(urgentPointer, at: offset &+ Field.urgentPointer)
        if let maximumSegmentSize {
            let option = UInt32(TCPSegment.maximumSegmentSizeOption) << 16 | UInt32(maximumSegmentSize)
            span.store(option, at: offset &+ Field.options)
        }
        span.storeChecksum(
            at: offset &+ Field.checksum, from: offset, length: length,
            initial: pseudoHeader.sum(protocol: .tcp, length: length))
        return encodedLength
    }
}
