import Weir
import WeirWire

/// What a switch looks a frame up by: an address on a VLAN.
public struct ForwardingKey: Hashable, Sendable {
    private let rawValue: UInt64

    /// A MAC address, of a group or of a station. VLAN 0 stands for a switch without VLANs.
    @inlinable
    public init(_ address: MACAddress, vlan: UInt16) {
        self.init(rawValue: UInt64(vlan & 0xfff) << 48 | address.rawValue)
    }

    /// An IP address, which is none of the MAC addresses.
    @inlinable
    public init(_ address: IPv4Address, vlan: UInt16) {
        self.init(rawValue: 1 << 63 | UInt64(vlan & 0xfff) << 48 | UInt64(address.rawValue))
    }

    @usableFromInline
    init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// What a switch knows a group by.
public enum GroupKeying: String, CaseIterable, ParameterWord, Sendable {
    /// Its MAC address, as hardware does: 32 groups share one (RFC 1112 §6.4).
    case mac
    /// The destination IP address, as the Linux bridge and Open vSwitch do.
    case ip

    /// The key of a group; nil for an address that is no group, and for what is flooded anyway (RFC 4541 §2.1.2).
    public func key(of group: IPv4Address, vlan: UInt16) -> ForwardingKey? {
        guard group.isMulticast else { return nil }
        switch self {
        case .mac:
            let address = MACAddress(multicastGroup: group)
            return address.isLinkLocalMulticast ? nil : ForwardingKey(address, vlan: vlan)
        case .ip: return group.isLinkLocalMulticast ? nil : ForwardingKey(group, vlan: vlan)
        }
    }
}

extension MACAddress {
    /// 01-00-5e and a bit of zero: the block for IPv4 groups (RFC 1112 §6.4).
    @inlinable public var isIPv4Multicast: Bool { rawValue >> 23 == 0x01_005e << 1 }

    /// An address that 224.0.0.0/24 maps to; switches flood it (RFC 4541 §2.1.2).
    @inlinable public var isLinkLocalMulticast: Bool { rawValue >> 8 == 0x01_005e_0000 }
}

extension IPv4Address {
    /// 224.0.0.0/24, which stays on its link; switches flood it (RFC 4541 §2.1.2).
    @inlinable public var isLinkLocalMulticast: Bool { rawValue >> 8 == 0xe0_0000 }
}
