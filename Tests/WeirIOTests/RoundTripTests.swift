import Testing
import Weir

@Suite struct RoundTripTests {
    @Test(arguments: [false, true])
    func aLittleEndianCaptureIsCopiedOctetByOctet(nanoseconds: Bool) throws {
        let records = someRecords(600, step: 3, precision: nanoseconds ? 1 : 1000)
        let file = classic(records, nanoseconds: nanoseconds)
        let (summary, output) = try copy(file)
        #expect(summary.status == .success)
        #expect(summary.written == 600)
        #expect(output == file)
    }

    @Test(arguments: [false, true])
    func aBigEndianCaptureBecomesLittleEndian(nanoseconds: Bool) throws {
        let records = someRecords(20, precision: nanoseconds ? 1 : 1000)
        let file = classic(records, littleEndian: false, nanoseconds: nanoseconds)
        #expect(try copy(file).output == classic(records, nanoseconds: nanoseconds))
    }

    @Test func theSnapLengthAndTheLengthOnTheWireAreKept() throws {
        let records = [Record(at: 1_000_000_000, Array(repeating: 7, count: 96), wireLength: 1514)]
        let file = classic(records, snapLength: 96)
        #expect(try copy(file).output == file)
    }

    @Test func aCaptureWithoutPacketsGivesOne() throws {
        let (summary, output) = try copy(classic([]))
        #expect(summary.status == .success)
        #expect(output == classic([]))
    }

    @Test func recordsOfEveryKindOfLengthCrossTheBlocksOfTheArena() throws {
        // 262,144 octets are the longest record; several of them do not fit into one block.
        let lengths = [262_144, 1, 262_144, 14, 60, 131_072, 131_072, 3, 262_143, 1514, 65_536, 200_000, 200_001]
        let records = lengths.enumerated().map { index, length in
            Record(at: UInt64(index) * 1000, (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) })
        }
        let file = classic(records)
        let (summary, output) = try copy(file)
        #expect(summary.written == UInt64(lengths.count))
        #expect(output == file)
    }

    @Test func timesBeyondTheFormatBecomeItsLastSecond() throws {
        var file = PcapngBytes()
        file.section()
        file.interface(resolution: 0)
        file.packet([1, 2, 3], ticks: 5_000_000_000)
        let output = try #require(parseClassic(try copy(file.bytes).output))
        #expect(output.map(\.nanoseconds) == [4_294_967_295_000_000_000])
    }

    @Test func anExistingFileIsReplaced() throws {
        let folder = try Folder()
        let file = classic(someRecords(3))
        let input = try folder.write(file, to: "in")
        let output = try folder.write(Array(repeating: 1, count: 10_000), to: "out")
        try run(capture(input), transmit(output))
        #expect(folder.read("out") == file)
    }
}
