/// How a cluster's frames are addressed on the network: what Network Load Balancing calls the cluster operation mode.
@frozen
public enum ClusterMode: String, CaseIterable, Sendable {
    /// All hosts share one unicast address, and mask it where they send.
    case unicast
    /// Hosts keep their own addresses and also take frames for one multicast address, of no IP group.
    case multicast
    /// As multicast, with the address of an IP group that hosts join, so that switches can tell where they are.
    case igmpMulticast
}

/// The addresses that Network Load Balancing derives from a cluster's primary IPv4 address `a.b.c.d` and, for the
/// masked source, from a host's id.
///
/// | mode | destination of cluster frames | source that hosts send with |
/// |---|---|---|
/// | unicast | 02-bf-a-b-c-d | 02-h-a-b-c-d, masked |
/// | multicast | 03-bf-a-b-c-d | the adapter's own |
/// | IGMP multicast | 01-00-5e-7f-c-d, group 239.255.c.d | the adapter's own |
@frozen
public struct NLBAddresses: Hashable, Sendable {
    public let cluster: IPv4Address

    public init(cluster: IPv4Address) { self.cluster = cluster }

    /// Shared by all hosts in unicast mode.
    public var unicastMAC: MACAddress { MACAddress(rawValue: 0x02bf << 32 | UInt64(cluster.rawValue)) }

    /// The virtual address of multicast mode.
    public var multicastMAC: MACAddress { MACAddress(rawValue: 0x03bf << 32 | UInt64(cluster.rawValue)) }

    /// The group that hosts join in IGMP multicast mode.
    public var group: IPv4Address { IPv4Address(rawValue: 0xefff << 16 | cluster.rawValue & 0xffff) }

    /// The virtual address of IGMP multicast mode: that of the group (RFC 1112 §6.4).
    public var groupMAC: MACAddress { MACAddress(multicastGroup: group) }

    /// The virtual address of a mode: where the cluster's frames go, and what ARP says that the cluster has.
    public func mac(in mode: ClusterMode) -> MACAddress {
        switch mode {
        case .unicast: unicastMAC
        case .multicast: multicastMAC
        case .igmpMulticast: groupMAC
        }
    }

    /// What a host in unicast mode sends with, so that no switch learns the shared address.
    public func maskedMAC(hostID: Int) -> MACAddress {
        MACAddress(rawValue: 0x0200 << 32 | UInt64(hostID & 0xff) << 32 | UInt64(cluster.rawValue))
    }

    /// The id of the cluster's host that sends with `mac` in unicast mode, nil for an address that none sends with.
    public func hostID(masked mac: MACAddress) -> Int? {
        let id = Int(mac.rawValue >> 32 & 0xff)
        return Self.hostIDs ~= id && mac == maskedMAC(hostID: id) ? id : nil
    }

    /// The ids that hosts of a cluster have.
    public static var hostIDs: ClosedRange<Int> { 1...32 }
}
