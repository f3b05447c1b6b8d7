import WeirWire

/// A packet to an address of the cluster, whatever it is.
struct ClusterPacket {
    /// What decides on the packet's host.
    enum Kind {
        /// TCP or UDP: the rule for the cluster's port.
        case ports
        /// Tunnels: the rule for this port, so that they go where their control connection goes, which is the client's
        /// affair and not the connection's.
        case tunnel(like: IPProtocol, port: UInt16)
        /// The default host.
        case other
    }

    /// Where the packet belongs among fragments.
    enum Part {
        case whole
        /// The fragment with the ports.
        case first
        case later
    }

    var flow: Flow
    /// The cluster's address.
    let address: AnyIPAddress
    var kind: Kind
    let part: Part
    /// What the fragments of one packet have in common.
    let fragmentIdentity: UInt64
    var flags: TCPFlags = []
    /// Whether the packet reports an error about a flow rather than belonging to it.
    var isError = false
}

/// What a frame is to a cluster.
enum ClusterTraffic {
    /// Not for it, whatever may be wrong with it.
    case elsewhere
    /// For it, or so cut off that nobody can tell.
    case malformed
    case cluster(ClusterPacket)

    /// A packet that is cut off is malformed only where it is for the cluster, or too short to tell for whom it is.
    ///
    /// - Parameter isCluster: whether an address is one of the cluster's.
    init(_ bytes: RawSpan, isCluster: (AnyIPAddress) -> Bool) {
        guard let frame = EthernetFrame(bytes) else {
            self = .malformed
            return
        }
        switch frame.etherType {
        case .ipv4: self.init(version4: frame.payload, isCluster)
        case .ipv6: self.init(version6: frame.payload, isCluster)
        default: self = .elsewhere
        }
    }

    private init(version4 bytes: RawSpan, _ isCluster: (AnyIPAddress) -> Bool) {
        guard let ip = IPv4Packet(bytes) else {
            let isWhole = bytes.byteCount >= IPv4Packet.minimumHeaderLength
            let address = bytes.ipv4Address(at: IPv4Packet.Field.destination)
            self = isWhole && !isCluster(.ipv4(address)) ? .elsewhere : .malformed
            return
        }
        let address = AnyIPAddress.ipv4(ip.destination)
        guard isCluster(address) else {
            self = .elsewhere
            return
        }
        let part: ClusterPacket.Part = !ip.isFragment ? .whole : ip.fragmentOffset == 0 ? .first : .later
        let flow = Flow(
            addresses: FlowAddresses(client: ip.source, server: ip.destination), ports: 0,
            protocolNumber: ip.protocolNumber.rawValue)
        let identity = Flow.identity(
            addresses: flow.words, ports: UInt32(ip.identification), protocolNumber: ip.protocolNumber.rawValue)
        let packet = ClusterPacket(
            flow: flow, address: address, kind: .other, part: part, fragmentIdentity: identity)
        self.init(packet, ip.protocolNumber, ip.payload)
    }

    private init(version6 bytes: RawSpan, _ isCluster: (AnyIPAddress) -> Bool) {
        guard let ip = IPv6Packet(bytes) else {
            let isWhole = bytes.byteCount >= IPv6Packet.headerLength
            let address = bytes.ipv6Address(at: IPv6Packet.Field.destination)
            self = isWhole && !isCluster(.ipv6(address)) ? .elsewhere : .malformed
            return
        }
        let address = AnyIPAddress.ipv6(ip.destination)
        guard isCluster(address) else {
            self = .elsewhere
            return
        }
        guard let upper = ip.upperLayer else {
            self = .malformed
            return
        }
        // A fragment header that fragments nothing makes an "atomic fragment" (RFC 6946), which is whole.
        let part: ClusterPacket.Part =
            upper.fragmentOffset > 0 ? .later : upper.moreFragments ? .first : .whole
        let flow = Flow(
            addresses: .ipv6(client: ip.source, server: ip.destination), ports: 0,
            protocolNumber: upper.payloadProtocol.rawValue)
        // Later fragments may lack the headers that tell the protocol: addresses and identification are enough
        // (RFC 8200 §4.5).
        let identity = Flow.identity(
            addresses: flow.words, ports: upper.identification, protocolNumber: IPProtocol.fragment.rawValue)
        let packet = ClusterPacket(
            flow: flow, address: address, kind: .other, part: part, fragmentIdentity: identity)
        self.init(
            packet, upper.payloadProtocol, bytes.octets(from: upper.offset, count: ip.bytes.byteCount &- upper.offset))
    }

    /// - Parameter payload: what follows the IP headers.
    private init(_ packet: ClusterPacket, _ protocolNumber: IPProtocol, _ payload: RawSpan) {
        var packet = packet
        guard packet.part != .later else {
            self = .cluster(packet)
            return
        }
        switch protocolNumber {
        case .tcp, .udp:
            guard payload.byteCount >= 4 else {
                self = .malformed
                return
            }
            packet.kind = .ports
            packet.flow.ports = payload.uint32(at: 0).byteSwapped
            if protocolNumber == .tcp { packet.flags = TCPFlags(rawValue: payload.uint8(at: TCPSegment.Field.flags)) }
        case .gre: packet.kind = .tunnel(like: .tcp, port: 1723)
        case .esp, .ah: packet.kind = .tunnel(like: .udp, port: 500)
        case .icmp:
            guard let message = ICMPMessage(payload) else {
                self = .malformed
                return
            }
            if message.type.isError { packet.take(QuotedPacket(version4: message.payload)) }
        case .icmpv6:
            guard let message = ICMPv6Message(payload) else {
                self = .malformed
                return
            }
            if message.type.isError { packet.take(QuotedPacket(version6: message.payload)) }
        default: break
        }
        self = .cluster(packet)
    }
}

extension ClusterPacket {
    /// An error belongs to the host that sent the packet it is about, if that came from the cluster.
    fileprivate mutating func take(_ quoted: QuotedPacket?) {
        guard let quoted, quoted.flow.server == address else { return }
        (flow, kind, isError) = (quoted.flow, quoted.kind, true)
    }
}

extension IPv6Packet.UpperLayer {
    /// As in IPv4, a packet with an Authentication Header belongs to a tunnel, though what is behind it can be read.
    var payloadProtocol: IPProtocol { isAuthenticated ? .ah : protocolNumber }
}

extension FlowAddresses {
    init(client: IPv4Address, server: IPv4Address) {
        self = .ipv4(UInt64(server.rawValue.byteSwapped) << 32 | UInt64(client.rawValue.byteSwapped))
    }
}

extension Flow {
    /// The cluster's address.
    var server: AnyIPAddress {
        switch addresses {
        case .ipv4(let words): .ipv4(IPv4Address(rawValue: UInt32(words >> 32).byteSwapped))
        case .ipv6(_, let server): .ipv6(server)
        }
    }
}
