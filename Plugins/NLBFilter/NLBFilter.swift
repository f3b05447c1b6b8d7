import Weir
import WeirWire

/// `- nlb-filter: { cluster: 10.0.0.100, host-id: 1, hosts: 1-4 }`: keeps this host's share of the cluster's packets.
///
/// Every host of a cluster sees every packet and decides alone, without a message, by the same hash: each packet has
/// one bucket of 60, and each bucket one owner.
public struct NLBFilter: PacketStage {
    public static let kind = "nlb-filter"
    public static let summary = "Keeps the packets to the cluster that this host answers; drops the other hosts'."
    public static let details = """
        Exactly one of `hosts` keeps each packet whose destination is the cluster's address. What is for another address
        passes, ARP too. Fragments are decided by addresses and protocol, since only the first one has ports.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - vlan-isolation: { allow: [10] }
          - nlb-filter: { cluster: 10.0.0.100, host-id: 1, hosts: 1-4, affinity: single }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("The cluster's virtual address.") public var cluster: IPv4Address
        @Parameter("This host's id.", in: 1...32) public var hostID: Int
        @Parameter("The ids of all hosts that are up.", in: 1...32) public var hosts: IntegerRanges
        @Parameter("What packets of one client have in common: `none`, `single` or `network`.", default: .single)
        public var affinity: Affinity
        public init() {}
    }

    public enum Drop: String, StageWord {
        case notOurs = "another host of the cluster answers the packet"
        case malformed = "the packet to the cluster is cut off or its lengths are wrong"
    }

    private let cluster: IPv4Address
    private let buckets: BucketMap
    private let affinity: Affinity

    public init(_ configuration: Configuration) throws {
        guard configuration.hosts.contains(configuration.hostID) else {
            throw ConfigurationError(
                parameter: "host-id", "host \(configuration.hostID) is not among the hosts",
                help: "add it to `hosts` on every host of the cluster, or it would answer nothing")
        }
        cluster = configuration.cluster
        buckets = BucketMap(host: configuration.hostID, hosts: configuration.hosts.numbers)
        affinity = configuration.affinity
    }

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        switch flow(packet.bytes) {
        case .elsewhere: .forward
        case .malformed: .drop(.malformed)
        case .cluster(let hash): buckets.owns(hash.bucket) ? .forward : .drop(.notOurs)
        }
    }

    private enum Flow {
        case elsewhere
        case malformed
        case cluster(FlowHash)
    }

    /// What the packet is to the cluster.
    @inline(__always)
    private func flow(_ bytes: RawSpan) -> Flow {
        guard let packet = PlainPacket(bytes) else { return flowOfAny(bytes) }
        guard packet.destination == cluster else { return .elsewhere }
        guard affinity == .none else { return .cluster(FlowHash(client: packet.source, affinity)) }
        return .cluster(
            FlowHash(addresses: packet.addresses, ports: packet.ports, protocolNumber: packet.protocolNumber.rawValue))
    }

    /// The same for every packet there may be. Apart, so that the loop over the plain ones stays short.
    @inline(never)
    private func flowOfAny(_ bytes: RawSpan) -> Flow {
        guard let frame = EthernetFrame(bytes) else { return .malformed }
        guard frame.etherType == .ipv4 else { return .elsewhere }
        guard let packet = IPv4Packet(frame.payload) else { return .malformed }
        guard packet.destination == cluster else { return .elsewhere }
        guard affinity == .none else { return .cluster(FlowHash(client: packet.source, affinity)) }
        guard packet.protocolNumber.hasPorts, !packet.isFragment else {
            return .cluster(FlowHash(packet, ports: 0))
        }
        let segment = packet.payload
        guard segment.byteCount >= 4 else { return .malformed }
        return .cluster(FlowHash(packet, ports: segment.uint32(at: 0).byteSwapped))
    }
}

/// What nearly all packets are: whole TCP or UDP over IPv4 without VLAN tag and options, so that every field has its fixed
/// place and two checks of the length are enough for all.
private struct PlainPacket {
    /// Source and destination as they lie in the packet, read little-endian; likewise the ports.
    let addresses: UInt64
    let ports: UInt32
    let protocolNumber: IPProtocol

    var source: IPv4Address { IPv4Address(rawValue: UInt32(truncatingIfNeeded: addresses).byteSwapped) }
    var destination: IPv4Address { IPv4Address(rawValue: UInt32(truncatingIfNeeded: addresses >> 32).byteSwapped) }

    /// Nil for any other packet, right or wrong.
    @inline(__always)
    init?(_ bytes: RawSpan) {
        typealias Field = IPv4Packet.Field
        let ip = EthernetFrame.minimumHeaderLength
        let segment = ip + IPv4Packet.minimumHeaderLength
        let room = bytes.byteCount &- segment &- 4
        guard room >= 0,
            bytes.uint16(at: EthernetFrame.Field.typeOrTag) == EtherType.ipv4.rawValue,
            bytes.uint8(at: ip + Field.versionAndIHL) == 0x45
        else { return nil }
        // What IPv4 has beyond the ports, no less than nothing and no more than there is.
        let rest = Int(bytes.uint16(at: ip + Field.totalLength)) &- IPv4Packet.minimumHeaderLength &- 4
        protocolNumber = IPProtocol(rawValue: bytes.uint8(at: ip + Field.protocolNumber))
        guard UInt(bitPattern: rest) <= UInt(bitPattern: room), protocolNumber.hasPorts,
            bytes.uint16(at: ip + Field.flagsAndFragmentOffset) & 0x3fff == 0
        else { return nil }
        addresses = bytes.uint64(at: ip + Field.source).byteSwapped
        ports = bytes.uint32(at: segment).byteSwapped
    }
}

extension Affinity: ParameterWord {}

extension FlowHash {
    @inline(__always)
    init(_ packet: borrowing IPv4Packet, ports: UInt32) {
        let addresses =
            UInt64(packet.destination.rawValue.byteSwapped) << 32 | UInt64(packet.source.rawValue.byteSwapped)
        self.init(addresses: addresses, ports: ports, protocolNumber: packet.protocolNumber.rawValue)
    }

    @inline(__always)
    init(client: IPv4Address, _ affinity: Affinity) {
        let significant = affinity == .network ? client.rawValue & 0xffff_ff00 : client.rawValue
        self.init(addresses: UInt64(significant.byteSwapped), ports: 0, protocolNumber: 0)
    }
}

extension IPProtocol {
    /// TCP or UDP, by one test of a bit: which of the two it is, is a coin toss to the branch predictor.
    @inline(__always)
    var hasPorts: Bool {
        rawValue < 64
            && (1 << UInt64(IPProtocol.tcp.rawValue) | 1 << UInt64(IPProtocol.udp.rawValue)) >> UInt64(rawValue) & 1
                != 0
    }
}
