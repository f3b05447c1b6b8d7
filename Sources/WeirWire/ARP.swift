// ARP for IPv4 over Ethernet: RFC 826, with the notes of RFC 5227.
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +-------------------------------+-------------------------------+
//    |       hardware type: 1        |     protocol type: 0x0800     |
//    +---------------+---------------+-------------------------------+
//    |  hardware: 6  |  protocol: 4  |           operation           |
//    +---------------+---------------+-------------------------------+
//    |          sender hardware address, 6 octets                    |
//    |                               +-------------------------------+
//    |                               |   sender protocol address,    |
//    +-------------------------------+-------------------------------+
//    |           4 octets            |    target hardware address,   |
//    +-------------------------------+                               |
//    |                          6 octets                             |
//    +---------------------------------------------------------------+
//    |               target protocol address, 4 octets               |
//    +---------------------------------------------------------------+

/// What an ARP packet asks or says (RFC 826, ar$op).
@frozen
public struct ARPOperation: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// The operation with the given number, assigned or not.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Who has the target protocol address?
    @inlinable public static var request: Self { Self(rawValue: 1) }
    /// The sender has the sender protocol address.
    @inlinable public static var reply: Self { Self(rawValue: 2) }
}

/// A view of an ARP packet for IPv4 over Ethernet.
@frozen
public struct ARPPacket: ~Escapable {
    /// The offsets of the fields, from the first octet of the packet, with the names of RFC 826.
    public enum Field {
        /// ar$hrd, ar$pro, ar$hln and ar$pln together.
        @inlinable public static var addressKinds: Int { 0 }
        /// ar$op.
        @inlinable public static var operation: Int { 6 }
        /// ar$sha.
        @inlinable public static var senderHardwareAddress: Int { 8 }
        /// ar$spa.
        @inlinable public static var senderProtocolAddress: Int { 14 }
        /// ar$tha.
        @inlinable public static var targetHardwareAddress: Int { 18 }
        /// ar$tpa.
        @inlinable public static var targetProtocolAddress: Int { 24 }
    }

    /// The octets of a packet for IPv4 over Ethernet.
    @inlinable public static var length: Int { 28 }
    /// Hardware type 1, protocol type 0x0800, and addresses of 6 and 4 octets, the first six octets of the packet.
    @inlinable static var ipv4OverEthernet: UInt64 { 0x0001_0800_0604 }

    /// The octets of the packet, without padding.
    public let bytes: RawSpan

    /// The packet at the start of `bytes`, nil when they end before it does or it is not for IPv4 over Ethernet.
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.length,
            bytes.uint64(at: Field.addressKinds) >> 16 == Self.ipv4OverEthernet
        else { return nil }
        self.bytes = bytes.octets(from: 0, count: Self.length)
    }

    /// Request, reply, or another operation (RFC 826, ar$op).
    @inlinable public var operation: ARPOperation { ARPOperation(rawValue: bytes.uint16(at: Field.operation)) }
    /// The MAC address of the sender (RFC 826, ar$sha).
    @inlinable public var senderHardwareAddress: MACAddress { bytes.macAddress(at: Field.senderHardwareAddress) }
    /// The IPv4 address of the sender, 0.0.0.0 in a probe (RFC 826, ar$spa; RFC 5227 §2.1.1).
    @inlinable public var senderProtocolAddress: IPv4Address { bytes.ipv4Address(at: Field.senderProtocolAddress) }
    /// The MAC address of the target, without meaning in a request (RFC 826, ar$tha).
    @inlinable public var targetHardwareAddress: MACAddress { bytes.macAddress(at: Field.targetHardwareAddress) }
    /// The IPv4 address that is asked for or answered (RFC 826, ar$tpa).
    @inlinable public var targetProtocolAddress: IPv4Address { bytes.ipv4Address(at: Field.targetProtocolAddress) }
    /// What follows the packet: always empty.
    @inlinable @inline(__always) public var payload: RawSpan {
        @_lifetime(copy self)
        get { bytes.octets(from: Self.length) }
    }
}

/// An ARP packet for IPv4 over Ethernet, to be sent.
@frozen
public struct ARPHeader: Hashable, WireEncodable {
    /// Request or reply.
    public var operation: ARPOperation
    /// The MAC address of the sender.
    public var senderHardwareAddress: MACAddress
    /// The IPv4 address of the sender.
    public var senderProtocolAddress: IPv4Address
    /// The MAC address of the target.
    public var targetHardwareAddress: MACAddress
    /// The IPv4 address of the target.
    public var targetProtocolAddress: IPv4Address

    /// The packet with the given fields.
    @inlinable
    public init(
        operation: ARPOperation, senderHardwareAddress: MACAddress, senderProtocolAddress: IPv4Address,
        targetHardwareAddress: MACAddress = MACAddress(rawValue: 0), targetProtocolAddress: IPv4Address
    ) {
        self.operation = operation
        self.senderHardwareAddress = senderHardwareAddress
        self.senderProtocolAddress = senderProtocolAddress
        self.targetHardwareAddress = targetHardwareAddress
        self.targetProtocolAddress = targetProtocolAddress
    }

    /// The reply to `request`, from the station with `address` that has the target protocol address (RFC 826).
    @inlinable
    public init(answering request: ARPPacket, with address: MACAddress) {
        self.init(
            operation: .reply, senderHardwareAddress: address, senderProtocolAddress: request.targetProtocolAddress,
            targetHardwareAddress: request.senderHardwareAddress, targetProtocolAddress: request.senderProtocolAddress)
    }

    @inlinable public var encodedLength: Int { ARPPacket.length }

    @inlinable
    @discardableResult
    public func encode(into span: inout MutableRawSpan, at offset: Int) -> Int {
        guard span.holds(encodedLength, at: offset) else { return 0 }
        span.store(
            ARPPacket.ipv4OverEthernet << 16 | UInt64(operation.rawValue), at: offset &+ ARPPacket.Field.addressKinds)
        span.store(senderHardwareAddress, at: offset &+ ARPPacket.Field.senderHardwareAddress)
        span.store(senderProtocolAddress, at: offset &+ ARPPacket.Field.senderProtocolAddress)
        span.store(targetHardwareAddress, at: offset &+ ARPPacket.Field.targetHardwareAddress)
        span.store(targetProtocolAddress, at: offset &+ ARPPacket.Field.targetProtocolAddress)
        return encodedLength
    }
}
