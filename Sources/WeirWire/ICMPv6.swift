// ICMPv6 messages: RFC 4443, Neighbor Discovery RFC 4861 §4, Multicast Listener Discovery RFC 2710 and RFC 3810.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |     Type      |     Code      |           Checksum            |
//    +---------------+---------------+-------------------------------+
//    |    rest of header, for Echo Identifier and Sequence Number    |
//    +---------------------------------------------------------------+
//    |  in Neighbor Solicitation and Advertisement Target Address,   |
//    |  in MLD Multicast Address, 16 octets                          |
//    +---------------------------------------------------------------+

/// What an ICMPv6 message is (RFC 4443 §2.1).
@frozen
public struct ICMPv6Type: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// The type with the given number, assigned or not.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Destination Unreachable (RFC 4443 §3.1).
    @inlinable public static var destinationUnreachable: Self { Self(rawValue: 1) }
    /// Packet Too Big (RFC 4443 §3.2).
    @inlinable public static var packetTooBig: Self { Self(rawValue: 2) }
    /// Time Exceeded (RFC 4443 §3.3).
    @inlinable public static var timeExceeded: Self { Self(rawValue: 3) }
    /// Parameter Problem (RFC 4443 §3.4).
    @inlinable public static var parameterProblem: Self { Self(rawValue: 4) }
    /// Echo Request (RFC 4443 §4.1).
    @inlinable public static var echoRequest: Self { Self(rawValue: 128) }
    /// Echo Reply (RFC 4443 §4.2).
    @inlinable public static var echoReply: Self { Self(rawValue: 129) }
    /// Multicast Listener Query (RFC 3810 §5.1).
    @inlinable public static var listenerQuery: Self { Self(rawValue: 130) }
    /// Version 1 Multicast Listener Report (RFC 2710 §3).
    @inlinable public static var listenerReport: Self { Self(rawValue: 131) }
    /// Version 1 Multicast Listener Done (RFC 2710 §3).
    @inlinable public static var listenerDone: Self { Self(rawValue: 132) }
    /// Router Solicitation (RFC 4861 §4.1).
    @inlinable public static var routerSolicitation: Self { Self(rawValue: 133) }
    /// Router Advertisement (RFC 4861 §4.2).
    @inlinable public static var routerAdvertisement: Self { Self(rawValue: 134) }
    /// Neighbor Solicitation (RFC 4861 §4.3).
    @inlinable public static var neighborSolicitation: Self { Self(rawValue: 135) }
    /// Neighbor Advertisement (RFC 4861 §4.4).
    @inlinable public static var neighborAdvertisement: Self { Self(rawValue: 136) }
    /// Redirect (RFC 4861 §4.5).
    @inlinable public static var redirect: Self { Self(rawValue: 137) }
    /// Version 2 Multicast Listener Report (RFC 3810 §5.2).
    @inlinable public static var version2ListenerReport: Self { Self(rawValue: 143) }

    /// Whether this is one of the four messages of Multicast Listener Discovery (RFC 3810 §5).
    @inlinable public var isMLD: Bool { 130...132 ~= rawValue || rawValue == 143 }
    /// Whether the message reports an error, and its payload is the start of the packet it is about (RFC 4443 §2.1).
    @inlinable public var isError: Bool { rawValue < 128 }
}

/// A view of an ICMPv6 message: all of the upper layer of an unfragmented IPv6 packet.
@frozen
public struct ICMPv6Message: ~Escapable, ICMPLayout {
    public let bytes: RawSpan

    /// The message in `bytes`, nil when they are fewer than eight.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= ICMPField.headerLength else { return nil }
        self.bytes = bytes
    }

    /// What the message is (RFC 4443 §2.1).
    @inlinable public var type: ICMPv6Type { ICMPv6Type(rawValue: bytes.uint8(at: ICMPField.type)) }
    /// The Target Address of a Neighbor Solicitation or Advertisement (RFC 4861 §4.3), the Multicast Address of an MLD
    /// query or version 1 report (RFC 3810 §5.1); :: in a message that ends before it.
    @inlinable public var targetAddress: IPv6Address { bytes.ipv6Address(at: ICMPField.headerLength) }

    /// Whether the message sums up with the pseudo header and its checksum (RFC 4443 §2.3).
    @inlinable
    public func checksumIsValid(_ pseudoHeader: PseudoHeader) -> Bool {
        pseudoHeader.verifies(bytes, protocol: .icmpv6)
    }
}

/// The first eight octets of an ICMPv6 message, to be sent; the payload must be behind them when they are encoded.
@frozen
public struct ICMPv6Header: Hashable, WireEncodable {
    /// What the message is.
    public var type: ICMPv6Type
    /// What more there is to say about the type.
    public var code: UInt8
    /// The second four octets.
    public var restOfHeader: UInt32
    /// The octets behind the header.
    public var payloadLength: Int
    /// What the checksum includes of the IPv6 header.
    public var pseudoHeader: PseudoHeader

    /// The header with the given fields.
    @inlinable
    public init(
        type: ICMPv6Type, code: UInt8 = 0, restOfHeader: UInt32 = 0, payloadLength: Int, pseudoHeader: PseudoHeader
    ) {
        self.type = type
        self.code = code
        self.restOfHeader = restOfHeader
        self.payloadLength = payloadLength
        self.pseudoHeader = pseudoHeader
    }

    /// The header of an Echo Request or Echo Reply.
    @inlinable
    public init(
        echo type: ICMPv6Type, identifier: UInt16, sequenceNumber: UInt16, payloadLength: Int,
        pseudoHeader: PseudoHeader
    ) {
        let rest = UInt32(identifier) << 16 | UInt32(sequenceNumber)
        self.init(type: type, restOfHeader: rest, payloadLength: payloadLength, pseudoHeader: pseudoHeader)
    }

    @inlinable public var encodedLength: Int { ICMPField.headerLength }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        span.storeICMP(
            type: type.rawValue, code: code, restOfHeader: restOfHeader, payloadLength: payloadLength, at: offset
        ) { pseudoHeader.sum(protocol: .icmpv6, length: $0) }
    }
}
