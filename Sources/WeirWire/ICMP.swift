// ICMP messages: RFC 792, Echo in its §"Echo or Echo Reply Message".
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |     Type      |     Code      |           Checksum            |
//    +---------------+---------------+-------------------------------+
//    |    rest of header, for Echo Identifier and Sequence Number    |
//    +---------------------------------------------------------------+

/// The layout that ICMP and ICMPv6 messages have in common: eight octets, then what the message carries.
public protocol ICMPLayout: ~Escapable {
    /// The octets of the message.
    var bytes: RawSpan {
        @_lifetime(copy self)
        get
    }
}

/// The offsets of the fields that ICMP and ICMPv6 messages have in common, from the first octet of the message.
public enum ICMPField {
    /// Type.
    @inlinable public static var type: Int { 0 }
    /// Code.
    @inlinable public static var code: Int { 1 }
    /// Checksum.
    @inlinable public static var checksum: Int { 2 }
    /// What depends on the type, Identifier in Echo.
    @inlinable public static var restOfHeader: Int { 4 }
    /// Sequence Number in Echo.
    @inlinable public static var sequenceNumber: Int { 6 }
    /// The octets of the header, behind which the payload begins.
    @inlinable public static var headerLength: Int { 8 }
}

extension ICMPLayout where Self: ~Escapable {
    /// What more there is to say about the type (RFC 792; RFC 4443 §2.1).
    @inlinable public var code: UInt8 { bytes.uint8(at: ICMPField.code) }
    /// The checksum of the message (RFC 792; RFC 4443 §2.3).
    @inlinable public var checksum: UInt16 { bytes.uint16(at: ICMPField.checksum) }
    /// The second four octets, whose meaning depends on the type: an MTU, a pointer, a gateway.
    @inlinable public var restOfHeader: UInt32 { bytes.uint32(at: ICMPField.restOfHeader) }
    /// In Echo, what the requests of one sender have in common (RFC 792; RFC 4443 §4.1).
    @inlinable public var identifier: UInt16 { bytes.uint16(at: ICMPField.restOfHeader) }
    /// In Echo, the number of the request (RFC 792; RFC 4443 §4.1).
    @inlinable public var sequenceNumber: UInt16 { bytes.uint16(at: ICMPField.sequenceNumber) }
    /// What follows the eight octets: the data of Echo, or the start of the packet that an error is about.
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: ICMPField.headerLength) }
    }
}

/// What an ICMP message is (RFC 792).
@frozen
public struct ICMPType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// The type with the given number, assigned or not.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Echo Reply.
    @inlinable public static var echoReply: Self { Self(rawValue: 0) }
    /// Destination Unreachable.
    @inlinable public static var destinationUnreachable: Self { Self(rawValue: 3) }
    /// Redirect.
    @inlinable public static var redirect: Self { Self(rawValue: 5) }
    /// Echo.
    @inlinable public static var echo: Self { Self(rawValue: 8) }
    /// Time Exceeded.
    @inlinable public static var timeExceeded: Self { Self(rawValue: 11) }
    /// Parameter Problem.
    @inlinable public static var parameterProblem: Self { Self(rawValue: 12) }
    /// Source Quench, deprecated by RFC 6633.
    @inlinable public static var sourceQuench: Self { Self(rawValue: 4) }

    /// Whether the message reports an error, and its payload is the start of the packet it is about (RFC 1122 §3.2.2).
    @inlinable public var isError: Bool {
        switch self {
        case .destinationUnreachable, .sourceQuench, .redirect, .timeExceeded, .parameterProblem: true
        default: false
        }
    }
}

/// A view of an ICMP message: all of the payload of an unfragmented IPv4 packet.
@frozen
public struct ICMPMessage: ~Escapable, ICMPLayout {
    public let bytes: RawSpan

    /// The message in `bytes`, nil when they are fewer than eight.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= ICMPField.headerLength else { return nil }
        self.bytes = bytes
    }

    /// What the message is (RFC 792).
    @inlinable public var type: ICMPType { ICMPType(rawValue: bytes.uint8(at: ICMPField.type)) }
    /// Whether the message sums up with its checksum (RFC 792).
    @inlinable public var checksumIsValid: Bool { internetChecksum(of: bytes) == 0 }
}

/// The first eight octets of an ICMP message, to be sent; the payload must be behind them when they are encoded.
@frozen
public struct ICMPHeader: Hashable, WireEncodable {
    /// What the message is.
    public var type: ICMPType
    /// What more there is to say about the type.
    public var code: UInt8
    /// The second four octets.
    public var restOfHeader: UInt32
    /// The octets behind the header.
    public var payloadLength: Int

    /// The header with the given fields.
    @inlinable
    public init(type: ICMPType, code: UInt8 = 0, restOfHeader: UInt32 = 0, payloadLength: Int) {
        self.type = type
        self.code = code
        self.restOfHeader = restOfHeader
        self.payloadLength = payloadLength
    }

    /// The header of an Echo or Echo Reply.
    @inlinable
    public init(echo type: ICMPType, identifier: UInt16, sequenceNumber: UInt16, payloadLength: Int) {
        let rest = UInt32(identifier) << 16 | UInt32(sequenceNumber)
        self.init(type: type, restOfHeader: rest, payloadLength: payloadLength)
    }

    @inlinable public var encodedLength: Int { ICMPField.headerLength }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        span.storeICMP(
            type: type.rawValue, code: code, restOfHeader: restOfHeader, payloadLength: payloadLength, at: offset
        ) { _ in 0 }
    }
}

extension MutableRawSpan {
    /// Stores the first eight octets of an ICMP or ICMPv6 message with the checksum over them and the payload, which
    /// begins with the sum that `initial` makes of their length.
    /// - Returns: the octets written, 0 when header and payload would not lie inside the span.
    @inlinable
    @_lifetime(self: copy self)
    mutating func storeICMP(
        type: UInt8, code: UInt8, restOfHeader: UInt32, payloadLength: Int, at offset: Int,
        initial: (_ length: Int) -> UInt32
    ) -> Int {
        guard 0...(0xffff - ICMPField.headerLength) ~= payloadLength else { return 0 }
        let length = ICMPField.headerLength + payloadLength
        guard holds(length, at: offset) else { return 0 }
        store(type, at: offset &+ ICMPField.type)
        store(code, at: offset &+ ICMPField.code)
        store(restOfHeader, at: offset &+ ICMPField.restOfHeader)
        storeChecksum(at: offset &+ ICMPField.checksum, from: offset, length: length, initial: initial(length))
        return ICMPField.headerLength
    }
}
