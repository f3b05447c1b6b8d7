// IPv4 addresses and prefixes: RFC 791 §3.2, RFC 1112 §4 (groups), RFC 4632 §3.1 (prefix notation).

/// An IPv4 address, held as the number that its four octets make in network byte order.
@frozen
public struct IPv4Address: RawRepresentable, Hashable, Sendable {
    /// The address as a number: 192.0.2.1 is 0xc0000201.
    public let rawValue: UInt32

    /// The address with the given number.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The address written a.b.c.d.
    @inlinable
    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        rawValue = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
    }

    /// 0.0.0.0, "this host" as a source (RFC 1122 §3.2.1.3).
    @inlinable public static var unspecified: Self { Self(rawValue: 0) }
    /// 255.255.255.255, the limited broadcast (RFC 919 §7).
    @inlinable public static var broadcast: Self { Self(rawValue: .max) }
    /// 224.0.0.1, all systems on this network segment (RFC 1112 §4).
    @inlinable public static var allSystems: Self { Self(224, 0, 0, 1) }
    /// 224.0.0.2, all routers on this network segment, where a Leave Group goes (RFC 2236 §9).
    @inlinable public static var allRouters: Self { Self(224, 0, 0, 2) }
    /// 224.0.0.22, all IGMPv3-capable routers, where a Version 3 Report goes (RFC 3376 §4.2.14).
    @inlinable public static var allIGMPv3Routers: Self { Self(224, 0, 0, 22) }

    /// Whether this is a group address, 224.0.0.0/4 (RFC 1112 §4).
    @inlinable public var isMulticast: Bool { rawValue >> 28 == 0xe }
    /// Whether this is 0.0.0.0.
    @inlinable public var isUnspecified: Bool { rawValue == 0 }
    /// Whether this is in 127.0.0.0/8, inside a host (RFC 1122 §3.2.1.3).
    @inlinable public var isLoopback: Bool { rawValue >> 24 == 127 }
    /// Whether this is 255.255.255.255.
    @inlinable public var isBroadcast: Bool { rawValue == .max }
}

extension IPv4Address: Comparable {
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: LosslessStringConvertible {
    /// Reads four decimal numbers, 0 to 255 without leading zeros, with dots between; nothing else is accepted.
    public init?(_ description: String) {
        var scanner = TextScanner(description)
        guard let address = scanner.ipv4Address(), scanner.isAtEnd else { return nil }
        self = address
    }

    public var description: String {
        "\(rawValue >> 24).\(rawValue >> 16 & 0xff).\(rawValue >> 8 & 0xff).\(rawValue & 0xff)"
    }
}

/// An IPv4 prefix, a.b.c.d/n: the addresses whose first n bits are those of a.b.c.d.
@frozen
public struct IPv4Prefix: Hashable, Sendable {
    /// The address as it was given, which may have bits set behind the prefix.
    public let address: IPv4Address
    /// The length of the prefix in bits, 0 to 32.
    public let length: Int

    /// The prefix of `length` bits, nil unless `length` is 0 to 32.
    @inlinable
    public init?(_ address: IPv4Address, length: Int) {
        guard 0...32 ~= length else { return nil }
        self.address = address
        self.length = length
    }

    /// The mask: as many leading one bits as the prefix is long.
    @inlinable public var mask: UInt32 { ~(UInt32.max >> UInt32(truncatingIfNeeded: length)) }
    /// The first address of the prefix, with no bits set behind it.
    @inlinable public var network: IPv4Address { IPv4Address(rawValue: address.rawValue & mask) }
    /// The last address of the prefix, in many networks the directed broadcast (RFC 919 §7).
    @inlinable public var lastAddress: IPv4Address { IPv4Address(rawValue: address.rawValue | ~mask) }

    /// Whether `other` has the bits of this prefix.
    @inlinable
    public func contains(_ other: IPv4Address) -> Bool { (other.rawValue ^ address.rawValue) & mask == 0 }
}

extension IPv4Prefix: LosslessStringConvertible {
    /// Reads an address, a slash, and a length of 0 to 32 without leading zeros.
    public init?(_ description: String) {
        var scanner = TextScanner(description)
        guard let address = scanner.ipv4Address(), let length = scanner.prefixLength(), scanner.isAtEnd else {
            return nil
        }
        self.init(address, length: length)
    }

    public var description: String { "\(address)/\(length)" }
}

extension RawSpan {
    /// The IPv4 address at `offset`, 0.0.0.0 when not entirely inside the span.
    @inlinable
    @inline(__always)
    public func ipv4Address(at offset: Int) -> IPv4Address { IPv4Address(rawValue: uint32(at: offset)) }
}

extension MutableRawSpan {
    /// Stores an IPv4 address at `offset`, ignored when not entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ address: IPv4Address, at offset: Int) { store(address.rawValue, at: offset) }
}
