// Protocol numbers: the Protocol field of IPv4 (RFC 791 §3.1) and the Next Header field of IPv6 (RFC 8200 §3).

/// What follows an IP header: a number of the IANA registry of protocol numbers.
@frozen
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// The protocol with the given number, assigned or not.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// IPv6 hop-by-hop options (RFC 8200 §4.3).
    @inlinable public static var hopByHopOptions: Self { Self(rawValue: 0) }
    /// ICMP (RFC 792).
    @inlinable public static var icmp: Self { Self(rawValue: 1) }
    /// IGMP (RFC 3376 §4).
    @inlinable public static var igmp: Self { Self(rawValue: 2) }
    /// TCP (RFC 9293).
    @inlinable public static var tcp: Self { Self(rawValue: 6) }
    /// UDP (RFC 768).
    @inlinable public static var udp: Self { Self(rawValue: 17) }
    /// IPv6 routing header (RFC 8200 §4.4).
    @inlinable public static var routing: Self { Self(rawValue: 43) }
    /// IPv6 fragment header (RFC 8200 §4.5).
    @inlinable public static var fragment: Self { Self(rawValue: 44) }
    /// Generic routing encapsulation (RFC 2784).
    @inlinable public static var gre: Self { Self(rawValue: 47) }
    /// Encapsulating security payload (RFC 4303).
    @inlinable public static var esp: Self { Self(rawValue: 50) }
    /// Authentication header (RFC 4302).
    @inlinable public static var ah: Self { Self(rawValue: 51) }
    /// ICMPv6 (RFC 4443).
    @inlinable public static var icmpv6: Self { Self(rawValue: 58) }
    /// IPv6: nothing follows (RFC 8200 §4.7).
    @inlinable public static var noNextHeader: Self { Self(rawValue: 59) }
    /// IPv6 destination options (RFC 8200 §4.6).
    @inlinable public static var destinationOptions: Self { Self(rawValue: 60) }
}

extension IPProtocol: LosslessStringConvertible {
    private static var names: KeyValuePairs<String, Self> {
        [
            "icmp": .icmp, "igmp": .igmp, "tcp": .tcp, "udp": .udp, "gre": .gre, "esp": .esp, "ah": .ah,
            "icmpv6": .icmpv6,
        ]
    }

    /// Reads a name (icmp, igmp, tcp, udp, gre, esp, ah, icmpv6) or a number of 0 to 255 without leading zeros.
    public init?(_ description: String) {
        var scanner = TextScanner(description)
        if let named = Self.names.first(where: { $0.key == description }) {
            self = named.value
        } else if let number = scanner.decimal(maximum: 255), scanner.isAtEnd {
            self.init(rawValue: UInt8(number))
        } else {
            return nil
        }
    }

    public var description: String { Self.names.first { $0.value == self }?.key ?? "\(rawValue)" }
}
