import Foundation
import IGMPResponder
import MLDResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// Every kind of frame that the responders send, as tshark reads it.
@Suite struct ResponderFramesTests {
    /// What tshark must print of the frames of a run: a line for each.
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        let version: Int
        /// What the host wants first, and from 20 s on; a query comes at 50 s.
        let wishes: [Wish]
        let lines: [String]
        var vlan: Int?

        var testDescription: String { name }
    }

    enum Wish: Sendable { case nothing, everything, include([Int]), exclude([Int]) }

    private static let igmp: [Kind] = [
        Kind(
            name: "version 1 report", version: 1, wishes: [.everything, .everything],
            lines: Array(repeating: "0x12\t01:00:5e:7f:00:64\t239.255.0.100\t1\t0xc0\t0\t239.255.0.100\t\t", count: 3)),
        Kind(
            name: "version 2 report", version: 2, wishes: [.everything, .everything],
            lines: Array(repeating: "0x16\t01:00:5e:7f:00:64\t239.255.0.100\t1\t0xc0\t0\t239.255.0.100\t\t", count: 3)),
        Kind(
            name: "leave", version: 2, wishes: [.everything, .nothing],
            lines: Array(repeating: "0x16\t01:00:5e:7f:00:64\t239.255.0.100\t1\t0xc0\t0\t239.255.0.100\t\t", count: 2)
                + ["0x17\t01:00:5e:00:00:02\t224.0.0.2\t1\t0xc0\t0\t239.255.0.100\t\t"]),
        Kind(
            name: "join, leave of version 3", version: 3, wishes: [.everything, .nothing],
            lines: [4, 4, 3, 3].map { version3Line("\($0)", "") }),
        Kind(
            name: "allow, then block", version: 3, wishes: [.include([1, 2]), .include([2])],
            lines: [version3Line("5", "192.0.2.1,192.0.2.2"), version3Line("5", "192.0.2.1,192.0.2.2")]
                + [version3Line("6", "192.0.2.1"), version3Line("6", "192.0.2.1"), version3Line("1", "192.0.2.2")]),
        Kind(
            name: "allow and block together, an answer that excludes", version: 3,
            wishes: [.exclude([1]), .exclude([2])],
            lines: [version3Line("4", "192.0.2.1"), version3Line("4", "192.0.2.1")]
                + Array(repeating: version3Line("5,6", "192.0.2.1,192.0.2.2"), count: 2) + [
                    version3Line("2", "192.0.2.2")
                ]),
        Kind(
            name: "tagged", version: 2, wishes: [.everything, .everything],
            lines: Array(repeating: "0x16\t01:00:5e:7f:00:64\t239.255.0.100\t1\t0xc0\t0\t239.255.0.100\t\t", count: 3),
            vlan: 10),
    ]

    private static func version3Line(_ types: String, _ sources: String) -> String {
        let groups = types.split(separator: ",").map { _ in "239.255.0.100" }.joined(separator: ",")
        return "0x22\t01:00:5e:00:00:16\t224.0.0.22\t1\t0xc0\t0\t\(groups)\t\(types)\t\(sources)"
    }

    private static let mld: [Kind] = [
        Kind(
            name: "version 1 report and done", version: 1, wishes: [.everything, .nothing],
            lines: Array(repeating: "131\t33:33:00:00:01:00\tff15::100\t1\t0\tff15::100\t\t", count: 2)
                + ["132\t33:33:00:00:00:02\tff02::2\t1\t0\tff15::100\t\t"]),
        Kind(
            name: "join and leave", version: 2, wishes: [.everything, .nothing],
            lines: [4, 4, 3, 3].map { version2Line("\($0)", "") }),
        Kind(
            name: "allow, then block", version: 2, wishes: [.include([1, 2]), .include([2])],
            lines: [version2Line("5", "2001:db8::1,2001:db8::2"), version2Line("5", "2001:db8::1,2001:db8::2")]
                + [
                    version2Line("6", "2001:db8::1"), version2Line("6", "2001:db8::1"),
                    version2Line("1", "2001:db8::2"),
                ]),
        Kind(
            name: "allow and block together, an answer that excludes", version: 2,
            wishes: [.exclude([1]), .exclude([2])],
            lines: [version2Line("4", "2001:db8::1"), version2Line("4", "2001:db8::1")]
                + Array(repeating: version2Line("5,6", "2001:db8::1,2001:db8::2"), count: 2)
                + [version2Line("2", "2001:db8::2")]),
        Kind(
            name: "tagged", version: 2, wishes: [.everything, .everything],
            lines: [4, 4, 2].map { version2Line("\($0)", "") },
            vlan: 10),
    ]

    private static func version2Line(_ types: String, _ sources: String) -> String {
        let groups = types.split(separator: ",").map { _ in "ff15::100" }.joined(separator: ",")
        return "143\t33:33:00:00:00:16\tff02::16\t1\t0\t\(groups)\t\(types)\t\(sources)"
    }

    @Test(arguments: igmp) func tsharkReadsIGMP(_ kind: Kind) throws {
        var asked = IGMPQuery(version: .version3)
        asked.maxResponseTime = 10
        let query = IGMPFrame(
            sourceHardwareAddress: MACAddress(2, 0, 0, 0, 0, 9), source: IPv4Address(10, 0, 0, 9),
            contents: .query(asked))
        var run = StageRun()
        try run.add(IGMPResponder.self) {
            $0.groups = kind.wishes.enumerated().map { number, wish in
                let group = IPv4Address(239, 255, 0, 100)
                return GroupSetting(
                    group, filter(wish) { IPv4Address(192, 0, 2, UInt8($0)) }, at: .seconds(20 * number))
            }
            $0.version = kind.version
            $0.vlan = kind.vlan
            $0.source = IPv4Address(10, 0, 0, 1)
        }
        let frames = [TestFrame([0]), encoded(query, length: query.encodedLength, at: .seconds(50))]
        let sent = run.run(frames).frames("igmp-responder.reports")
        let fields = [
            "igmp.type", "eth.dst", "ip.dst", "ip.ttl", "ip.dsfield", "ip.opt.ra", "igmp.maddr", "igmp.record_type",
            "igmp.saddr",
        ]
        try expect(sent, "igmp.checksum.status == 1 && ip.checksum.status == 1", fields, kind)
    }

    @Test(arguments: mld) func tsharkReadsMLD(_ kind: Kind) throws {
        var asked = MLDQuery(version: .version2)
        asked.maxResponseDelay = 1000
        let query = MLDFrame(
            sourceHardwareAddress: MACAddress(2, 0, 0, 0, 0, 9), source: IPv6Address(high: 0xfe80 << 48, low: 9),
            contents: .query(asked))
        var run = StageRun()
        try run.add(MLDResponder.self) {
            $0.groups = kind.wishes.enumerated().map { number, wish in
                let group = IPv6Address(high: 0xff15 << 48, low: 0x100)
                let filter = filter(wish) { IPv6Address(high: 0x2001_0db8 << 32, low: UInt64($0)) }
                return GroupSetting(group, filter, at: .seconds(20 * number))
            }
            $0.version = kind.version
            $0.vlan = kind.vlan
            $0.source = IPv6Address(high: 0xfe80 << 48, low: 1)
        }
        let frames = [TestFrame([0]), encoded(query, length: query.encodedLength, at: .seconds(50))]
        let sent = run.run(frames).frames("mld-responder.reports")
        let fields = ["icmpv6.type", "eth.dst", "ipv6.dst", "ipv6.hlim", "ipv6.opt.router_alert"]
        let version1 = fields + ["icmpv6.mld.multicast_address"]
        let version2 =
            fields + [
                "icmpv6.mldr.mar.multicast_address", "icmpv6.mldr.mar.record_type", "icmpv6.mldr.mar.source_address",
            ]
        try expect(sent, "icmpv6.checksum.status == 1", kind.version == 1 ? version1 : version2, kind)
    }

    private func filter<Address>(_ wish: Wish, _ source: (Int) -> Address) -> SourceFilter<Address> {
        switch wish {
        case .nothing: .nothing
        case .everything: .everything
        case .include(let numbers): SourceFilter(.include, numbers.map(source))
        case .exclude(let numbers): SourceFilter(.exclude, numbers.map(source))
        }
    }

    private func encoded(_ frame: some WireEncodable, length: Int, at time: Duration) -> TestFrame {
        var octets = [UInt8](repeating: 0, count: length)
        var elements = octets.mutableSpan
        // Octets have no padding, and any value is one.
        var span = unsafe elements.mutableBytes
        #expect(frame.encode(into: &span, at: 0) == length)
        return TestFrame(at: time, octets)
    }

    /// Checks what tshark says of frames: nothing to complain of, and these lines.
    private func expect(_ frames: [TestFrame], _ filter: String, _ fields: [String], _ kind: Kind) throws {
        func littleEndian(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(word >> (8 * $0) & 0xff) } }
        let header = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1].flatMap(littleEndian)
        let folder = try Folder()
        try frames.reduce(into: Data(header)) { data, frame in
            let count = UInt32(frame.octets.count)
            data += [UInt32(frame.time.inSeconds), 0, count, count].flatMap(littleEndian) + frame.octets
        }.write(to: URL(fileURLWithPath: folder.path("reports.pcap")))

        func tshark(_ filter: String, _ fields: [String]) throws -> [String] {
            let checked = ["-o", "ip.check_checksum:TRUE"]
            let arguments = ["-r", folder.path("reports.pcap"), "-Y", filter, "-T", "fields"] + checked
            let command = try Command("/usr/bin/tshark", arguments + fields.flatMap { ["-e", $0] })
            #expect(command.status == 0, "\(command.errors)")
            return command.output.split(separator: "\n").map(String.init)
        }
        #expect(try tshark("_ws.expert || _ws.malformed", ["frame.number", "_ws.expert.message"]) == [])
        let found = try tshark(filter, fields)
        // A line may end in fields that the version doesn't have.
        let padded = found.map { $0 + String(repeating: "\t", count: max(0, tabs(kind.lines[0]) - tabs($0))) }
        #expect(padded == kind.lines)
        let tags = try tshark("frame", ["vlan.id"]).filter { !$0.isEmpty }
        #expect(tags == (kind.vlan.map { vlan in frames.map { _ in "\(vlan)" } } ?? []))
    }

    private func tabs(_ line: String) -> Int { line.filter { $0 == "\t" }.count }
}
