import Weir
import WeirTesting
import WeirWire

/// A packet from a client to the cluster, written octet by octet without weir's encoders. Its Ethernet source address has
/// a number, by which it is found again.
struct ClientPacket {
    var source = AnyIPAddress.ipv4(client)
    var destination = AnyIPAddress.ipv4(clusterIPv4)
    var number: UInt8
    /// What follows the IP headers.
    var payload: [UInt8]

    var identification: UInt32 = 0
    /// In octets.
    var fragmentOffset = 0
    var moreFragments = false
    /// Whether IPv6 has a fragment header though the packet is whole.
    var isAtomic = false
    /// Of IPv4, padded to words.
    var options: [UInt8] = []
    /// Of IPv6: number and octets of each header, whose first octet will be the next header's number.
    var extensions: [(number: UInt8, octets: [UInt8])] = []

    var tags: [UInt16] = []
    var mac = MACAddress(0x03, 0xbf, 10, 0, 0, 100)
    var mark: UInt32 = 0
    /// How much longer the IP header says that the packet is.
    var excess = 0

    init(_ number: IPProtocol, _ payload: [UInt8]) { (self.number, self.payload) = (number.rawValue, payload) }

    /// The same between other ends.
    func between(_ source: AnyIPAddress, _ destination: AnyIPAddress) -> Self {
        changed { ($0.source, $0.destination) = (source, destination) }
    }

    func changed(_ change: (inout Self) -> Void) -> Self {
        var packet = self
        change(&packet)
        return packet
    }
}

// MARK: What there is in it

extension ClientPacket {
    static func tcp(_ port: UInt16, to clusterPort: UInt16 = 80, _ flags: TCPFlags = .syn) -> Self {
        Self(.tcp, big(port) + big(clusterPort) + big(0, 1, 0, 0) + [0x50, flags.rawValue] + big(0xffff, 0, 0))
    }

    static func udp(_ port: UInt16, to clusterPort: UInt16 = 53, count: Int = 8) -> Self {
        Self(.udp, big(port) + big(clusterPort) + big(UInt16(8 + count), 0) + [UInt8](repeating: 0x75, count: count))
    }

    static func echo(version: Int = 4) -> Self {
        version == 4 ? Self(.icmp, [8, 0] + big(0, 1, 1)) : Self(.icmpv6, [128, 0] + big(0, 1, 1))
    }

    /// An ICMP error about a packet of which a router quotes as many octets.
    static func error(about sent: ClientPacket, type: UInt8? = nil, quoting count: Int = .max) -> Self {
        let quoted = [0, 0] + big(0, 0, 0) + sent.ip.prefix(count)
        if case .ipv6 = sent.source { return Self(.icmpv6, [type ?? 1] + quoted.dropFirst()) }
        return Self(.icmp, [type ?? 3] + quoted.dropFirst())
    }

    /// The cluster's answer, as an ICMP error quotes it: ends and ports changed places.
    var answer: Self {
        changed {
            ($0.source, $0.destination) = ($0.destination, $0.source)
            if [6, 17].contains($0.number), $0.payload.count >= 4 {
                $0.payload = Array(payload[2..<4] + payload[0..<2] + payload[4...])
            }
        }
    }

    /// Fragments of it, each of at most `size` octets of payload, which is a multiple of 8.
    func fragments(_ size: Int, identification: UInt32 = 7) -> [Self] {
        stride(from: 0, to: payload.count, by: size).map { offset in
            changed {
                $0.payload = [UInt8](payload[offset..<min(offset + size, payload.count)])
                $0.identification = identification
                $0.fragmentOffset = offset
                $0.moreFragments = offset + size < payload.count
            }
        }
    }
}

// MARK: Octets

extension ClientPacket {
    var frame: TestFrame { frame(at: .zero) }

    func frame(at time: Duration, cutTo count: Int = .max) -> TestFrame {
        var octets = octets(of: mac.rawValue, count: 6) + [2, 0] + octets(of: UInt64(mark), count: 4)
        for tag in tags { octets += [0x81, 0] + big(tag) }
        if case .ipv4 = source { octets += [0x08, 0x00] } else { octets += [0x86, 0xdd] }
        octets += ip
        return TestFrame(at: time, [UInt8](octets.prefix(count)), wireLength: octets.count)
    }

    /// The IP packet.
    var ip: [UInt8] {
        switch (source, destination) {
        case (.ipv4(let source), .ipv4(let destination)): ipv4(source, destination)
        case (.ipv6(let source), .ipv6(let destination)): ipv6(source, destination)
        default: []
        }
    }

    private func ipv4(_ source: IPv4Address, _ destination: IPv4Address) -> [UInt8] {
        let options = options + [UInt8](repeating: 0, count: -options.count & 3)
        let fragment = UInt16(fragmentOffset / 8) | (moreFragments ? 0x2000 : 0)
        var header: [UInt8] = [UInt8(0x45 + options.count / 4), 0]
        header += big(UInt16(20 + options.count + payload.count + excess))
        header += big(UInt16(truncatingIfNeeded: identification), fragment) + [64, number, 0, 0]
        header += octets(of: UInt64(source.rawValue), count: 4) + octets(of: UInt64(destination.rawValue), count: 4)
        header += options
        var sum = stride(from: 0, to: header.count, by: 2).reduce(UInt32(0)) {
            $0 + UInt32(header[$1]) << 8 + UInt32(header[$1 + 1])
        }
        sum = sum & 0xffff + sum >> 16
        header.replaceSubrange(10..<12, with: big(~UInt16(truncatingIfNeeded: sum + sum >> 16)))
        return header + payload
    }

    private func ipv6(_ source: IPv6Address, _ destination: IPv6Address) -> [UInt8] {
        var chain = extensions
        if isAtomic || moreFragments || fragmentOffset > 0 {
            let word = UInt16(fragmentOffset) | (moreFragments ? 1 : 0)
            // In front of what is made up once for the whole packet.
            let place = chain.firstIndex { $0.number == 60 || $0.number == 51 } ?? chain.count
            chain.insert((44, [0, 0] + big(word) + octets(of: UInt64(identification), count: 4)), at: place)
            if fragmentOffset > 0 { chain.removeSubrange((place + 1)...) }
        }
        var numbers = (chain.map(\.number) + [number])[...]
        var rest: [UInt8] = []
        let first = numbers.removeFirst()
        for header in chain { rest += [numbers.removeFirst()] + header.octets.dropFirst() }
        rest += payload
        var header: [UInt8] = [0x60, 0, 0, 0]
        header += big(UInt16(rest.count + excess)) + [first, 64]
        for half in [source.high, source.low, destination.high, destination.low] {
            header += octets(of: half, count: 8)
        }
        return header + rest
    }
}

/// The mark of a frame.
func mark(_ frame: TestFrame) -> Int { frame.octets[8..<12].reduce(0) { $0 << 8 | Int($1) } }

/// Numbers in network byte order.
private func big(_ numbers: UInt16...) -> [UInt8] { numbers.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } }

private func octets(of number: UInt64, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) }
}
