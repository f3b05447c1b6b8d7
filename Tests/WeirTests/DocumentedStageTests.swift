import Foundation
import Testing
import Weir
import WeirTesting

// The stage of docs/stages.md, word for word between the two lines.
// begin
public struct ShortFilter: PacketStage {
    public static let kind = "short-filter"
    public static let summary = "Drops packets that are too short."
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - short-filter: { at-least: 60 }
          - discard
        """

    public struct Configuration: StageConfiguration {
        @Parameter("The shortest length that passes, in octets.", in: 0...65_536) public var atLeast: Int
        public init() {}
    }

    public enum Drop: String, StageWord { case tooShort = "the packet is shorter than allowed" }

    private let atLeast: Int

    public init(_ configuration: Configuration) { atLeast = configuration.atLeast }

    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        packet.length < atLeast ? .drop(.tooShort) : .forward
    }
}
// end

@Suite struct DocumentedStageTests {
    @Test func theStageOfTheGuideWorks() throws {
        var run = StageRun()
        try run.add(StageDescriptor(ShortFilter.self)) { (configuration: inout ShortFilter.Configuration) in
            configuration.atLeast = 60
        }
        let result = run.run([TestFrame([1, 2, 3])])
        #expect(result.summary.balanced)
        #expect(result.dropped("too-short", by: "short-filter") == 1)
    }

    @Test func theGuideShowsThisStage() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let stage = try #require(
            source.components(separatedBy: "// begin\n").last?.components(separatedBy: "// end").first)
        let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let guide = try String(contentsOf: top.appendingPathComponent("docs/stages.md"), encoding: .utf8)
        #expect(guide.contains(stage))
    }
}
