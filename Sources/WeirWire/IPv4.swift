// IPv4 packets: RFC 791 §3.1, with DSCP and ECN of RFC 2474 §3 and RFC 3168 §5, and Router Alert of RFC 2113.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------+-------+-----------+---+-------------------------------+
//    |Version|  IHL  |   DSCP    |ECN|         Total Length          |
//    +-------+-------+-----------+---+-----+-------------------------+
//    |        Identification         |0|D|M|     Fragment Offset     |
//    +---------------+---------------+-----+-------------------------+
//    |  Time to Live |    Protocol   |        Header Checksum        |
//    +---------------+---------------+-------------------------------+
//    |                        Source Address                         |
//    +---------------------------------------------------------------+
//    |                      Destination Address                      |
//    +---------------------------------------------------------------+
//    |              Options, 0 to 40 octets, and padding             |
//    +---------------------------------------------------------------+

/// A view of an IPv4 packet, from its version to the last octet of its total length.
@frozen
public struct IPv4Packet: ~Escapable {
    /// The offsets of the fields, from the first octet of the header.
    public enum Field {
        /// Version and IHL.
        @inlinable public static var versionAndIHL: Int { 0 }
        /// Type of Service, now DSCP and ECN.
        @inlinable public static var typeOfService: Int { 1 }
        /// Total Length.
        @inlinable public static var totalLength: Int { 2 }
        /// Identification.
        @inlinable public static var identification: Int { 4 }
        /// Flags and Fragment Offset.
        @inlinable public static var flagsAndFragmentOffset: Int { 6 }
        /// Time to Live.
        @inlinable public static var timeToLive: Int { 8 }
        /// Protocol.
        @inlinable public static var protocolNumber: Int { 9 }
        /// Header Checksum.
        @inlinable public static var headerChecksum: Int { 10 }
        /// Source Address.
        @inlinable public static var source: Int { 12 }
        /// Destination Address.
        @inlinable public static var destination: Int { 16 }
        /// Options.
        @inlinable public static var options: Int { 20 }
    }

    /// The octets of a header without options.
    @inlinable public static var minimumHeaderLength: Int { 20 }
    /// Don't Fragment in the word of flags and fragment offset.
    @inlinable static var dontFragmentFlag: UInt16 { 0x4000 }
    /// More Fragments in the word of flags and fragment offset.
    @inlinable static var moreFragmentsFlag: UInt16 { 0x2000 }
    /// Type and length of the Router Alert option (RFC 2113 §2.1).
    @inlinable static var routerAlertOption: UInt16 { 0x9404 }

    /// The octets of the packet, as many as its total length: padding behind them is gone.
    public let bytes: RawSpan

    /// The packet at the start of `bytes`, nil unless the version is 4 and
    /// 20 ≤ header length ≤ total length ≤ octets given.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.minimumHeaderLength else { return nil }
        let versionAndIHL = bytes.uint8(at: Field.versionAndIHL)
        let headerLength = Int(versionAndIHL & 0xf) &* 4
        let totalLength = Int(bytes.uint16(at: Field.totalLength))
        guard versionAndIHL >> 4 == 4, headerLength >= Self.minimumHeaderLength, totalLength >= headerLength,
            totalLength <= bytes.byteCount
        else { return nil }
        self.bytes = bytes.octets(from: 0, count: totalLength)
    }

    /// The length of the header in octets, 20 to 60: IHL counts words of four (RFC 791 §3.1).
    @inlinable public var headerLength: Int { Int(bytes.uint8(at: Field.versionAndIHL) & 0xf) &* 4 }
    /// DSCP and ECN in one octet (RFC 791 §3.1, Type of Service).
    @inlinable public var typeOfService: UInt8 { bytes.uint8(at: Field.typeOfService) }
    /// The Differentiated Services code point, 0 to 63 (RFC 2474 §3).
    @inlinable public var dscp: UInt8 { typeOfService >> 2 }
    /// Explicit Congestion Notification, 0 to 3 (RFC 3168 §5).
    @inlinable public var ecn: UInt8 { typeOfService & 3 }
    /// The length of header and payload in octets (RFC 791 §3.1).
    @inlinable public var totalLength: Int { bytes.byteCount }
    /// What the fragments of one packet have in common (RFC 791 §3.1; RFC 6864).
    @inlinable public var identification: UInt16 { bytes.uint16(at: Field.identification) }
    /// Flags and fragment offset as one word.
    @inlinable var fragmentation: UInt16 { bytes.uint16(at: Field.flagsAndFragmentOffset) }
    /// DF, the packet may not be fragmented (RFC 791 §3.1).
    @inlinable public var dontFragment: Bool { fragmentation & Self.dontFragmentFlag != 0 }
    /// MF, this is not the last fragment (RFC 791 §3.1).
    @inlinable public var moreFragments: Bool { fragmentation & Self.moreFragmentsFlag != 0 }
    /// Where the payload belongs in that of the whole packet, in octets (RFC 791 §3.1).
    @inlinable public var fragmentOffset: Int { Int(fragmentation & 0x1fff) &* 8 }
    /// Whether the payload is only a part of that of the whole packet.
    @inlinable public var isFragment: Bool { fragmentation & 0x3fff != 0 }
    /// TTL, the routers that the packet may still pass (RFC 791 §3.1; RFC 1812 §5.3.1).
    @inlinable public var timeToLive: UInt8 { bytes.uint8(at: Field.timeToLive) }
    /// What the payload is (RFC 791 §3.1, Protocol).
    @inlinable public var protocolNumber: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: Field.protocolNumber)) }
    /// The checksum of the header (RFC 791 §3.1).
    @inlinable public var headerChecksum: UInt16 { bytes.uint16(at: Field.headerChecksum) }
    /// Whether the header sums up with its checksum (RFC 791 §3.1).
    @inlinable public var headerChecksumIsValid: Bool {
        internetChecksum(of: bytes.octets(from: 0, count: headerLength)) == 0
    }
    /// Where the packet comes from (RFC 791 §3.1).
    @inlinable public var source: IPv4Address { bytes.ipv4Address(at: Field.source) }
    /// Where the packet goes (RFC 791 §3.1).
    @inlinable public var destination: IPv4Address { bytes.ipv4Address(at: Field.destination) }
    /// The options with their padding, 0 to 40 octets (RFC 791 §3.1).
    @inlinable @inline(__always) public var options: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: Field.options, count: headerLength &- Field.options) }
    }
    /// The value of the Router Alert option, 0 for "every router examines the packet", nil without it (RFC 2113 §2.1).
    @inlinable public var routerAlert: UInt16? {
        let offset = options.optionOffset(UInt8(truncatingIfNeeded: Self.routerAlertOption >> 8))
        guard let offset, options.uint16(at: offset) == Self.routerAlertOption else { return nil }
        return options.uint16(at: offset &+ 2)
    }
    /// The octets behind the header, up to the total length.
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: headerLength) }
    }
    /// What the checksum of a transport in this packet includes (RFC 768, RFC 9293 §3.1).
    @inlinable public var pseudoHeader: PseudoHeader { PseudoHeader(source: source, destination: destination) }
}

extension RawSpan {
    /// The offset of the first option of `kind` in a list of options, nil without one or behind a malformed one.
    ///
    /// IPv4 and TCP share the grammar: 0 ends the list, 1 is padding, everything else is a kind, a length that includes
    /// both octets, and a value (RFC 791 §3.1, RFC 9293 §3.1).
    @inlinable
    func optionOffset(_ kind: UInt8) -> Int? {
        var offset = 0
        while offset < byteCount {
            let found = uint8(at: offset)
            if found == 0 { return nil }
            let length = found == 1 ? 1 : Int(uint8(at: offset &+ 1))
            guard found == 1 || length >= 2, holds(length, at: offset) else { return nil }
            if found == kind { return offset }
            offset &+= length
        }
        return nil
    }
}

/// The header of an unfragmented IPv4 packet, with Router Alert or without options, to be sent.
@frozen
public struct IPv4Header: Hashable, WireEncodable {
    /// Where the packet comes from.
    public var source: IPv4Address
    /// Where the packet goes.
    public var destination: IPv4Address
    /// What the payload is.
    public var protocolNumber: IPProtocol
    /// The octets behind the header.
    public var payloadLength: Int
    /// TTL.
    public var timeToLive: UInt8 = 64
    /// DSCP and ECN in one octet.
    public var typeOfService: UInt8 = 0
    /// What the fragments would have in common.
    public var identification: UInt16 = 0
    /// DF.
    public var dontFragment = false
    /// Whether the header has the Router Alert option with value 0 (RFC 2113 §2.1).
    public var routerAlert = false

    /// The header with the given addresses and payload; set the other properties where the defaults do not fit.
    @inlinable
    public init(source: IPv4Address, destination: IPv4Address, protocolNumber: IPProtocol, payloadLength: Int) {
        self.source = source
        self.destination = destination
        self.protocolNumber = protocolNumber
        self.payloadLength = payloadLength
    }

    @inlinable public var encodedLength: Int { IPv4Packet.minimumHeaderLength + (routerAlert ? 4 : 0) }
    /// What the checksum of a transport in this packet includes.
    @inlinable public var pseudoHeader: PseudoHeader { PseudoHeader(source: source, destination: destination) }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        let length = encodedLength
        guard 0...(0xffff - length) ~= payloadLength, span.holds(length + payloadLength, at: offset) else { return 0 }
        typealias Field = IPv4Packet.Field
        span.store(0x40 | UInt8(length / 4), at: offset &+ Field.versionAndIHL)
        span.store(typeOfService, at: offset &+ Field.typeOfService)
        span.store(UInt16(length + payloadLength), at: offset &+ Field.totalLength)
        span.store(identification, at: offset &+ Field.identification)
        span.store(dontFragment ? IPv4Packet.dontFragmentFlag : 0, at: offset &+ Field.flagsAndFragmentOffset)
        span.store(timeToLive, at: offset &+ Field.timeToLive)
        span.store(protocolNumber.rawValue, at: offset &+ Field.protocolNumber)
        span.store(source, at: offset &+ Field.source)
        span.store(destination, at: offset &+ Field.destination)
        if routerAlert { span.store(UInt32(IPv4Packet.routerAlertOption) << 16, at: offset &+ Field.options) }
        span.storeChecksum(at: offset &+ Field.headerChecksum, from: offset, length: length)
        return length
    }
}
