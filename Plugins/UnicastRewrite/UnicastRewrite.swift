import Weir
import WeirWire

/// `- unicast-rewrite: { cluster: 10.0.0.100, host-id: 1 }`: Ethernet addresses of NLB's unicast mode.
///
/// On the way in, the destination of a multicast mode becomes the unicast address that all hosts share. On the way out,
/// that shared address must never be a source, or a switch learns it and sends everything to one port: it is masked with
/// the host's id.
public struct UnicastRewrite: PacketStage {
    public static let kind = "unicast-rewrite"
    public static let summary = "Turns the cluster's multicast MAC into its unicast MAC and masks the source MAC."
    public static let details = """
        Destinations 03-bf-a-b-c-d (multicast mode) and 01-00-5e-7f-c-d (IGMP multicast mode) become 02-bf-a-b-c-d. The
        source 02-bf-a-b-c-d becomes 02-h-a-b-c-d, where h is the host's id and a.b.c.d the cluster's address. With
        `mask: all` every source is masked, as when the adapter's own address was replaced by the shared one; with
        `mask: none` no source is changed (hosts on a hub). Other addresses stay, and so does everything else.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - unicast-rewrite: { cluster: 10.0.0.100, host-id: 1 }
          - discard
        """

    public enum Mask: String, CaseIterable, ParameterWord { case cluster, all, none }

    public struct Configuration: StageConfiguration {
        @Parameter("The cluster's virtual address.") public var cluster: IPv4Address
        @Parameter("This host's id, for the masked source.", in: 1...32) public var hostID: Int
        @Parameter("Which source addresses are masked.", default: .cluster) public var mask: Mask
        public init() {}
    }

    public enum Drop: String, StageWord { case malformed = "the frame is too short for an Ethernet header" }

    private let unicast: MACAddress
    private let multicast: MACAddress
    private let group: MACAddress
    private let masked: MACAddress
    private let mask: Mask

    public init(_ configuration: Configuration) {
        let addresses = NLBAddresses(cluster: configuration.cluster)
        unicast = addresses.unicastMAC
        multicast = addresses.multicastMAC
        group = addresses.groupMAC
        masked = addresses.maskedMAC(hostID: configuration.hostID)
        mask = configuration.mask
    }

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard packet.length >= 14 else { return .drop(.malformed) }
        let destination = packet.bytes.macAddress(at: EthernetFrame.Field.destination)
        if destination == multicast || destination == group {
            packet.store(unicast, at: EthernetFrame.Field.destination)
        }
        if mustMask(packet.bytes.macAddress(at: EthernetFrame.Field.source)) {
            packet.store(masked, at: EthernetFrame.Field.source)
        }
        return .forward
    }

    @inline(__always)
    private func mustMask(_ source: MACAddress) -> Bool {
        switch mask {
        case .cluster: source == unicast
        case .all: true
        case .none: false
        }
    }
}
