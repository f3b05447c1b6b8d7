import Weir
import WeirWire

/// Which addresses the cluster has, of either kind, and how a host of it sends.
struct ClusterIdentity {
    /// In the order in which they were given, to be announced in.
    let ipv4: [IPv4Address]
    let ipv6: [IPv6Address]
    /// What the IP addresses have.
    let mac: MACAddress
    /// What this host sends with: `mac` only without a mask.
    private let sender: MACAddress
    private let tag: VLANTag?
    private let derived: NLBAddresses

    init(_ configuration: ARPResponder.Configuration) throws {
        derived = NLBAddresses(cluster: configuration.cluster)
        mac = configuration.clusterMAC ?? derived.mac(in: configuration.mode)
        tag = configuration.vlan.map { VLANTag(identifier: UInt16($0)) }
        (ipv4, ipv6) = try Self.addresses(configuration)
        guard configuration.clusterMAC == nil || mac.isMulticast == (configuration.mode != .unicast) else {
            throw ConfigurationError(
                parameter: "cluster-mac",
                "\(mac) is \(mac.isMulticast ? "the" : "not the") address of a group, and the mode is"
                    + " \(configuration.mode.canonicalText)")
        }
        sender = try Self.sender(configuration, mac, derived)
    }

    private static func sender(
        _ configuration: ARPResponder.Configuration, _ mac: MACAddress, _ derived: NLBAddresses
    ) throws -> MACAddress {
        let isUnicast = configuration.mode == .unicast
        if configuration.mask == .none {
            guard isUnicast, configuration.mac == nil else {
                throw ConfigurationError(
                    parameter: "mask", "only unicast mode has a mask, and `mac` would take its place",
                    help: "leave out `mask`" + (isUnicast ? ", or `mac`" : ""))
            }
            return mac
        }
        let masked = configuration.hostID.map { derived.maskedMAC(hostID: $0) }
        guard let sender = configuration.mac ?? (isUnicast ? masked : nil) else {
            throw ConfigurationError(
                "what the host sends with is missing",
                help: isUnicast
                    ? "give its `host-id`, for 02-h-a-b-c-d, or a `mac`" : "give its adapter's address as `mac`")
        }
        guard sender != mac, !sender.isMulticast else {
            throw ConfigurationError(
                parameter: configuration.mac == nil ? "host-id" : "mac",
                sender.isMulticast
                    ? "\(sender) is the address of a group, from which nothing is sent"
                    : "\(sender) is the cluster's address, which a switch must not learn",
                help: sender.isMulticast ? nil : "hosts on a hub have `mask: none` for that")
        }
        return sender
    }

    private static func addresses(
        _ configuration: ARPResponder.Configuration
    ) throws -> ([IPv4Address], [IPv6Address]) {
        var ipv4 = [configuration.cluster]
        var ipv6: [IPv6Address] = []
        guard !configuration.cluster.isMulticast, !configuration.cluster.isUnspecified else {
            throw ConfigurationError(parameter: "cluster", "\(configuration.cluster) is no host's address")
        }
        for (index, address) in configuration.addresses.enumerated() {
            guard !address.isMulticast, !address.isUnspecified else {
                throw ConfigurationError(parameter: "addresses[\(index)]", "\(address) is no host's address")
            }
            switch address {
            case .ipv4(let address): if !ipv4.contains(address) { ipv4.append(address) }
            case .ipv6(let address): if !ipv6.contains(address) { ipv6.append(address) }
            }
        }
        return (ipv4, ipv6)
    }

    func has(_ address: IPv4Address) -> Bool { ipv4.contains(address) }
    func has(_ address: IPv6Address) -> Bool { ipv6.contains(address) }

    /// Whether a MAC address is the cluster's, or one that a host of it sends with in unicast mode.
    func isCluster(_ mac: MACAddress) -> Bool {
        mac == self.mac || mac == sender || derived.hostID(masked: mac) != nil
    }

    /// Whether the host's adapter takes frames for this address.
    func isForHost(_ destination: MACAddress) -> Bool {
        destination.isMulticast || destination == mac || destination == sender
    }

    /// Whether a frame is one of the network: with its tag, or without one, as `vlan-isolation` leaves it. All are where no
    /// VLAN was given.
    func isOnItsNetwork(_ tag: VLANTag?) -> Bool {
        guard let own = self.tag, let tag, tag.identifier != 0 else { return true }
        return tag.identifier == own.identifier
    }

    /// The header of what this host sends unasked.
    func header(to destination: MACAddress, _ etherType: EtherType) -> EthernetHeader {
        EthernetHeader(destination: destination, source: sender, outerTag: tag, etherType: etherType)
    }

    /// The header of an answer, with the tags of the question.
    func header(
        to destination: MACAddress, answering question: EthernetFrame, _ etherType: EtherType
    ) -> EthernetHeader {
        EthernetHeader(
            destination: destination, source: sender, outerTag: question.outerTag ?? tag, innerTag: question.innerTag,
            etherType: etherType)
    }
}
