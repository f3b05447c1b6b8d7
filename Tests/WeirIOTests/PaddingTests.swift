import Testing
import VLANIsolation
import Weir
import WeirIO

/// `transmit: { pad: true }`: Ethernet's shortest frame, 60 octets and the frame check sequence.
@Suite struct PaddingTests {
    /// Octets that are never zero, so that padding stands out; those of neighbours differ.
    private func octets(_ count: Int, _ mark: Int = 0) -> [UInt8] {
        (0..<count).map { UInt8(1 + ($0 + 16 * mark) % 255) }
    }

    private func padding(_ path: String) -> Step {
        step(StageDescriptor(Transmit.self), Transmit.Configuration()) {
            $0.file = FileLocation(path)
            $0.pad = true
        }
    }

    private func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

    private func counter(_ name: String, _ summary: RunSummary) -> UInt64? {
        summary.stages.first { $0.id == "transmit" }?.counters.first { $0.name == name }?.count
    }

    /// Runs a capture of these records through `steps` and into a transmit that pads.
    private func padded(
        _ records: [Record], snapLength: Int = 262_144, through steps: [Step] = [],
        at location: Testing.SourceLocation = #_sourceLocation
    ) throws -> (records: [Record]?, summary: RunSummary) {
        let folder = try Folder()
        let input = try folder.write(classic(records, snapLength: snapLength), to: "in")
        let output = padding(folder.path + "/out")
        let summary =
            try steps.first.map { try run(capture(input), $0, output, at: location) }
            ?? run(capture(input), output, at: location)
        return (parseClassic(folder.read("out")), summary)
    }

    /// The records lie next to each other in one block, so there is no room behind any of them.
    @Test func shortFramesGetZerosAndTheirNeighboursStay() throws {
        let records = (1...64).map { Record(at: UInt64($0) * 1000, octets($0, $0)) }
        let (found, summary) = try padded(records)
        let expected = records.map { Record(at: $0.nanoseconds, $0.octets + zeros(max(0, 60 - $0.octets.count))) }
        #expect(found == expected)
        #expect(counter("padded", summary) == 59)
        #expect(summary.written == 64)
    }

    @Test func withoutItACopyIsACopy() throws {
        let records = (1...64).map { Record(at: UInt64($0) * 1000, octets($0)) }
        let (summary, output) = try copy(classic(records))
        #expect(parseClassic(output) == records)
        #expect(counter("padded", summary) == 0)
    }

    /// 64 octets with the frame check sequence, which the capture leaves out, are 60; without the tag 56 are left.
    @Test(arguments: [(60, 56), (64, 60), (63, 59), (18, 14), (65, 61)])
    func aFrameThatLostItsTagIsPadded(length: Int, left: Int) throws {
        let tagged = octets(12) + [0x81, 0, 0, 10] + octets(length - 16)
        let strip = step(StageDescriptor(VLANIsolation.self), VLANIsolation.Configuration()) { $0.allow = [10] }
        let (found, summary) = try padded([Record(at: 0, tagged), Record(at: 1000, tagged)], through: [strip])
        let octets = octets(12) + self.octets(length - 16) + zeros(max(0, 60 - left))
        #expect(found == [Record(at: 0, octets), Record(at: 1000, octets)])
        #expect(counter("padded", summary) == (left < 60 ? 2 : 0))
    }

    /// Where a capture has cut a frame, octets are missing in front of the padding: they aren't made up.
    @Test func ofAFrameThatWasCutOnlyTheLengthOnTheWireGrows() throws {
        let (found, summary) = try padded([
            Record(at: 0, octets(20), wireLength: 59), Record(at: 1000, octets(20), wireLength: 60),
            Record(at: 2000, octets(20), wireLength: 1500),
        ])
        #expect(
            found == [
                Record(at: 0, octets(20), wireLength: 60), Record(at: 1000, octets(20), wireLength: 60),
                Record(at: 2000, octets(20), wireLength: 1500),
            ])
        #expect(counter("padded", summary) == 1)
    }

    @Test func theSnapLengthCutsPaddingToo() throws {
        let (found, summary) = try padded([Record(at: 0, octets(30)), Record(at: 1000, octets(40))], snapLength: 40)
        #expect(
            found == [
                Record(at: 0, octets(30) + zeros(10), wireLength: 60), Record(at: 1000, octets(40), wireLength: 60),
            ])
        #expect(counter("padded", summary) == 2)
        #expect(counter("cut", summary) == 1)
    }

    /// More records than the writer's buffer holds, each of which grows behind the check for room.
    @Test func theBufferMayEndAnywhere() throws {
        let records = (0..<20_000).map { Record(at: UInt64($0) * 1000, octets(1 + $0 * 7 % 59, $0)) }
        let (found, summary) = try padded(records)
        #expect(found == records.map { Record(at: $0.nanoseconds, $0.octets + zeros(60 - $0.octets.count)) })
        #expect(counter("padded", summary) == 20_000)
    }
}
