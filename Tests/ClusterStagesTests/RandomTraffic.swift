import Weir
import WeirTesting
import WeirWire

/// Frames of every kind on the segment of a cluster, each at a time of its own.
struct RandomTraffic {
    enum Kind: Hashable {
        /// To an address of the cluster, and not a fragment other than the first.
        case cluster
        case laterFragment
        /// A whole packet of the flow with this number.
        case flow(Int, TCPFlags)
        /// For somebody else.
        case elsewhere
        /// Cut off somewhere.
        case cut
    }

    /// The ends of a connection.
    private struct Ends {
        let client: AnyIPAddress
        let server: AnyIPAddress
        let isTCP: Bool
        let clientPort: UInt16
        let port: UInt16
    }

    private(set) var frames: [TestFrame] = []
    private(set) var kinds: [Kind] = []
    private let cluster: RandomCluster
    private var ends: [Ends] = []
    private var now = Duration.zero

    init(_ count: Int, to cluster: RandomCluster, using random: inout SeededRandom) {
        self.cluster = cluster
        for _ in 0..<40 {
            let server = cluster.addresses[Int.random(in: 0..<cluster.addresses.count, using: &random)]
            let number = UInt32.random(in: 0..<8, using: &random)
            let client: AnyIPAddress =
                switch server {
                case .ipv4: .ipv4(IPv4Address(rawValue: 0xc0a8_0000 | (number & 3) << 8 | number))
                case .ipv6: .ipv6(IPv6Address(high: 0x2001_0db8_0000_0000 | UInt64(number & 3), low: UInt64(number)))
                }
            ends.append(
                Ends(
                    client: client, server: server, isTCP: Bool.random(using: &random),
                    clientPort: UInt16.random(in: 1024..<1100, using: &random),
                    port: [80, 443, 53, 500, 1723, 3389, 8000, 8099, 9999][Int.random(in: 0..<9, using: &random)]))
        }
        while frames.count < count { add(using: &random) }
    }

    private mutating func add(using random: inout SeededRandom) {
        func oneIn(_ number: Int) -> Bool { Int.random(in: 1...number, using: &random) == 1 }
        let number = Int.random(in: 0..<ends.count, using: &random)
        let ends = ends[number]
        let isIPv4 = if case .ipv4 = ends.server { true } else { false }
        func packet(_ protocolNumber: IPProtocol, _ payload: [UInt8]) -> IPPacket {
            var packet = IPPacket(from: ends.client, to: ends.server, protocolNumber, payload)
            if oneIn(5) { packet.options = [7, 3, 0, 1] + (oneIn(2) ? [1, 1, 1, 0] : []) }
            if oneIn(5) {
                packet.extensions = [.hopByHopOptions, .destinationOptions, .routing].shuffled(using: &random)
            }
            packet.hasFragmentHeader = oneIn(9)
            return packet
        }
        func transport(_ flags: TCPFlags, data: Int = 0) -> [UInt8] {
            ends.isTCP
                ? tcp(ends.clientPort, ends.port, flags, data: data) : udp(ends.clientPort, ends.port, data: data)
        }
        let transportNumber: IPProtocol = ends.isTCP ? .tcp : .udp

        switch Int.random(in: 0..<20, using: &random) {
        case 0..<10:
            let flags: [TCPFlags] = [.ack, .ack, .ack, .ack, .syn, .syn, [.ack, .fin], .rst, [.syn, .fin], []]
            let chosen = flags[Int.random(in: 0..<flags.count, using: &random)]
            append(packet(transportNumber, transport(chosen)), .flow(number, ends.isTCP ? chosen : []), using: &random)
        case 10, 11:
            let isEcho = oneIn(4)
            let whole = packet(
                isEcho ? isIPv4 ? .icmp : .icmpv6 : transportNumber,
                isEcho ? icmp(isIPv4 ? 8 : 128, about: [UInt8](repeating: 0, count: 56)) : transport(.ack, data: 40))
            var fragments = whole.fragments(at: 24, 40, identification: UInt32.random(in: 0..<50, using: &random))
            if oneIn(2) { fragments.shuffle(using: &random) }
            if oneIn(3) { fragments.append(fragments[Int.random(in: 0..<fragments.count, using: &random)]) }
            if oneIn(5) { fragments.removeFirst() }
            for fragment in fragments {
                append(fragment, fragment.offset > 0 ? .laterFragment : .cluster, using: &random)
            }
        case 12: append(packet(isIPv4 ? .icmp : .icmpv6, icmp(isIPv4 ? 8 : 128)), .cluster, using: &random)
        case 13:
            // What a host of the cluster has sent, or nothing that could be told.
            let back = ends.isTCP ? tcp(ends.port, ends.clientPort, .ack) : udp(ends.port, ends.clientPort)
            let sent = IPPacket(from: ends.server, to: ends.client, transportNumber, back).octets
            let quoted = oneIn(3) ? [UInt8](sent.prefix(Int.random(in: 0..<sent.count, using: &random))) : sent
            append(packet(isIPv4 ? .icmp : .icmpv6, icmp(isIPv4 ? 3 : 1, about: quoted)), .cluster, using: &random)
        case 14:
            let numbers: [IPProtocol] = [.gre, .esp, .ah, IPProtocol(rawValue: 89)]
            let tunnel = numbers[Int.random(in: 0..<numbers.count, using: &random)]
            // Next header, and a length of 16 octets.
            append(
                packet(tunnel, [47, 2] + [UInt8](repeating: 0, count: 30)), .cluster, using: &random)
        case 15:
            var other = packet(transportNumber, transport(.syn))
            other.destination = isIPv4 ? .ipv4(dedicated) : .ipv6(dedicatedIPv6)
            append(other, .elsewhere, using: &random)
        case 16:
            tick(using: &random)
            let arp = arpFrame(
                header(from: clientMAC, to: .broadcast), .request, (clientMAC, client), (nobody, clusterIPv4))
            frames.append(TestFrame(at: now, arp))
            kinds.append(.elsewhere)
        case 17:
            append(packet(transportNumber, transport(.syn)), .cut, using: &random)
            let length = Int.random(in: 0..<frames[frames.count - 1].octets.count, using: &random)
            frames[frames.count - 1].octets.removeLast(frames[frames.count - 1].octets.count - length)
        case 18:
            // Too short for its ports.
            append(packet(transportNumber, [0, 80, 0]), .cluster, using: &random)
        default:
            if frames.isEmpty { return }
            now += .seconds(oneIn(30) ? Int.random(in: 100...20_000, using: &random) : 1)
        }
    }

    private mutating func tick(using random: inout SeededRandom) {
        // The first one begins the run, and steps count from there.
        if !frames.isEmpty { now += .microseconds(Int.random(in: 1...200_000, using: &random)) }
    }

    private mutating func append(_ packet: IPPacket, _ kind: Kind, using random: inout SeededRandom) {
        tick(using: &random)
        var kind = kind
        // In multicast mode the others are told apart by their MAC address.
        let isWrong = Int.random(in: 0..<20, using: &random) == 0
        if isWrong, cluster.mode != nil, case .flow = kind { kind = .cluster }
        let tags: [[UInt16]] = [[], [], [10], [20, 10]]
        frames.append(
            packet.frame(
                at: now, to: isWrong ? sharedMAC : multicastMAC, tags: tags[Int.random(in: 0..<4, using: &random)]))
        kinds.append(kind)
    }
}
