import Foundation
import Testing
import Weir
import WeirWire

/// MAC addresses as `unicast-rewrite` and tcprewrite rewrite them, over captures that are shipped and ones that are made.
///
/// tcprewrite knows nothing of clusters and changes every frame. So does `mask: all` with sources; where the destination
/// changes too, both get the frames that go to a virtual address of another mode.
@Suite struct TcprewriteMACTests {
    private static let addresses = NLBAddresses(cluster: IPv4Address(10, 0, 0, 100))

    private static func shippedCaptures() throws -> [String] {
        let folder = "\(repository)/pipelines/captures"
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".pcap") }.sorted()
            .map { "\(folder)/\($0)" }
    }

    /// What `unicast-rewrite` as host 1 with `mask: all` writes of a capture.
    private func weir(_ path: String, _ parameters: String) throws -> [UInt8] {
        let folder = try Folder()
        let pipeline = try folder.file(
            "p.yaml",
            """
            weir: 1
            stages:
              - capture: { file: "\(path)" }
              - unicast-rewrite: { cluster: 10.0.0.100, host-id: 1, mask: all, bodies: false, \(parameters) }
              - transmit: { file: "\(folder.path("out.pcap"))" }
            """)
        let run = try Command.weir("run", pipeline, "--summary", "none")
        try #require(run.status == 0, "\(run.errors)")
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path("out.pcap"))))
    }

    /// Left out is where tcprewrite 4.4.3 does other things too: it makes up sources for IPv6 groups, and writes checksums
    /// into frames with a length in place of an EtherType.
    private static let comparable = "ether[12:2] > 1500 and not ether[0:2] = 0x3333"

    /// Compares what both make of the frames that a filter selects, and says how many that are.
    @discardableResult
    private func compare(
        _ path: String, _ filter: String, _ parameters: String, _ options: [String: MACAddress], _ hint: Comment?
    ) throws -> Int {
        let folder = try Folder()
        let selected = try Command(
            "/usr/bin/tcpdump", ["-r", path, "-w", folder.path("in.pcap"), "\(Self.comparable) and (\(filter))"])
        try #require(selected.status == 0, "\(selected.errors)")
        let ours = records(try weir(folder.path("in.pcap"), parameters))
        let arguments = options.map { "--\($0.key)=\($0.value.text(separator: ":"))" }
        #expect(ours == records(try tcprewrite(arguments, input: folder.path("in.pcap"))), hint)
        return ours.count
    }

    /// Compares every mode over a capture, and says how many frames had another mode's destination.
    private func compareAllModes(_ path: String, _ hint: Comment? = nil) throws -> Int {
        let real = MACAddress(2, 0, 0, 0, 0, 0x77)
        return try ClusterMode.allCases.reduce(0) { sum, mode in
            let word = mode == .igmpMulticast ? "igmp-multicast" : mode.rawValue
            let parameters = "mode: \(word), real-mac: \(real)"
            let source = mode == .unicast ? Self.addresses.maskedMAC(hostID: 1) : real
            let others = ClusterMode.allCases.filter { $0 != mode }.map { Self.addresses.mac(in: $0) }
            let toOthers = others.map { "ether dst \($0.text(separator: ":"))" }.joined(separator: " or ")
            try compare(path, "not (\(toOthers))", parameters, ["enet-smac": source], hint)
            let both = ["enet-dmac": Self.addresses.mac(in: mode), "enet-smac": source]
            return sum + (try compare(path, toOthers, parameters, both, hint))
        }
    }

    @Test func overEveryShippedCapture() throws {
        let captures = try Self.shippedCaptures()
        #expect(captures.contains(clusterCapture))
        for path in captures { #expect(try compareAllModes(path) > 0, "\(path)") }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func overFramesOfEveryKind(number: UInt64) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let folder = try Folder()
        var capture = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1].flatMap(littleEndian)
        for index in 0..<600 {
            let frame = randomFrame(using: &random)
            capture += [UInt32(index), UInt32(number), UInt32(frame.count), UInt32(frame.count)].flatMap(littleEndian)
            capture += frame
        }
        try Data(capture).write(to: URL(fileURLWithPath: folder.path("in.pcap")))
        #expect(try compareAllModes(folder.path("in.pcap"), "seed \(seed)") > 100, "seed \(seed)")
    }

    private func littleEndian(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(word >> (8 * $0) & 0xff) } }

    /// A frame with one of the cluster's addresses or another, up to two tags, and UDP, ARP or anything behind them.
    private func randomFrame(using random: inout SeededRandom) -> [UInt8] {
        let virtuals = ClusterMode.allCases.map { Self.addresses.mac(in: $0) }
        let others = [MACAddress(2, 0, 0, 0, 0, 9), .broadcast, MACAddress(rawValue: random.next())]
        var ethernet = EthernetHeader(
            destination: (virtuals + others).randomElement(using: &random) ?? .broadcast,
            source: ([virtuals[0]] + others).randomElement(using: &random) ?? .broadcast,
            etherType: [.ipv4, .arp, EtherType(rawValue: 0x88b5)].randomElement(using: &random) ?? .ipv4)
        if Bool.random(using: &random) { ethernet.outerTag = VLANTag(identifier: UInt16(random.next() & 0xfff)) }
        if Bool.random(using: &random) { ethernet.innerTag = VLANTag(identifier: UInt16(random.next() & 0xfff)) }
        let payload = (0..<Int.random(in: 46...400, using: &random)).map { _ in UInt8(truncatingIfNeeded: random.next())
        }
        var octets = [UInt8](repeating: 0, count: ethernet.encodedLength) + payload
        var elements = octets.mutableSpan
        // Octets have no padding, and any value is one.
        var span = unsafe elements.mutableBytes
        let offset = ethernet.encodedLength
        switch ethernet.etherType {
        case .ipv4:
            let ip = IPv4Header(
                source: IPv4Address(rawValue: 0x0a00_0000 | UInt32(truncatingIfNeeded: random.next() & 0xff_ffff)),
                destination: Self.addresses.cluster, protocolNumber: .udp, payloadLength: payload.count - 20)
            let udp = UDPHeader(
                sourcePort: UInt16(truncatingIfNeeded: random.next()), destinationPort: 80,
                payloadLength: payload.count - 28, pseudoHeader: ip.pseudoHeader)
            udp.encode(into: &span, at: offset + 20)
            ip.encode(into: &span, at: offset)
        case .arp:
            let arp = ARPHeader(
                operation: .request, senderHardwareAddress: ethernet.source, senderProtocolAddress: .unspecified,
                targetProtocolAddress: Self.addresses.cluster)
            arp.encode(into: &span, at: offset)
        default: break
        }
        ethernet.encode(into: &span, at: 0)
        return octets
    }
}
