import Foundation
import Testing
import Weir

@Suite struct DamageTests {
    /// Runs `file` into a discard and checks what was processed and how the run ended.
    private func expect(
        _ file: [UInt8], packets: Int, status: Weir.ExitStatus, says words: String..., note: String = "",
        at location: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let folder = try Folder()
        let input = try folder.write(file, to: "in.pcap")
        let summary = try run(capture(input), discard, note: note, at: location)
        #expect(summary.dropped == UInt64(packets), "\(note)", sourceLocation: location)
        #expect(summary.status == status, "\(note) \(summary.failures)", sourceLocation: location)
        #expect(summary.failures.count == (status == .success ? 0 : 1), "\(note)", sourceLocation: location)
        let text = summary.failure?.message ?? ""
        for word in words + (status == .success ? [] : [input]) where !word.isEmpty {
            #expect(text.contains(word), "\(note) \(text)", sourceLocation: location)
        }
    }

    @Test(arguments: [true, false])
    func aClassicCaptureMayEndAnywhere(littleEndian: Bool) throws {
        let records = someRecords(6)
        let file = classic(records, littleEndian: littleEndian)
        let ends = records.indices.map { 24 + records[...$0].reduce(0) { $0 + 16 + $1.octets.count } }
        for length in file.indices {
            let whole = ends.count { $0 <= length }
            let isAtBoundary = length == 24 || ends.contains(length)
            try expect(
                Array(file[..<length]), packets: whole, status: isAtBoundary ? .success : .badData,
                says: isAtBoundary || length == 0 ? "" : length < 4 ? "starts with" : "offset", note: "cut at \(length)"
            )
        }
    }

    @Test func aPcapngCaptureMayEndAnywhere() throws {
        var capture = PcapngBytes()
        capture.section()
        capture.interface(resolution: 9)
        capture.packet([1, 2, 3], ticks: 7)
        capture.block(5) { $0.bytes = Array(repeating: 1, count: 40) }
        capture.packet(Array(repeating: 4, count: 60), ticks: 8)
        capture.simplePacket([5, 6, 7, 8, 9])
        for length in capture.bytes.indices.dropFirst(4) {
            let isAtBoundary = capture.blockEnds.contains(length)
            try expect(
                Array(capture.bytes[..<length]), packets: capture.packetEnds.count { $0 <= length },
                status: isAtBoundary ? .success : .badData, says: isAtBoundary ? "" : "offset", note: "cut at \(length)"
            )
        }
    }

    @Test func aRecordLongerThanTheSnapLengthIsDamage() throws {
        let file = classic([Record(at: 0, [1]), Record(at: 0, Array(repeating: 2, count: 97))], snapLength: 96)
        try expect(
            file, packets: 1, status: .badData, says: "a record of 97 octets, though the file's snap length is 96",
            "at offset 41")
    }

    @Test func aRecordLongerThanAnyFormatAllowsIsDamage() throws {
        var file = classic([Record(at: 0, [1])], snapLength: 0)
        file += [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 4, 0, 1, 0, 4, 0] + Array(repeating: 0, count: 262_145)
        try expect(
            file, packets: 1, status: .badData, says: "a record of 262145 octets; the longest allowed is 262144",
            "at offset 41")
    }

    @Test func aRecordOfNothingIsDamage() throws {
        try expect(
            classic([Record(at: 0, [1]), Record(at: 0, [])]), packets: 1, status: .badData,
            says: "a record of zero octets", "at offset 41")
    }

    @Test(arguments: [(0, "BSD loopback"), (101, "raw IP"), (113, "Linux cooked v1"), (276, "Linux cooked v2")])
    func otherLinkTypesAreNamed(number: Int, name: String) throws {
        try expect(
            classic([Record(at: 0, [1])], linkType: number), packets: 0, status: .badData,
            says: "link type \(number) (\(name)) instead of Ethernet (1)")
    }

    @Test func whatIsNoCaptureIsDescribed() throws {
        try expect([], packets: 0, status: .badData, says: "not a capture file: it is empty")
        try expect(Array("weir: 1\n".utf8), packets: 0, status: .badData, says: "starts with the octets 77 65 69 72")
        try expect([0x1f, 0x8b, 8, 0], packets: 0, status: .badData, says: "compressed with gzip")
        try expect(
            Array(classic([])[..<10]), packets: 0, status: .badData, says: "inside the file header, at offset 10")
    }

    @Test func garbageBehindAGoodRecordIsDamage() throws {
        let file = classic(someRecords(3)) + Array(repeating: 0xff, count: 5000)
        try expect(file, packets: 3, status: .badData, says: "offset")
    }

    @Test func aFileThatIsNotThere() throws {
        let summary = try run(capture("/nonexistent/in.pcap"), discard)
        #expect(summary.status == .noInput)
        #expect(summary.failure?.message == "cannot open /nonexistent/in.pcap: No such file or directory")
    }

    @Test func aDirectory() throws {
        let folder = try Folder()
        let summary = try run(capture(folder.path), discard)
        #expect(summary.status == .noInput)
        #expect(summary.failure?.message == "\(folder.path) is a directory")
    }

    @Test func aPipeThatGivesOneOctetAtATime() throws {
        let folder = try Folder()
        let pipe = try folder.makePipe()
        let file = classic(someRecords(40, step: 5))
        Thread.detachNewThread {
            guard let handle = FileHandle(forWritingAtPath: pipe) else { return }
            for octet in file { handle.write(Data([octet])) }
            try? handle.close()
        }
        try run(capture(pipe), transmit(folder.path + "/out"))
        #expect(folder.read("out") == file)
    }
}
