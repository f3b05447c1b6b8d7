import Testing
import Weir
import WeirTesting

/// A pipeline that a test puts together, stage by stage.
struct Bench {
    private var graph = PipelineGraph(name: "test")
    private let source: Int
    private var added = 0

    /// A pipeline whose source lists `frames`.
    init(_ frames: [TestFrame]) {
        source = graph.add(
            id: "frames", stage: AnyStage.of(FrameSource(frames)), descriptor: StageDescriptor(FrameSource.self))
    }

    /// Adds a stage behind `output` of another, by default of the source.
    mutating func add<C: StageConfiguration>(
        _ descriptor: StageDescriptor, _ configuration: C, behind other: Int? = nil, output: String = "next",
        _ set: (inout C) -> Void = { _ in }
    ) throws -> Int {
        var configuration = configuration
        set(&configuration)
        let stage = try descriptor.makeStage(configuration)
        added += 1
        let vertex = graph.add(id: "\(descriptor.kind)-\(added)", stage: stage, descriptor: descriptor)
        graph.connect(other ?? source, output: output, to: vertex)
        return vertex
    }

    /// Adds a sink behind `output` of a stage; what arrives there is to be found in the result.
    mutating func keep(behind other: Int, output: String = "next") -> CollectedFrames {
        let collection = CollectedFrames()
        added += 1
        let sink = graph.add(
            id: "kept-\(added)", stage: AnyStage.of(Collector(into: collection)),
            descriptor: StageDescriptor(Collector.self))
        graph.connect(other, output: output, to: sink)
        return collection
    }

    /// Runs the pipeline; its account must add up.
    func run(at location: Testing.SourceLocation = #_sourceLocation) -> RunSummary {
        var engine = Engine(graph)
        let summary = engine.run()
        #expect(summary.balanced, sourceLocation: location)
        #expect(summary.failures.isEmpty, sourceLocation: location)
        return summary
    }
}

extension RunSummary {
    /// The account of the one stage of this kind.
    func stage(_ kind: String) -> Stage? { stages.first { $0.kind == kind } }
}

extension RunSummary.Stage {
    func dropped(as reason: String) -> UInt64 { dropped.first { $0.name == reason }?.count ?? 0 }
    func counter(_ name: String) -> UInt64? { counters.first { $0.name == name }?.count }
}

/// `count` frames of 60 octets, each with its number in the last two, a millisecond apart.
func numbered(_ count: Int) -> [TestFrame] {
    (0..<count).map { index in
        TestFrame(
            at: .milliseconds(index), Array(repeating: 0, count: 58) + [UInt8(index >> 8), UInt8(index & 0xff)])
    }
}

/// The numbers of such frames.
func numbers(_ kept: CollectedFrames) -> [Int] { kept.frames.map { Int($0.octets[58]) << 8 | Int($0.octets[59]) } }
