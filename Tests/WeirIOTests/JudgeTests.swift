import Testing
import Weir

/// What weir wrote, as read by programs that share no code with it.
@Suite struct JudgeTests {
    /// Real frames: an ICMP echo request and a UDP datagram, with payloads of their own.
    private static let records = (0..<40).map { index in
        let header: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
        let ip: [UInt8] = [0x45, 0, 0, 32, 0, UInt8(index), 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        let udp: [UInt8] = [0x30, 0x39, 0, 9, 0, 12, 0, 0, 1, 2, 3, UInt8(index)]
        return Record(at: 1_767_225_600_123_456_789 + UInt64(index) * 1_000_001, header + ip + udp)
    }

    @Test func tcpdumpReadsWhatWasWritten() throws {
        let folder = try Folder()
        let input = try folder.write(classic(Self.records, littleEndian: false, nanoseconds: true), to: "in")
        let output = folder.path + "/out"
        try run(capture(input), transmit(output))
        let arguments = ["-n", "-tt", "-e", "-xx", "--time-stamp-precision=nano", "-r"]
        func text(_ file: String) throws -> String {
            try tool(
                "tcpdump", arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], file)
        }
        let found = try text(output)
        #expect(found == (try text(input)))
        #expect(found.split(separator: "\n").filter { $0.contains("10.0.0.1.12345 > 10.0.0.2.9") }.count == 40)
        #expect(found.contains("1767225600.123456789"))
    }

    @Test func tsharkReadsWhatWasWritten() throws {
        let folder = try Folder()
        let input = try folder.write(classic(Self.records), to: "in")
        try run(capture(input), transmit(folder.path + "/out"))
        let text = try tool("tshark", "-r", folder.path + "/out", "-T", "fields", "-e", "ip.id", "-e", "udp.length")
        #expect(text.split(separator: "\n").count == 40)
        #expect(text.hasSuffix("12\n"))
    }

    @Test(arguments: [false, true])
    func editcapsPcapngHoldsTheSamePackets(nanoseconds: Bool) throws {
        let folder = try Folder()
        let file = classic(Self.records, nanoseconds: nanoseconds)
        let input = try folder.write(file, to: "in.pcap")
        _ = try tool("editcap", "-F", "pcapng", input, folder.path + "/in.pcapng")
        let summary = try run(capture(folder.path + "/in.pcapng"), transmit(folder.path + "/out"))
        #expect(summary.written == 40)
        #expect(parseClassic(folder.read("out")) == parseClassic(file))
    }
}
