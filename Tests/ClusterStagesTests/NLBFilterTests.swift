import NLBFilter
import Testing
import Weir
import WeirTesting
import WeirWire

private let cluster = IPv4Address(10, 0, 0, 100)

/// A TCP segment from a client to the cluster, in Ethernet and perhaps a VLAN.
private func segment(
    from client: IPv4Address, port: UInt16, to destination: IPv4Address = cluster, tag: VLANTag? = nil,
    fragment: UInt16 = 0
) -> TestFrame {
    let ethernet = EthernetHeader(
        destination: NLBAddresses(cluster: cluster).multicastMAC, source: MACAddress(2, 0, 0, 0, 0, 1), outerTag: tag,
        etherType: .ipv4)
    let ip = IPv4Header(source: client, destination: destination, protocolNumber: .tcp, payloadLength: 20)
    let tcp = TCPHeader(
        sourcePort: port, destinationPort: 80, flags: .syn, payloadLength: 0, pseudoHeader: ip.pseudoHeader)
    var octets = [UInt8](repeating: 0, count: ethernet.encodedLength + 40)
    var span = octets.mutableSpan
    var bytes = unsafe span.mutableBytes
    tcp.encode(into: &bytes, at: ethernet.encodedLength + 20)
    ip.encode(into: &bytes, at: ethernet.encodedLength)
    ethernet.encode(into: &bytes, at: 0)
    bytes.store(fragment, at: ethernet.encodedLength + 6)
    return TestFrame(octets)
}

@Suite struct NLBFilterTests {
    private func kept(
        _ frames: [TestFrame], by host: Int, of hosts: [Int], _ affinity: Affinity
    ) throws -> [TestFrame] {
        var run = StageRun()
        try run.add(StageDescriptor(NLBFilter.self)) { (configuration: inout NLBFilter.Configuration) in
            configuration.cluster = [.ipv4(cluster)]
            configuration.hostID = host
            configuration.hosts = IntegerRanges(hosts.map { $0...$0 })
            configuration.affinity = affinity
        }
        let result = run.run(frames)
        #expect(result.summary.balanced)
        return result.frames()
    }

    private func clients(_ count: Int, seed: UInt64) -> [TestFrame] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            segment(
                from: IPv4Address(rawValue: UInt32.random(in: 0x0100_0000...0xdfff_ffff, using: &random)),
                port: UInt16.random(in: 1024...65_535, using: &random))
        }
    }

    @Test(arguments: Affinity.allCases, [1, 2, 3, 4, 7, 31, 32])
    func exactlyOneHostKeepsEachPacket(affinity: Affinity, count: Int) throws {
        let seed: UInt64 = 193_602
        let frames = clients(600, seed: seed)
        // Ids with gaps: a host that is down is not among them.
        let hosts = count < 32 ? (1...count).map { $0 == count ? 32 : $0 } : Array(1...32)
        var owners = [TestFrame: Int]()
        for host in hosts {
            for frame in try kept(frames, by: host, of: hosts, affinity) { owners[frame, default: 0] += 1 }
        }
        #expect(Set(owners.keys) == Set(frames), "seed \(seed)")
        #expect(owners.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    }

    @Test func fourHostsShareAlike() throws {
        let frames = clients(8000, seed: 7)
        for host in 1...4 {
            let share = Double(try kept(frames, by: host, of: [1, 2, 3, 4], .none).count) / 8000
            #expect(abs(share - 0.25) < 0.03, "host \(host): \(share)")
        }
    }

    @Test func affinityKeepsAClientTogether() throws {
        let client = IPv4Address(192, 168, 1, 10)
        let ports = (1024..<1324 as Range<UInt16>).map { segment(from: client, port: $0) }
        let single = try (1...4).map { try kept(ports, by: $0, of: [1, 2, 3, 4], .single).count }
        #expect(single.sorted() == [0, 0, 0, 300])
        let spread = try (1...4).map { try kept(ports, by: $0, of: [1, 2, 3, 4], .none).count }
        #expect(spread.allSatisfy { $0 > 30 })
        let network = (0..<250 as Range<UInt8>).map { segment(from: IPv4Address(192, 168, 1, $0), port: 1024) }
        let together = try (1...4).map { try kept(network, by: $0, of: [1, 2, 3, 4], .network).count }
        #expect(together.sorted() == [0, 0, 0, 250])
    }

    @Test func theTagMakesNoDifference() throws {
        for port in 1024..<1124 as Range<UInt16> {
            let client = IPv4Address(10, 1, 2, 3)
            let plain = try kept([segment(from: client, port: port)], by: 1, of: [1, 2], .none).count
            let tag = VLANTag(identifier: 10)
            #expect(try kept([segment(from: client, port: port, tag: tag)], by: 1, of: [1, 2], .none).count == plain)
        }
    }

    @Test func otherDestinationsAndProtocolsPass() throws {
        let other = segment(from: IPv4Address(10, 1, 2, 3), port: 1, to: IPv4Address(10, 0, 0, 11))
        let arp = TestFrame([UInt8](repeating: 0xff, count: 12) + [0x08, 0x06] + [UInt8](repeating: 0, count: 28))
        for host in 1...4 { #expect(try kept([other, arp], by: host, of: [1, 2, 3, 4], .single) == [other, arp]) }
    }

    @Test func aHostThatIsNotAmongTheHostsIsAnError() throws {
        #expect(throws: ConfigurationError.self) { try kept([], by: 5, of: [1, 2], .none) }
    }
}
