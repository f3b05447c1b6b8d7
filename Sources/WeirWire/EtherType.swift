// EtherTypes: IEEE 802.3 §3.2.6, with the numbers of the IEEE registry.

/// What the payload of an Ethernet frame is.
@frozen
public struct EtherType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// The EtherType with the given number, assigned or not.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// IPv4 (RFC 894).
    @inlinable public static var ipv4: Self { Self(rawValue: 0x0800) }
    /// ARP (RFC 826).
    @inlinable public static var arp: Self { Self(rawValue: 0x0806) }
    /// IPv6 (RFC 2464 §3).
    @inlinable public static var ipv6: Self { Self(rawValue: 0x86dd) }
    /// A customer VLAN tag (802.1Q §9.5).
    @inlinable public static var vlan: Self { Self(rawValue: 0x8100) }
    /// A service VLAN tag (802.1Q §9.5, at first 802.1ad).
    @inlinable public static var serviceVLAN: Self { Self(rawValue: 0x88a8) }
    /// The outer tag of bridges older than 802.1ad, in no standard.
    @inlinable public static var oldServiceVLAN: Self { Self(rawValue: 0x9100) }
    /// MPLS (RFC 5332 §2).
    @inlinable public static var mpls: Self { Self(rawValue: 0x8847) }
    /// LLDP (802.1AB §8.3).
    @inlinable public static var lldp: Self { Self(rawValue: 0x88cc) }

    /// Whether the number is that of a VLAN tag, so that the EtherType proper comes behind the tag.
    @inlinable public var isVLANTag: Bool { self == .vlan || self == .serviceVLAN || self == .oldServiceVLAN }
    /// Whether the number is the length of an 802.3 payload in octets, and no type at all (802.3 §3.2.6).
    @inlinable public var isLength: Bool { rawValue <= 1500 }
}

extension EtherType: LosslessStringConvertible {
    private static var names: KeyValuePairs<String, Self> {
        [
            "ipv4": .ipv4, "arp": .arp, "ipv6": .ipv6, "vlan": .vlan, "service-vlan": .serviceVLAN, "mpls": .mpls,
            "lldp": .lldp,
        ]
    }

    /// Reads a name (ipv4, arp, ipv6, vlan, service-vlan, mpls, lldp) or a number, `0x` and one to four digits.
    public init?(_ description: String) {
        var scanner = TextScanner(description)
        if let named = Self.names.first(where: { $0.key == description }) {
            self = named.value
        } else if scanner.take("0"), scanner.take("x"), let number = scanner.number(radix: 16, maximumDigits: 4),
            scanner.isAtEnd
        {
            self.init(rawValue: UInt16(truncatingIfNeeded: number.value))
        } else {
            return nil
        }
    }

    public var description: String {
        Self.names.first { $0.value == self }?.key ?? "0x" + String(rawValue, radix: 16)
    }
}
