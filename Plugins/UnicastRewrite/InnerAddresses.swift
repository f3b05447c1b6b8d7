import Weir
import WeirWire

/// The MAC addresses that are not in the Ethernet header: what ARP and Neighbor Discovery say that an IP address has. And
/// where packets to peers go, which their IP address tells.
///
/// An address inside is the host's or the cluster's to change when it is a virtual one of any mode, or the host's own,
/// masked or real. What it becomes depends on the IP address that it belongs to.
struct InnerAddresses {
    /// What is to be stored in a frame, beside its Ethernet addresses. Offset 0 stands for nothing.
    struct Changes {
        var destination: MACAddress?
        var first = (offset: 0, address: MACAddress(rawValue: 0))
        var second = (offset: 0, address: MACAddress(rawValue: 0))
        var checksum = (offset: 0, value: UInt16(0))
    }

    private let plan: UnicastRewrite.Plan
    private let realMAC: MACAddress?
    private let addresses: Set<AnyIPAddress>
    private let changesBodies: Bool
    /// `mask: all`: whatever the frame's source is, it is this host's.
    private let everySourceIsOwn: Bool

    init(_ plan: UnicastRewrite.Plan, _ configuration: UnicastRewrite.Configuration) {
        self.plan = plan
        realMAC = configuration.realMAC
        addresses = Set(configuration.addresses).union([.ipv4(configuration.cluster)])
        changesBodies = configuration.bodies
        everySourceIsOwn = configuration.mask == .all
    }

    var hasPeers: Bool { !plan.peers.isEmpty }

    /// What changes in a frame that came with this source and this destination, nil when nothing does. Not inlined, so that
    /// the loop over plain packets stays short.
    @inline(never)
    func changes(in bytes: RawSpan, from source: MACAddress, to destination: MACAddress) -> Changes? {
        guard let frame = EthernetFrame(bytes) else { return nil }
        let isARP = changesBodies && frame.etherType == .arp
        let isNeighborDiscovery = changesBodies && frame.etherType == .ipv6
        guard isARP || isNeighborDiscovery || hasPeers else { return nil }
        var changes = Changes()
        if isARP { changeARP(frame, source, &changes) }
        if isNeighborDiscovery { changeNeighborDiscovery(frame, source, &changes) }
        if hasPeers { changes.destination = self.destination(of: frame, destination) }
        return changes
    }

    /// RFC 826: the sender's pair and the target's pair of addresses. In a probe, whose sender has no IP address yet, it is
    /// the target's that the sender wants (RFC 5227 §2.1.1).
    private func changeARP(_ frame: EthernetFrame, _ source: MACAddress, _ changes: inout Changes) {
        guard let arp = ARPPacket(frame.payload) else { return }
        let (sender, target) = (arp.senderProtocolAddress, arp.targetProtocolAddress)
        let owner = sender.isUnspecified ? target : sender
        if let new = replacement(of: arp.senderHardwareAddress, for: .ipv4(owner), source) {
            changes.first = (frame.payloadOffset &+ ARPPacket.Field.senderHardwareAddress, new)
        }
        if let new = replacement(of: arp.targetHardwareAddress, for: .ipv4(target), source) {
            changes.second = (frame.payloadOffset &+ ARPPacket.Field.targetHardwareAddress, new)
        }
    }

    /// RFC 4861 §4.6.1: the sender's address in solicitations and router advertisements, the target's in the others.
    private func changeNeighborDiscovery(_ frame: EthernetFrame, _ source: MACAddress, _ changes: inout Changes) {
        guard let packet = IPv6Packet(frame.payload), let upperLayer = packet.upperLayer,
            upperLayer.protocolNumber == .icmpv6, !upperLayer.isFragment,
            let message = NeighborMessage(packet.bytes.octets(from: upperLayer.offset))
        else { return }
        let isAboutTarget = message.type == .neighborAdvertisement || message.type == .redirect
        let option: NeighborOption = isAboutTarget ? .targetLinkLayerAddress : .sourceLinkLayerAddress
        guard let offset = message.addressOffset(of: option) else { return }
        let old = message.bytes.macAddress(at: offset)
        let address = isAboutTarget ? message.targetAddress : packet.source
        guard let new = replacement(of: old, for: .ipv6(address), source) else { return }
        let start = frame.payloadOffset &+ upperLayer.offset
        changes.first = (start &+ offset, new)
        // Options begin at multiples of eight octets (RFC 4861 §4.6): the address is one word and a pair of them.
        let upper = updateChecksum(
            message.checksum, replacing: UInt16(truncatingIfNeeded: old.rawValue >> 32),
            with: UInt16(truncatingIfNeeded: new.rawValue >> 32))
        let checksum = updateChecksum(
            upper, replacing: UInt32(truncatingIfNeeded: old.rawValue),
            with: UInt32(truncatingIfNeeded: new.rawValue))
        changes.checksum = (start &+ ICMPField.checksum, checksum)
    }

    /// What `address` becomes, which is said to belong to an IP address; nil when it stays.
    private func replacement(of address: MACAddress, for owner: AnyIPAddress, _ source: MACAddress) -> MACAddress? {
        guard isOurs(address) || everySourceIsOwn && address == source else { return nil }
        let new = plan.peers[owner] ?? (addresses.contains(owner) ? plan.virtual : plan.own)
        return new == address ? nil : new
    }

    private func isOurs(_ address: MACAddress) -> Bool {
        plan.virtuals.contains(address) || address == plan.masked || address == realMAC
    }

    /// Where a frame goes instead: to the peer that has the IP address, from the shared MAC address that is everybody's;
    /// and to this host's stack, from the MAC address that peers know it by. Nil when it goes where it says.
    private func destination(of frame: EthernetFrame, _ destination: MACAddress) -> MACAddress? {
        if destination == plan.masked || destination == realMAC { return plan.own }
        guard plan.virtuals.contains(destination) else { return nil }
        if frame.etherType == .ipv4, let packet = IPv4Packet(frame.payload) {
            return plan.peers[.ipv4(packet.destination)]
        }
        if frame.etherType == .ipv6, let packet = IPv6Packet(frame.payload) {
            return plan.peers[.ipv6(packet.destination)]
        }
        return nil
    }
}
