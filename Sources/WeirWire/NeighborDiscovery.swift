// Neighbor Discovery messages: RFC 4861 §4, with their options, §4.6.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------+---------------+-------------------------------+
//    |     Type      |     Code      |           Checksum            |
//    +-+-+-+---------+---------------+-------------------------------+
//    |R|S|O|           Reserved; the flags in an advertisement       |
//    +---------------------------------------------------------------+
//    |                  Target Address, 16 octets                    |
//    +---------------+---------------+-------------------------------+
//    | Option Type   | Length / 8    |  link-layer address, 6 octets |
//    +---------------+---------------+-------------------------------+

/// What an option of Neighbor Discovery tells (RFC 4861 §4.6).
@frozen
public struct NeighborOption: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt8

    /// The option with the given number, assigned or not.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The link-layer address of the sender, in solicitations and router advertisements (RFC 4861 §4.6.1).
    @inlinable public static var sourceLinkLayerAddress: Self { Self(rawValue: 1) }
    /// The link-layer address of the target, in advertisements and redirects (RFC 4861 §4.6.1).
    @inlinable public static var targetLinkLayerAddress: Self { Self(rawValue: 2) }
    /// The octets of an option with an Ethernet address (RFC 2464 §6).
    @inlinable public static var linkLayerAddressLength: Int { 8 }
}

/// The flags of a Neighbor Advertisement (RFC 4861 §4.4).
@frozen
public struct NeighborFlags: OptionSet, Hashable, Sendable {
    /// The first octet behind the checksum.
    public let rawValue: UInt8

    /// The flags in the upper three bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// R, the sender is a router.
    @inlinable public static var router: Self { Self(rawValue: 0x80) }
    /// S, the advertisement answers a solicitation.
    @inlinable public static var solicited: Self { Self(rawValue: 0x40) }
    /// O, it replaces what is known.
    @inlinable public static var override: Self { Self(rawValue: 0x20) }
}

/// A view of one of the five messages of Neighbor Discovery, with all of its options.
@frozen
public struct NeighborMessage: ~Escapable, ICMPLayout {
    /// The offsets of the fields of a Neighbor Solicitation or Advertisement, from the first octet of the message.
    public enum Field {
        /// R, S and O of an advertisement.
        @inlinable public static var flags: Int { 4 }
        /// Target Address, in a Redirect too.
        @inlinable public static var targetAddress: Int { 8 }
        /// The first option.
        @inlinable public static var options: Int { 24 }
    }

    public let bytes: RawSpan
    /// Where the options begin, in octets from the start of the message.
    public let optionsOffset: Int

    /// The message in `bytes`, nil when it is none of Neighbor Discovery or ends before its options begin.
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard let offset = Self.optionsOffset(of: ICMPv6Type(rawValue: bytes.uint8(at: ICMPField.type))),
            bytes.byteCount >= offset
        else { return nil }
        self.bytes = bytes
        optionsOffset = offset
    }

    /// Where the options of a message begin; nil for what is no message of Neighbor Discovery (RFC 4861 §4.1 to §4.5).
    static func optionsOffset(of type: ICMPv6Type) -> Int? {
        switch type {
        case .routerSolicitation: 8
        case .routerAdvertisement: 16
        case .neighborSolicitation, .neighborAdvertisement: Field.options
        case .redirect: 40
        default: nil
        }
    }

    /// What the message is.
    public var type: ICMPv6Type { ICMPv6Type(rawValue: bytes.uint8(at: ICMPField.type)) }
    /// The address that is asked for, or answered (RFC 4861 §4.3, §4.4).
    public var targetAddress: IPv6Address { bytes.ipv6Address(at: Field.targetAddress) }
    /// The flags of an advertisement.
    public var flags: NeighborFlags { NeighborFlags(rawValue: bytes.uint8(at: Field.flags) & 0xe0) }
    /// Whether the message sums up with the pseudo header and its checksum (RFC 4443 §2.3).
    public func checksumIsValid(_ pseudoHeader: PseudoHeader) -> Bool {
        pseudoHeader.verifies(bytes, protocol: .icmpv6)
    }

    /// Whether every option lies inside the message and none has length 0 (RFC 4861 §4.6).
    public var optionsAreValid: Bool {
        var offset = optionsOffset
        while let length = optionLength(at: offset) { offset &+= length }
        return offset == bytes.byteCount
    }

    /// Where the Ethernet address of the first such option is, in octets from the start of the message; nil without it.
    public func addressOffset(of option: NeighborOption) -> Int? {
        var offset = optionsOffset
        while let length = optionLength(at: offset) {
            if bytes.uint8(at: offset) == option.rawValue, length == NeighborOption.linkLayerAddressLength {
                return offset &+ 2
            }
            offset &+= length
        }
        return nil
    }

    /// The Ethernet address of the first such option, nil without it.
    public func address(of option: NeighborOption) -> MACAddress? {
        addressOffset(of: option).map { bytes.macAddress(at: $0) }
    }

    /// The octets of the option at `offset`, nil when there is none, or not all of it.
    private func optionLength(at offset: Int) -> Int? {
        let length = Int(bytes.uint8(at: offset &+ 1)) &* 8
        return length > 0 && bytes.holds(length, at: offset) ? length : nil
    }
}
