// IPv6 addresses and prefixes: RFC 4291 §2, and their text form, RFC 4291 §2.2 (read) and RFC 5952 §4 (written).

/// An IPv6 address, held as the two 64-bit halves of its network-order number.
@frozen
public struct IPv6Address: Hashable, Sendable {
    /// The first 64 bits, for most unicast addresses the subnet prefix (RFC 4291 §2.5.1).
    public let high: UInt64
    /// The last 64 bits, for most unicast addresses the interface identifier (RFC 4291 §2.5.1).
    public let low: UInt64

    /// The address made of two halves.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// ::, the absence of an address (RFC 4291 §2.5.2).
    @inlinable public static var unspecified: Self { Self(high: 0, low: 0) }
    /// ::1 (RFC 4291 §2.5.3).
    @inlinable public static var loopback: Self { Self(high: 0, low: 1) }
    /// ff02::1, all nodes of the link (RFC 4291 §2.7.1).
    @inlinable public static var allNodes: Self { Self(high: 0xff02_0000_0000_0000, low: 1) }
    /// ff02::2, all routers of the link (RFC 4291 §2.7.1).
    @inlinable public static var allRouters: Self { Self(high: 0xff02_0000_0000_0000, low: 2) }
    /// ff02::16, all MLDv2-capable routers of the link (RFC 3810 §5.2.14).
    @inlinable public static var allMLDv2Routers: Self { Self(high: 0xff02_0000_0000_0000, low: 0x16) }

    /// Whether this is a group address, ff00::/8 (RFC 4291 §2.7).
    @inlinable public var isMulticast: Bool { high >> 56 == 0xff }
    /// Whether this is a link-local unicast address, fe80::/10 (RFC 4291 §2.5.6).
    @inlinable public var isLinkLocal: Bool { high >> 54 == 0x3fa }
    /// Whether this is ::.
    @inlinable public var isUnspecified: Bool { high | low == 0 }
    /// The IPv4 address in an IPv4-mapped address, ::ffff:a.b.c.d (RFC 4291 §2.5.5.2).
    @inlinable public var mappedIPv4Address: IPv4Address? {
        high == 0 && low >> 32 == 0xffff ? IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)) : nil
    }
    /// ff02::1:ffxx:xxxx, the group in which neighbours look for this address (RFC 4291 §2.7.1).
    @inlinable public var solicitedNodeGroup: Self {
        Self(high: 0xff02_0000_0000_0000, low: 0x0000_0001_ff00_0000 | low & 0xff_ffff)
    }
}

extension IPv6Address: Comparable {
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension IPv6Address: LosslessStringConvertible {
    /// Reads any form of RFC 4291 §2.2; a zone (`%eth0`) or a leading or trailing space is not accepted.
    public init?(_ description: String) {
        var scanner = TextScanner(description)
        guard let address = scanner.ipv6Address(), scanner.isAtEnd else { return nil }
        self = address
    }

    /// The recommended text: lower case, no leading zeros, the first longest run of zero groups as `::` (RFC 5952 §4),
    /// an IPv4-mapped address with its IPv4 part as such (RFC 5952 §5).
    public var description: String {
        if let mapped = mappedIPv4Address { return "::ffff:\(mapped)" }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - $0 % 4 * 16)) }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        let gap = Self.longestZeroRun(groups)
        guard gap.count > 1 else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }
}

/// An IPv6 prefix, address/n: the addresses whose first n bits are those of the address (RFC 4291 §2.3).
@frozen
public struct IPv6Prefix: Hashable, Sendable {
    /// The address as it was given, which may have bits set behind the prefix.
    public let address: IPv6Address
    /// The length of the prefix in bits, 0 to 128.
    public let length: Int

    /// The prefix of `length` bits, nil unless `length` is 0 to 128.
    @inlinable
    public init?(_ address: IPv6Address, length: Int) {
        guard 0...128 ~= length else { return nil }
        self.address = address
        self.length = length
    }

    /// The mask of both halves: as many leading one bits as the prefix is long.
    @inlinable public var mask: (high: UInt64, low: UInt64) {
        (~(UInt64.max >> UInt64(min(length, 64))), ~(UInt64.max >> UInt64(max(length, 64) - 64)))
    }
    /// The first address of the prefix, with no bits set behind it.
    @inlinable public var network: IPv6Address {
        IPv6Address(high: address.high & mask.high, low: address.low & mask.low)
    }

    /// Whether `other` has the bits of this prefix.
    @inlinable
    public func contains(_ other: IPv6Address) -> Bool {
        ((other.high ^ address.high) & mask.high) | ((other.low ^ address.low) & mask.low) == 0
    }
}

extension IPv6Prefix: LosslessStringConvertible {
    /// Reads an address, a slash, and a length of 0 to 128 without leading zeros.
    public init?(_ description: String) {
        var scanner = TextScanner(description)
        guard let address = scanner.ipv6Address(), let length = scanner.prefixLength(), scanner.isAtEnd else {
            return nil
        }
        self.init(address, length: length)
    }

    public var description: String { "\(address)/\(length)" }
}

extension RawSpan {
    /// The IPv6 address at `offset`, :: when not entirely inside the span.
    @inlinable
    @inline(__always)
    public func ipv6Address(at offset: Int) -> IPv6Address {
        guard holds(16, at: offset) else { return .unspecified }
        return IPv6Address(high: uint64(at: offset), low: uint64(at: offset &+ 8))
    }
}

extension MutableRawSpan {
    /// Stores an IPv6 address at `offset`, ignored when not entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ address: IPv6Address, at offset: Int) {
        guard holds(16, at: offset) else { return }
        store(address.high, at: offset)
        store(address.low, at: offset &+ 8)
    }
}
