import Weir
import WeirWire

/// `- arp-resolver: { address: 10.0.0.9, mac: 02-00-00-00-00-09 }` with `to: { network: ID }`: the asking side of ARP
/// (RFC 826).
///
/// The stage stands between a host and its network, for both directions: what comes with the host's own MAC address as
/// source is on its way out and leaves by `network`, with the destination's MAC address filled in; everything else came from
/// the network and goes on. `arp-responder` is the other side.
public struct ARPResolver: ProtocolStage {
    public static let kind = "arp-resolver"
    public static let summary = "Finds by ARP the MAC address of where packets go."
    public static let details = """
        An IPv4 packet on its way out whose destination MAC address is 00-00-00-00-00-00, as `generator` makes it, gets the
        one that its destination IP address answered with. Who has not answered yet is asked, at most once a second; the
        packet is dropped (RFC 1122 §2.3.2.2 would keep one). Addresses in `resolve` are asked for at the start, so that the
        first packet need not be lost. After `refresh` an address is asked for again, and kept until another answer comes.

        Requests come from `mac` and say that the host has `hardware`, which may be another address: that of a cluster, which
        all hosts share and never send with. `arp-responder` answers for it.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - vlan-isolation: { allow: [10] }
          - arp-resolver: { address: 10.0.0.9, mac: 02-00-00-00-00-09, resolve: [10.0.0.100] }
            to: { network: [{ discard: }] }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("The host's IP address.") public var address: IPv4Address
        @Parameter("The MAC address that the host sends with.") public var mac: MACAddress
        @Parameter("The MAC address that the host says it has; `mac` without it.") public var hardware: MACAddress?
        @Parameter("Addresses to ask for at the start.", default: []) public var resolve: [IPv4Address]
        @Parameter("Time after which an address is asked for again.", default: .seconds(60), in: .seconds(1)...)
        public var refresh: Duration
        public init() {}
    }

    public enum Output: String, StageWord { case network = "what the host sends: packets and requests" }

    public enum Drop: String, StageWord {
        case unresolved = "nobody has said yet which MAC address the destination has"
        case malformed = "an ARP packet that is cut off, or not about Ethernet and IPv4"
    }

    public enum Counter: String, StageWord {
        case requests = "requests sent"
        case changes = "times that an address answered with another MAC address than before"
    }

    private struct Neighbor {
        var hardware: MACAddress?
        var asked: Instant
    }

    private let address: IPv4Address
    private let mac: MACAddress
    private let hardware: MACAddress
    private let refresh: Duration
    private let firstAsked: [IPv4Address]
    private var neighbors: [IPv4Address: Neighbor] = [:]

    /// As many as anybody's neighbours on one network: beyond them nobody is asked for.
    private static let neighborLimit = 65_536
    private static let askAgain = Duration.seconds(1)

    public init(_ configuration: Configuration) {
        address = configuration.address
        mac = configuration.mac
        hardware = configuration.hardware ?? configuration.mac
        refresh = configuration.refresh
        firstAsked = configuration.resolve
    }

    public mutating func start(_ context: Context) {
        for neighbor in firstAsked { ask(neighbor, context) }
    }

    /// There are no timers: an address is asked for when a packet goes there.
    public mutating func timerFired(_ token: UInt64, _ context: Context) {}

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        let isOwn = packet.bytes.macAddress(at: EthernetFrame.Field.source) == mac
        if isOwn { return send(&packet, context) }
        guard let frame = EthernetFrame(packet.bytes), frame.etherType == .arp else { return .forward }
        guard let arp = ARPPacket(frame.payload) else { return .drop(.malformed) }
        hear(arp, context)
        return .forward
    }

    // MARK: Out

    private mutating func send(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard let destination = Self.unresolvedDestination(packet.bytes) else { return .forward(to: .network) }
        guard let hardware = resolve(destination, context) else { return .drop(.unresolved) }
        packet.store(hardware, at: EthernetFrame.Field.destination)
        return .forward(to: .network)
    }

    /// Where an IPv4 packet goes whose destination MAC address is open.
    private static func unresolvedDestination(_ bytes: RawSpan) -> IPv4Address? {
        guard let frame = EthernetFrame(bytes), frame.destination.rawValue == 0, frame.etherType == .ipv4 else {
            return nil
        }
        return IPv4Packet(frame.payload)?.destination
    }

    private mutating func resolve(_ destination: IPv4Address, _ context: Context) -> MACAddress? {
        guard let known = neighbors[destination] else {
            if neighbors.count < Self.neighborLimit { ask(destination, context) }
            return nil
        }
        let patience = known.hardware == nil ? Self.askAgain : refresh
        if context.now >= known.asked + patience { ask(destination, context) }
        return known.hardware
    }

    private mutating func ask(_ destination: IPv4Address, _ context: Context) {
        neighbors[destination, default: Neighbor(asked: context.now)].asked = context.now
        context.count(.requests)
        let request = ARPHeader(
            operation: .request, senderHardwareAddress: hardware, senderProtocolAddress: address,
            targetProtocolAddress: destination)
        let ethernet = EthernetHeader(destination: .broadcast, source: mac, etherType: .arp)
        context.send(length: EthernetHeader.minimumFrameLength, to: .network) { octets in
            request.encode(into: &octets, at: ethernet.encodedLength)
            ethernet.encode(into: &octets, at: 0)
        }
    }

    // MARK: In

    /// RFC 826, "Packet Reception"; only neighbours that were asked for are remembered.
    private mutating func hear(_ arp: ARPPacket, _ context: Context) {
        let sender = arp.senderProtocolAddress
        if let known = neighbors[sender], known.hardware != arp.senderHardwareAddress {
            if known.hardware != nil { context.count(.changes) }
            neighbors[sender]?.hardware = arp.senderHardwareAddress
        }
    }
}
