// IPv6 packets: RFC 8200 §3.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------+---------------+---------------------------------------+
//    |Version| Traffic Class |              Flow Label               |
//    +-------+---------------+-------+---------------+---------------+
//    |         Payload Length        |  Next Header  |   Hop Limit   |
//    +-------------------------------+---------------+---------------+
//    |                  Source Address, 16 octets                    |
//    +---------------------------------------------------------------+
//    |                Destination Address, 16 octets                 |
//    +---------------------------------------------------------------+

/// A view of an IPv6 packet, from its version to the last octet of its payload length.
///
/// Jumbograms (RFC 2675) are not read: a payload length of 0 is an empty payload. Extension headers are in
/// `IPv6+Extensions.swift`.
@frozen
public struct IPv6Packet: ~Escapable {
    /// The offsets of the fields, from the first octet of the header.
    public enum Field {
        /// Version, Traffic Class and Flow Label.
        @inlinable public static var versionClassAndLabel: Int { 0 }
        /// Payload Length.
        @inlinable public static var payloadLength: Int { 4 }
        /// Next Header.
        @inlinable public static var nextHeader: Int { 6 }
        /// Hop Limit.
        @inlinable public static var hopLimit: Int { 7 }
        /// Source Address.
        @inlinable public static var source: Int { 8 }
        /// Destination Address.
        @inlinable public static var destination: Int { 24 }
    }

    /// The octets of the fixed header.
    @inlinable public static var headerLength: Int { 40 }

    /// The octets of the packet, as many as header and payload length: padding behind them is gone.
    public let bytes: RawSpan

    /// The packet at the start of `bytes`, nil unless the version is 6 and 40 + payload length ≤ octets given.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.headerLength, bytes.uint8(at: Field.versionClassAndLabel) >> 4 == 6 else {
            return nil
        }
        let length = Self.headerLength &+ Int(bytes.uint16(at: Field.payloadLength))
        guard length <= bytes.byteCount else { return nil }
        self.bytes = bytes.octets(from: 0, count: length)
    }

    /// What there is of a packet that `init(_:)` refuses, to see what it would have been.
    @_lifetime(copy bytes)
    init(damaged bytes: RawSpan) { self.bytes = bytes }

    /// The start of a packet as an ICMPv6 error quotes it, cut off anywhere behind the fixed header (RFC 4443 §2.4); nil for
    /// less, and for another version.
    @_lifetime(copy bytes)
    public init?(quoted bytes: RawSpan) {
        guard bytes.byteCount >= Self.headerLength, bytes.uint8(at: Field.versionClassAndLabel) >> 4 == 6 else {
            return nil
        }
        let length = Self.headerLength &+ Int(bytes.uint16(at: Field.payloadLength))
        self.bytes = bytes.octets(from: 0, count: min(length, bytes.byteCount))
    }

    /// DSCP and ECN in one octet (RFC 8200 §7).
    @inlinable public var trafficClass: UInt8 {
        UInt8(truncatingIfNeeded: bytes.uint32(at: Field.versionClassAndLabel) >> 20)
    }
    /// The Differentiated Services code point, 0 to 63 (RFC 2474 §3).
    @inlinable public var dscp: UInt8 { trafficClass >> 2 }
    /// Explicit Congestion Notification, 0 to 3 (RFC 3168 §5).
    @inlinable public var ecn: UInt8 { trafficClass & 3 }
    /// The flow that the packet belongs to, 20 bits, 0 for none (RFC 6437 §2).
    @inlinable public var flowLabel: UInt32 { bytes.uint32(at: Field.versionClassAndLabel) & 0xf_ffff }
    /// The octets behind the fixed header, extension headers included (RFC 8200 §3).
    @inlinable public var payloadLength: Int { bytes.byteCount &- Self.headerLength }
    /// What follows the fixed header: an extension header or already the upper layer (RFC 8200 §3).
    @inlinable public var nextHeader: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: Field.nextHeader)) }
    /// The routers that the packet may still pass (RFC 8200 §3).
    @inlinable public var hopLimit: UInt8 { bytes.uint8(at: Field.hopLimit) }
    /// Where the packet comes from (RFC 8200 §3).
    @inlinable public var source: IPv6Address { bytes.ipv6Address(at: Field.source) }
    /// Where the packet goes, with a routing header only its next stop (RFC 8200 §3).
    @inlinable public var destination: IPv6Address { bytes.ipv6Address(at: Field.destination) }
    /// The octets behind the fixed header, extension headers included, up to the payload length.
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: Self.headerLength) }
    }
    /// What the checksum of a transport in this packet includes (RFC 8200 §8.1), routing headers not considered.
    @inlinable public var pseudoHeader: PseudoHeader { PseudoHeader(source: source, destination: destination) }
}

/// The header of an IPv6 packet, with a Router Alert in hop-by-hop options or without extension, to be sent.
@frozen
public struct IPv6Header: Hashable, WireEncodable {
    /// Where the packet comes from.
    public var source: IPv6Address
    /// Where the packet goes.
    public var destination: IPv6Address
    /// What the payload is.
    public var protocolNumber: IPProtocol
    /// The octets behind the header and its options.
    public var payloadLength: Int
    /// The routers that the packet may pass.
    public var hopLimit: UInt8 = 64
    /// DSCP and ECN in one octet.
    public var trafficClass: UInt8 = 0
    /// The flow, of which the low 20 bits count.
    public var flowLabel: UInt32 = 0
    /// Whether a hop-by-hop options header with Router Alert, value 0 for MLD, follows (RFC 2711 §2.1).
    public var routerAlert = false

    /// The header with the given addresses and payload; set the other properties where the defaults do not fit.
    @inlinable
    public init(source: IPv6Address, destination: IPv6Address, protocolNumber: IPProtocol, payloadLength: Int) {
        self.source = source
        self.destination = destination
        self.protocolNumber = protocolNumber
        self.payloadLength = payloadLength
    }

    /// The octets of the hop-by-hop options with Router Alert and two octets of padding.
    @inlinable var optionsLength: Int { routerAlert ? 8 : 0 }
    @inlinable public var encodedLength: Int { IPv6Packet.headerLength + optionsLength }
    /// What the checksum of a transport in this packet includes.
    @inlinable public var pseudoHeader: PseudoHeader { PseudoHeader(source: source, destination: destination) }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        let length = encodedLength
        guard 0...(0xffff - optionsLength) ~= payloadLength, span.holds(length + payloadLength, at: offset) else {
            return 0
        }
        typealias Field = IPv6Packet.Field
        let versionAndClass = 0x6000_0000 | UInt32(trafficClass) << 20
        span.store(versionAndClass | flowLabel & 0xf_ffff, at: offset &+ Field.versionClassAndLabel)
        span.store(UInt16(optionsLength + payloadLength), at: offset &+ Field.payloadLength)
        let next = routerAlert ? IPProtocol.hopByHopOptions : protocolNumber
        span.store(next.rawValue, at: offset &+ Field.nextHeader)
        span.store(hopLimit, at: offset &+ Field.hopLimit)
        span.store(source, at: offset &+ Field.source)
        span.store(destination, at: offset &+ Field.destination)
        if routerAlert {
            let alertAndPadding: UInt64 = 0x0502_0000_0100
            span.store(UInt64(protocolNumber.rawValue) << 56 | alertAndPadding, at: offset &+ IPv6Packet.headerLength)
        }
        return length
    }
}
