import Weir
import WeirWire

/// `- unicast-rewrite: { cluster: 10.0.0.100, host-id: 1 }`: Ethernet addresses to and from NLB's unicast mode.
///
/// On the way in, the virtual address of another mode becomes that of `mode`. On the way out, the address that all hosts
/// share must never be a source, or a switch learns it and sends everything to one port: it is masked with the host's id.
/// What ARP and Neighbor Discovery say about the cluster follows.
public struct UnicastRewrite: PacketStage {
    public static let kind = "unicast-rewrite"
    public static let summary =
        "Turns the cluster's MAC addresses into those of another mode, and masks the source MAC."

    public enum Drop: String, StageWord { case malformed = "the frame is too short for an Ethernet header" }

    private let virtual: MACAddress
    /// The virtual addresses of the other two modes.
    private let others: (MACAddress, MACAddress)
    /// What the host sends with in this mode.
    private let sender: MACAddress
    /// Whether it replaces every source.
    private let masksAll: Bool
    /// The sources that it replaces; only itself where nothing is masked.
    private let unmasked: (MACAddress, MACAddress)
    private let inside: InnerAddresses
    /// The EtherType of frames that have nothing to change inside.
    private let plainType: UInt64
    private static let typeBehindTag = EthernetFrame.Field.typeOrTag + VLANTag.encodedLength

    public init(_ configuration: Configuration) throws {
        let plan = try configuration.plan()
        virtual = plan.virtual
        let others = plan.virtuals.filter { $0 != plan.virtual }
        self.others = (others.first ?? plan.virtual, others.last ?? plan.virtual)
        sender = plan.sender ?? plan.virtual
        masksAll = configuration.mask == .all
        let replaced = configuration.mask == .none || plan.sender == nil ? [] : plan.unmasked
        unmasked = (replaced.first ?? sender, replaced.last ?? sender)
        inside = InnerAddresses(plan, configuration)
        // With peers, where a packet goes depends on its IP address: no EtherType is plain then.
        plainType = inside.hasPeers ? UInt64.max : UInt64(EtherType.ipv4.rawValue)
    }

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard packet.length >= EthernetFrame.minimumHeaderLength else { return .drop(.malformed) }
        // Eight octets are one load: an address in the upper six, and behind the source the EtherType.
        let destination = MACAddress(rawValue: packet.bytes.uint64(at: EthernetFrame.Field.destination) >> 16)
        let sourceAndType = packet.bytes.uint64(at: EthernetFrame.Field.source)
        let source = MACAddress(rawValue: sourceAndType >> 16)
        if destination == others.0 || destination == others.1 {
            packet.store(virtual, at: EthernetFrame.Field.destination)
        }
        if masksAll || source == unmasked.0 || source == unmasked.1 {
            packet.store(sender, at: EthernetFrame.Field.source)
        }
        let type = sourceAndType & 0xffff
        if type != plainType, !isTagged(type) || UInt64(packet.bytes.uint16(at: Self.typeBehindTag)) != plainType,
            let changes = inside.changes(in: packet.bytes, from: source, to: destination)
        {
            apply(changes, to: &packet)
        }
        return .forward
    }

    /// Whether the EtherType is that of the usual tag, behind which a packet may be plain.
    @inline(__always)
    private func isTagged(_ type: UInt64) -> Bool { type == UInt64(EtherType.vlan.rawValue) }

    @inline(__always)
    private func apply(_ changes: InnerAddresses.Changes, to packet: inout Packet) {
        if let destination = changes.destination { packet.store(destination, at: EthernetFrame.Field.destination) }
        if changes.first.offset > 0 { packet.store(changes.first.address, at: changes.first.offset) }
        if changes.second.offset > 0 { packet.store(changes.second.address, at: changes.second.offset) }
        if changes.checksum.offset > 0 { packet.store(changes.checksum.value, at: changes.checksum.offset) }
    }
}
