import Weir
import WeirWire

extension UnicastRewrite {
    /// Which sources are replaced by what the host sends with.
    public enum Mask: String, CaseIterable, ParameterWord { case cluster, all, none }

    /// Another host, and the MAC address that its own IP address has.
    public struct Peer: ParameterGroup {
        @Parameter("The IP address of the host itself, not of the cluster.") public var address: AnyIPAddress
        @Parameter("Its id, for its masked MAC address.", in: 1...32) public var hostID: Int?
        @Parameter("Its MAC address, in place of the masked one.") public var mac: MACAddress?
        public init() {}
    }

    public struct Configuration: StageConfiguration {
        @Parameter("The cluster's primary virtual address.") public var cluster: IPv4Address
        @Parameter("This host's id, for the masked source.", in: 1...32) public var hostID: Int
        @Parameter("The mode that frames are turned to.", default: .unicast) public var mode: ClusterMode
        @Parameter("Which source addresses are masked.", default: .cluster) public var mask: Mask
        @Parameter("The MAC address of this host's adapter, its source in the multicast modes.")
        public var realMAC: MACAddress?
        @Parameter("Whether addresses inside ARP and Neighbor Discovery are changed too.", default: true)
        public var bodies: Bool
        @Parameter("Further addresses of the cluster.", default: []) public var addresses: [AnyIPAddress]
        @Parameter("The other hosts, or all, for traffic between hosts in unicast mode.", default: []) public var peers:
            [Peer]
        @Parameter("The virtual MAC address of unicast mode; 02-bf-a-b-c-d without it.")
        public var unicastMAC: MACAddress?
        @Parameter("The virtual MAC address of multicast mode; 03-bf-a-b-c-d without it.")
        public var multicastMAC: MACAddress?
        @Parameter("The virtual MAC address of IGMP multicast mode; 01-00-5e-7f-c-d without it.")
        public var igmpMulticastMAC: MACAddress?
        public init() {}
    }

    /// The MAC addresses that a configuration amounts to.
    struct Plan {
        let virtuals: [MACAddress]
        let virtual: MACAddress
        let unicast: MACAddress
        let masked: MACAddress
        /// What the host sends with; nil when nothing is known to replace a source by.
        let sender: MACAddress?
        /// What the host itself has in this mode, for addresses of its own.
        let own: MACAddress?
        /// What the host must not send with, or sends with in another mode.
        let unmasked: [MACAddress]
        let peers: [AnyIPAddress: MACAddress]
    }
}

extension UnicastRewrite.Configuration {
    func plan() throws -> UnicastRewrite.Plan {
        let derived = NLBAddresses(cluster: cluster)
        let unicast = unicastMAC ?? derived.unicastMAC
        let groups = [multicastMAC ?? derived.multicastMAC, igmpMulticastMAC ?? derived.groupMAC]
        let masked = derived.maskedMAC(hostID: hostID)
        let isUnicast = mode == .unicast
        try require(!unicast.isMulticast, "unicast-mac", "\(unicast) is the address of a group")
        try require(groups[0].isMulticast, "multicast-mac", "\(groups[0]) is not the address of a group")
        try require(groups[1].isMulticast, "igmp-multicast-mac", "\(groups[1]) is not the address of a group")
        try require(unicast != masked, "unicast-mac", "\(unicast) is also the masked source of host \(hostID)")
        if let realMAC {
            try require(!realMAC.isMulticast, "real-mac", "\(realMAC) is the address of a group")
            try require(realMAC != unicast, "real-mac", "\(realMAC) is the address that all hosts share")
        }
        try require(
            isUnicast || mask != .all || realMAC != nil, "mask", "there is no address to mask sources with",
            help: "the host sends with its adapter's address in this mode: give it as `real-mac`")
        for (index, address) in addresses.enumerated() {
            try require(
                !address.isMulticast && !address.isUnspecified, "addresses[\(index)]", "\(address) is no host's address"
            )
        }
        return UnicastRewrite.Plan(
            virtuals: [unicast] + groups, virtual: isUnicast ? unicast : groups[mode == .multicast ? 0 : 1],
            unicast: unicast, masked: masked, sender: isUnicast ? masked : realMAC,
            own: isUnicast ? unicast : realMAC,
            unmasked: isUnicast ? [unicast, realMAC ?? unicast] : [unicast, masked], peers: try peerTable(derived))
    }

    private func peerTable(_ derived: NLBAddresses) throws -> [AnyIPAddress: MACAddress] {
        var table: [AnyIPAddress: MACAddress] = [:]
        for (index, peer) in peers.enumerated() {
            let place = "peers[\(index)]"
            let isClusters = peer.address == .ipv4(cluster) || addresses.contains(peer.address)
            try require(!isClusters, "\(place).address", "\(peer.address) is the cluster's, not a host's")
            try require(table[peer.address] == nil, "\(place).address", "\(peer.address) is listed twice")
            switch (peer.mac, peer.hostID) {
            case (let mac?, nil):
                try require(!mac.isMulticast, "\(place).mac", "\(mac) is the address of a group")
                table[peer.address] = mac
            case (nil, let id?): table[peer.address] = derived.maskedMAC(hostID: id)
            default: throw ConfigurationError(parameter: place, "a peer has either a `host-id` or a `mac`")
            }
        }
        // The list may be that of all hosts, so that each of them has the same one.
        let own = derived.maskedMAC(hostID: hostID)
        return table.filter { $0.value != own }
    }

    private func require(_ holds: Bool, _ parameter: String, _ fault: String, help: String? = nil) throws {
        guard holds else { throw ConfigurationError(parameter: parameter, fault, help: help) }
    }
}
