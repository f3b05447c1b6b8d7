import ARPResponder
import Foundation
import Testing
import UnicastRewrite
import Weir
import WeirTesting
import WeirWire

/// What `arp-responder` sends and `unicast-rewrite` changes, as tshark reads it.
@Suite struct ClusterAnswersTests {
    private static let cluster = IPv4Address(10, 0, 0, 100)
    private static let clusterIPv6 = IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x64)
    private static let client = IPv4Address(10, 0, 0, 9)
    private static let clientIPv6 = IPv6Address(high: 0xfe80_0000_0000_0000, low: 9)
    private static let clientMAC = MACAddress(2, 0, 0, 0, 0, 9)
    private static let group = MACAddress(multicastGroup: clusterIPv6.solicitedNodeGroup)

    private func octets(_ count: Int, _ fill: (inout MutableRawSpan) -> Void) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: count)
        var elements = octets.mutableSpan
        // Octets have no padding, and any value is one.
        var span = unsafe elements.mutableBytes
        fill(&span)
        return octets
    }

    /// An ARP request, a solicitation and a probe for duplicates, in the VLAN 10.
    private var questions: [TestFrame] {
        func header(to destination: MACAddress, _ type: EtherType) -> EthernetHeader {
            EthernetHeader(
                destination: destination, source: Self.clientMAC, outerTag: VLANTag(identifier: 10), etherType: type)
        }
        let arp = ARPHeader(
            operation: .request, senderHardwareAddress: Self.clientMAC, senderProtocolAddress: Self.client,
            targetProtocolAddress: Self.cluster)
        let asked = [(Self.clientIPv6, Self.clientMAC as MACAddress?), (.unspecified, nil)].map { source, mac in
            NeighborFrame(
                ethernetHeader: header(to: Self.group, .ipv6), source: source,
                destination: Self.clusterIPv6.solicitedNodeGroup,
                contents: .solicitation(target: Self.clusterIPv6, source: mac))
        }
        let request = octets(60) {
            arp.encode(into: &$0, at: 18)
            header(to: .broadcast, .arp).encode(into: &$0, at: 0)
        }
        return ([request] + asked.map { frame in octets(frame.encodedLength) { frame.encode(into: &$0, at: 0) } })
            .enumerated().map { TestFrame(at: .seconds($0.offset), $0.element) }
    }

    private func answers(_ configure: (inout ARPResponder.Configuration) -> Void) throws -> [TestFrame] {
        var run = StageRun()
        try run.add(ARPResponder.self) {
            ($0.cluster, $0.addresses, $0.vlan) = (Self.cluster, [.ipv6(Self.clusterIPv6)], 10)
            configure(&$0)
        }
        return run.run(questions).frames("arp-responder.answers")
    }

    /// Checks that tshark has nothing to complain of, and returns the fields of what a filter matches.
    private func tshark(_ frames: [TestFrame], _ filter: String, _ fields: [String]) throws -> [String] {
        func littleEndian(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(word >> (8 * $0) & 0xff) } }
        let folder = try Folder()
        let header = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1].flatMap(littleEndian)
        try frames.reduce(into: Data(header)) { data, frame in
            let count = UInt32(frame.octets.count)
            data += [UInt32(frame.time / .seconds(1)), 0, count, count].flatMap(littleEndian) + frame.octets
        }.write(to: URL(fileURLWithPath: folder.path("answers.pcap")))
        func run(_ filter: String, _ fields: [String]) throws -> [String] {
            let arguments = ["-r", folder.path("answers.pcap"), "-Y", filter, "-T", "fields"]
            let command = try Command("/usr/bin/tshark", arguments + fields.flatMap { ["-e", $0] })
            #expect(command.status == 0, "\(command.errors)")
            return command.output.split(separator: "\n").map(String.init)
        }
        #expect(try run("_ws.expert", ["frame.number", "_ws.expert.message"]) == [])
        #expect(try run("vlan.id != 10 || !vlan", ["frame.number"]) == [])
        return try run(filter, fields)
    }

    private static let arp = [
        "eth.dst", "eth.src", "arp.opcode", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.hw_mac",
        "arp.dst.proto_ipv4",
    ]
    private static let advertisement = [
        "eth.dst", "eth.src", "ipv6.src", "ipv6.dst", "ipv6.hlim", "icmpv6.nd.na.target_address",
        "icmpv6.nd.na.flag.s", "icmpv6.nd.na.flag.o", "icmpv6.opt.linkaddr",
    ]

    @Test(arguments: ClusterMode.allCases) func tsharkFindsNothingWrongWithAnswers(mode: ClusterMode) throws {
        let frames = try answers {
            ($0.mode, $0.announcements, $0.hostID) = (mode, 0, 1)
            if mode != .unicast { $0.mac = MACAddress(0x52, 0x54, 0, 0, 0, 1) }
        }
        let told = NLBAddresses(cluster: Self.cluster).mac(in: mode).text(separator: ":")
        let source = mode == .unicast ? "02:01:0a:00:00:64" : "52:54:00:00:00:01"
        #expect(
            try tshark(frames, "arp", Self.arp) == [
                "02:00:00:00:00:09\t\(source)\t2\t\(told)\t10.0.0.100\t02:00:00:00:00:09\t10.0.0.9"
            ])
        #expect(
            try tshark(frames, "icmpv6.type == 136 && icmpv6.checksum.status == 1", Self.advertisement) == [
                "02:00:00:00:00:09\t\(source)\t2001:db8::64\tfe80::9\t255\t2001:db8::64\t1\t1\t\(told)",
                "33:33:00:00:00:01\t\(source)\t2001:db8::64\tff02::1\t255\t2001:db8::64\t0\t1\t\(told)",
            ])
    }

    /// In an announcement sender and target are the same; tshark calls it gratuitous.
    @Test func tsharkReadsAnnouncements() throws {
        let frames = try answers { ($0.hostID, $0.announcements, $0.answer) = (1, 2, .never) }
        #expect(frames.count == 4)
        let arp =
            "ff:ff:ff:ff:ff:ff\t02:01:0a:00:00:64\t1\t02:bf:0a:00:00:64\t10.0.0.100\t00:00:00:00:00:00\t10.0.0.100"
        #expect(try tshark(frames, "arp.isgratuitous == 1 && arp.isannouncement == 1", Self.arp) == [arp, arp])
        #expect(try tshark(frames, "icmpv6.type == 136 && icmpv6.checksum.status == 1", ["frame.number"]).count == 2)
    }

    /// Turned to another mode, answers still have right checksums and tell that mode's address.
    @Test func tsharkFindsNothingWrongWithWhatIsRewritten() throws {
        let frames = try answers { ($0.hostID, $0.announcements) = (1, 0) }
        var run = StageRun()
        try run.add(UnicastRewrite.self) {
            ($0.cluster, $0.hostID, $0.mode) = (Self.cluster, 1, .multicast)
            ($0.addresses, $0.realMAC) = ([.ipv6(Self.clusterIPv6)], MACAddress(0x52, 0x54, 0, 0, 0, 1))
        }
        let changed = run.run(frames).frames()
        let filter = "eth.src == 52:54:00:00:00:01 && (icmpv6.checksum.status == 1 || arp)"
        #expect(
            try tshark(changed, filter, ["arp.src.hw_mac", "icmpv6.opt.linkaddr"]) == [
                "03:bf:0a:00:00:64\t", "\t03:bf:0a:00:00:64", "\t03:bf:0a:00:00:64",
            ])
    }
}
