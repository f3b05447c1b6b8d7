import Foundation
import Testing
import WeirWire

/// Frames of MLD that WeirWire makes, as tshark reads them.
@Suite struct MLDTests {
    private static let router = IPv6Address(high: 0xfe80_0000_0000_0000, low: 0xa)
    private static let group = IPv6Address(high: 0xff15_0000_0000_0000, low: 0x1_0002)
    private static let source = IPv6Address(high: 0x2001_0db8_0000_0000, low: 7)

    /// The frame as a record of a capture.
    private func record(_ contents: MLDContents) -> Data {
        let frame = MLDFrame(
            sourceHardwareAddress: MACAddress(2, 0, 0, 0, 0, 9), source: Self.router, contents: contents)
        var octets = [UInt8](repeating: 0xa5, count: frame.encodedLength)
        var elements = octets.mutableSpan
        // Octets have no padding, and any value is one.
        var span = unsafe elements.mutableBytes
        #expect(frame.encode(into: &span, at: 0) == frame.encodedLength)
        return [0, 0, UInt32(octets.count), UInt32(octets.count)].reduce(into: Data()) { $0 += littleEndian($1) }
            + octets
    }

    private func littleEndian(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(word >> (8 * $0) & 0xff) } }

    @Test func tsharkFindsNothingWrongWithMessagesOfMLD() throws {
        var query = MLDQuery(version: .version2, multicastAddress: Self.group, maxResponseDelay: 65_536)
        query.querierRobustnessVariable = 2
        query.querierQueryInterval = 256
        query.sources = [Self.source]
        let block = MLDAddressRecord(type: .blockOldSources, multicastAddress: Self.group, sources: [Self.source])
        let contents: [MLDContents] = [
            .query(MLDQuery(version: .version1)), .query(MLDQuery(version: .version2)), .query(query),
            .version1Report(Self.group), .done(Self.group),
            .version2Report([MLDAddressRecord(type: .changeToExcludeMode, multicastAddress: Self.group), block]),
        ]
        let header = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1].flatMap(littleEndian)
        let folder = try Folder()
        try contents.reduce(into: Data(header)) { $0 += record($1) }
            .write(to: URL(fileURLWithPath: folder.path("mld.pcap")))

        func tshark(_ filter: String, _ fields: [String]) throws -> [String] {
            let arguments = ["-r", folder.path("mld.pcap"), "-Y", filter, "-T", "fields"]
            let command = try Command("/usr/bin/tshark", arguments + fields.flatMap { ["-e", $0] })
            #expect(command.status == 0, "\(command.errors)")
            return command.output.split(separator: "\n").map(String.init)
        }
        #expect(try tshark("_ws.expert", ["frame.number", "_ws.expert.message"]) == [])
        let fields = ["icmpv6.type", "eth.dst", "ipv6.dst", "ipv6.hlim", "ipv6.opt.router_alert"]
        #expect(
            try tshark("icmpv6.checksum.status == 1", fields) == [
                "130\t33:33:00:00:00:01\tff02::1\t1\t0",
                "130\t33:33:00:00:00:01\tff02::1\t1\t0",
                "130\t33:33:00:01:00:02\tff15::1:2\t1\t0",
                "131\t33:33:00:01:00:02\tff15::1:2\t1\t0",
                "132\t33:33:00:00:00:02\tff02::2\t1\t0",
                "143\t33:33:00:00:00:16\tff02::16\t1\t0",
            ])
        #expect(
            try tshark(
                "icmpv6.mld.nb_sources == 1",
                ["icmpv6.mld.maximum_response_code", "icmpv6.mld.qqi", "icmpv6.mld.source_address"]
            ) == ["65536\t256\t2001:db8::7"])
        #expect(
            try tshark(
                "icmpv6.mldr.nb_mcast_records == 2",
                ["icmpv6.mldr.mar.record_type", "icmpv6.mldr.mar.multicast_address", "icmpv6.mldr.mar.source_address"]
            ) == ["4,6\tff15::1:2,ff15::1:2\t2001:db8::7"])
    }
}
