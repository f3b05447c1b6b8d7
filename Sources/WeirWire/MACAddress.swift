// MAC addresses: IEEE 802 §8, and the groups that IP addresses map to, RFC 1112 §6.4 and RFC 2464 §7.

/// A 48-bit MAC address, held as the number that its six octets make in the order of transmission.
@frozen
public struct MACAddress: RawRepresentable, Hashable, Sendable {
    /// The address as a number below 2^48: 02-bf-0a-00-00-64 is 0x02bf_0a00_0064.
    public let rawValue: UInt64

    /// The address in the low 48 bits of `rawValue`; the bits above are dropped.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }

    /// The address written a-b-c-d-e-f.
    @inlinable
    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ e: UInt8, _ f: UInt8) {
        let high = UInt64(a) << 40 | UInt64(b) << 32 | UInt64(c) << 24
        rawValue = high | UInt64(d) << 16 | UInt64(e) << 8 | UInt64(f)
    }

    /// The address to which frames of an IPv4 group go: 01-00-5e and the low 23 bits of the group (RFC 1112 §6.4).
    @inlinable
    public init(multicastGroup group: IPv4Address) {
        rawValue = 0x0100_5e00_0000 | UInt64(group.rawValue & 0x7f_ffff)
    }

    /// The address to which frames of an IPv6 group go: 33-33 and the low 32 bits of the group (RFC 2464 §7).
    @inlinable
    public init(multicastGroup group: IPv6Address) {
        rawValue = 0x3333_0000_0000 | group.low & 0xffff_ffff
    }

    /// ff-ff-ff-ff-ff-ff.
    @inlinable public static var broadcast: Self { Self(rawValue: 0xffff_ffff_ffff) }

    /// Whether the Individual/Group bit is set, as it is in the broadcast address (IEEE 802 §8.2.2).
    @inlinable public var isMulticast: Bool { rawValue & 0x0100_0000_0000 != 0 }
    /// Whether all 48 bits are set.
    @inlinable public var isBroadcast: Bool { rawValue == 0xffff_ffff_ffff }
    /// Whether the Universal/Local bit is set (IEEE 802 §8.2.2).
    @inlinable public var isLocallyAdministered: Bool { rawValue & 0x0200_0000_0000 != 0 }
}

extension MACAddress: Comparable {
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension MACAddress: LosslessStringConvertible {
    /// Reads six octets of two hexadecimal digits, either case, with `-` or with `:` between all of them.
    public init?(_ description: String) {
        var scanner = TextScanner(description)
        guard let address = scanner.macAddress(), scanner.isAtEnd else { return nil }
        self = address
    }

    /// Six octets of two lower-case hexadecimal digits with `-` between them (IEEE 802 §8.1).
    public var description: String { text(separator: "-") }

    /// Six octets of two lower-case hexadecimal digits with `separator` between them.
    public func text(separator: String) -> String {
        stride(from: 40, through: 0, by: -8).map { shift in
            let octet = rawValue >> UInt64(shift) & 0xff
            return (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }.joined(separator: separator)
    }
}

extension RawSpan {
    /// The MAC address at `offset`, all zeros when not entirely inside the span.
    @inlinable
    @inline(__always)
    public func macAddress(at offset: Int) -> MACAddress {
        guard holds(6, at: offset) else { return MACAddress(rawValue: 0) }
        return MACAddress(rawValue: UInt64(uint16(at: offset)) << 32 | UInt64(uint32(at: offset &+ 2)))
    }
}

extension MutableRawSpan {
    /// Stores a MAC address at `offset`, ignored when not entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ address: MACAddress, at offset: Int) {
        guard holds(6, at: offset) else { return }
        store(UInt16(truncatingIfNeeded: address.rawValue >> 32), at: offset)
        store(UInt32(truncatingIfNeeded: address.rawValue), at: offset &+ 2)
    }
}
