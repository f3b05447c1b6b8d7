import Weir
import WeirWire

/// `- arp-responder: { cluster: 10.0.0.100, host-id: 1 }` with `to: { answers: ID }`: says which MAC address the cluster's
/// IP addresses have (RFC 826, RFC 5227; RFC 4861 §7.2 for IPv6).
///
/// The stage stands in front of a host's own stack, which would answer with its adapter's address: what asks for an address
/// of the cluster is answered here and goes no further. Everything else passes.
public struct ARPResponder: ProtocolStage {
    public static let kind = "arp-responder"
    public static let summary =
        "Answers ARP and Neighbor Solicitations for the cluster, with the MAC address of its mode."

    let identity: ClusterIdentity
    private let answersRequests: Bool
    private let announcementCount: Int
    private let announcementInterval: Duration
    private var announced = 0
    private var nextWarning: Instant?

    public init(_ configuration: Configuration) throws {
        identity = try ClusterIdentity(configuration)
        answersRequests = configuration.answer == .requests
        announcementCount = configuration.announcements
        announcementInterval = configuration.announcementInterval
    }

    public mutating func start(_ context: Context) { announce(context) }

    public mutating func timerFired(_ token: UInt64, _ context: Context) { announce(context) }

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard let frame = EthernetFrame(packet.bytes) else { return .forward }
        switch frame.etherType {
        case .arp: return receiveARP(packet.bytes, context)
        case .ipv6: return receiveNeighborDiscovery(packet.bytes, context)
        default: return .forward
        }
    }

    // MARK: ARP

    private mutating func receiveARP(_ bytes: RawSpan, _ context: Context) -> Verdict {
        guard let frame = EthernetFrame(bytes), frame.tagCount <= 2 else { return .forward }
        guard frame.payload.byteCount >= ARPPacket.length else { return .drop(.malformed) }
        guard let arp = ARPPacket(frame.payload), isForHost(frame, context) else { return .forward }
        if identity.has(arp.senderProtocolAddress) {
            return receiveClaim(by: arp.senderHardwareAddress, of: "\(arp.senderProtocolAddress)", context)
        }
        guard arp.operation == .request, identity.has(arp.targetProtocolAddress) else { return .forward }
        let asker = arp.senderHardwareAddress
        if arp.senderProtocolAddress.isUnspecified, identity.isCluster(asker) || identity.isCluster(frame.source) {
            return .drop(.fromCluster)
        }
        guard isStation(asker) else { return .drop(.badSender) }
        guard answersRequests else { return .drop(.leftToOthers) }
        let header = identity.header(to: asker, answering: frame, .arp)
        send(ARPHeader(answering: arp, with: identity.mac), header, context)
        context.count(.replies)
        return .drop(.answered)
    }

    private func send(_ arp: ARPHeader, _ ethernet: EthernetHeader, _ context: Context) {
        let length = max(ethernet.encodedLength + ARPPacket.length, EthernetHeader.minimumFrameLength)
        context.send(length: length, to: .answers) { octets in
            arp.encode(into: &octets, at: ethernet.encodedLength)
            ethernet.encode(into: &octets, at: 0)
        }
    }

    // MARK: Neighbor Discovery

    private mutating func receiveNeighborDiscovery(_ bytes: RawSpan, _ context: Context) -> Verdict {
        switch NeighborReception(bytes) {
        case .other: return .forward
        case .invalid(let fault): return .drop(Drop(fault))
        case .message(let received):
            guard let frame = EthernetFrame(bytes), isForHost(frame, context) else { return .forward }
            switch received.contents {
            case .solicitation(let target, let address):
                guard identity.has(target) else { return .forward }
                return answer(received, target, asker: address ?? frame.source, frame, context)
            case .advertisement(let target, let address, _):
                guard identity.has(target) else { return .forward }
                return receiveClaim(by: address ?? frame.source, of: "\(target)", context)
            }
        }
    }

    /// RFC 4861 §7.2.4: to the asker, or, when that is a probe for duplicates, unsolicited and to all nodes.
    private func answer(
        _ question: NeighborFrame, _ target: IPv6Address, asker: MACAddress, _ frame: EthernetFrame, _ context: Context
    ) -> Verdict {
        let isProbe = question.source.isUnspecified
        if isProbe, identity.isCluster(frame.source) { return .drop(.fromCluster) }
        guard isStation(asker), !question.source.isMulticast else { return .drop(.badSender) }
        guard answersRequests else { return .drop(.leftToOthers) }
        let group = MACAddress(multicastGroup: IPv6Address.allNodes)
        let header = identity.header(to: isProbe ? group : asker, answering: frame, .ipv6)
        advertise(target, to: isProbe ? .allNodes : question.source, header, context)
        context.count(.advertisements)
        return .drop(.answered)
    }

    private func advertise(
        _ target: IPv6Address, to destination: IPv6Address, _ ethernet: EthernetHeader, _ context: Context
    ) {
        let frame = NeighborFrame(
            ethernetHeader: ethernet, source: target, destination: destination,
            contents: .advertisement(
                target: target, address: identity.mac,
                flags: destination.isMulticast ? .override : [.solicited, .override]))
        context.send(length: frame.encodedLength, to: .answers) { frame.encode(into: &$0, at: 0) }
    }

    // MARK: Both

    /// Somebody says that an address of the cluster is theirs. Another host of the cluster says so rightly, and the stack
    /// need not hear it; anybody else is in conflict (RFC 5227 §2.4), which the stack should know.
    private mutating func receiveClaim(by mac: MACAddress, of address: String, _ context: Context) -> Verdict {
        guard !identity.isCluster(mac) else { return .drop(.fromCluster) }
        context.count(.conflicts)
        if nextWarning.map({ context.now >= $0 }) ?? true {
            context.log(.warning, "address conflict", ["address": address, "claimed-by": "\(mac)"])
            nextWarning = context.now + .seconds(10)
        }
        return .forward
    }

    /// Whether a frame is one that the host's adapter would take, and of the network.
    private func isForHost(_ frame: EthernetFrame, _ context: Context) -> Bool {
        guard identity.isForHost(frame.destination) else { return false }
        guard identity.isOnItsNetwork(frame.outerTag) else {
            context.count(.otherNetworks)
            return false
        }
        return true
    }

    /// Whether an answer can go to an address: not a group, and not nothing.
    private func isStation(_ mac: MACAddress) -> Bool { !mac.isMulticast && mac.rawValue != 0 }

    /// RFC 5227 §3; RFC 4861 §7.2.6.
    private mutating func announce(_ context: Context) {
        guard announced < announcementCount else { return }
        announced += 1
        for address in identity.ipv4 {
            let announcement = ARPHeader(
                operation: .request, senderHardwareAddress: identity.mac, senderProtocolAddress: address,
                targetProtocolAddress: address)
            send(announcement, identity.header(to: .broadcast, .arp), context)
            context.count(.announcements)
        }
        for address in identity.ipv6 {
            let group = MACAddress(multicastGroup: IPv6Address.allNodes)
            advertise(address, to: .allNodes, identity.header(to: group, .ipv6), context)
            context.count(.announcements)
        }
        if announced < announcementCount { context.schedule(0, at: context.now + announcementInterval) }
    }
}
