/// What IPv4 and IPv6 addresses have in common, for protocols that are the same in both but for the address.
public protocol IPAddress: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// The octets of an address on the wire.
    static var octetCount: Int { get }
    /// The absence of an address: 0.0.0.0 or ::.
    static var unspecified: Self { get }
    /// Whether this is 0.0.0.0 or ::.
    var isUnspecified: Bool { get }
    /// Whether this is the address of a group.
    var isMulticast: Bool { get }

    /// The address at `offset`, the unspecified one when it is not entirely inside the span.
    init(reading bytes: RawSpan, at offset: Int)
    /// Stores the address at `offset`, nothing when it would not lie entirely inside the span.
    func store(in span: inout MutableRawSpan, at offset: Int)
}

extension IPv4Address: IPAddress {
    @inlinable public static var octetCount: Int { 4 }
    @inlinable
    public init(reading bytes: RawSpan, at offset: Int) { self = bytes.ipv4Address(at: offset) }
    @inlinable
    public func store(in span: inout MutableRawSpan, at offset: Int) { span.store(self, at: offset) }
}

extension IPv6Address: IPAddress {
    @inlinable public static var octetCount: Int { 16 }
    @inlinable
    public init(reading bytes: RawSpan, at offset: Int) { self = bytes.ipv6Address(at: offset) }
    @inlinable
    public func store(in span: inout MutableRawSpan, at offset: Int) { span.store(self, at: offset) }
}

/// An address of either version, where both may stand.
@frozen
public enum AnyIPAddress: Hashable, Sendable {
    case ipv4(IPv4Address)
    case ipv6(IPv6Address)
}

extension AnyIPAddress: LosslessStringConvertible {
    /// Reads the text of an IPv4 or of an IPv6 address.
    public init?(_ description: String) {
        if let address = IPv4Address(description) {
            self = .ipv4(address)
        } else if let address = IPv6Address(description) {
            self = .ipv6(address)
        } else {
            return nil
        }
    }

    public var description: String { address.description }

    /// The address of the version that it is.
    private var address: any IPAddress {
        switch self {
        case .ipv4(let address): address
        case .ipv6(let address): address
        }
    }

    /// Whether this is 0.0.0.0 or ::.
    public var isUnspecified: Bool { address.isUnspecified }
    /// Whether this is the address of a group.
    public var isMulticast: Bool { address.isMulticast }
}

extension RawSpan {
    /// The address with the number `index` in a list of `count` at `offset`, the unspecified one where there is none.
    @inlinable
    func address<Address: IPAddress>(at offset: Int, index: Int, of count: Int) -> Address {
        index >= 0 && index < count
            ? Address(reading: self, at: offset &+ index &* Address.octetCount) : .unspecified
    }

    /// The list of `count` addresses at `offset`. Only a list that is not empty is allocated.
    func addresses<Address: IPAddress>(at offset: Int, count: Int) -> [Address] {
        guard count > 0 else { return [] }
        var addresses: [Address] = []
        addresses.reserveCapacity(count)
        for index in 0..<count { addresses.append(address(at: offset, index: index, of: count)) }
        return addresses
    }
}

extension MutableRawSpan {
    /// Stores a list of addresses at `offset`.
    @_lifetime(self: copy self)
    mutating func store<Address: IPAddress>(_ addresses: [Address], at offset: Int) {
        for (index, address) in addresses.enumerated() {
            address.store(in: &self, at: offset &+ index &* Address.octetCount)
        }
    }
}
