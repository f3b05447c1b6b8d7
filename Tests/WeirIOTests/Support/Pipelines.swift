import Discard
import Testing
import Weir
import WeirIO

/// A stage of a test's pipeline, and its parameters.
struct Step {
    let descriptor: StageDescriptor
    let configuration: any StageConfiguration
}

func step<C: StageConfiguration>(_ descriptor: StageDescriptor, _ configuration: C, _ set: (inout C) -> Void) -> Step {
    var configuration = configuration
    set(&configuration)
    return Step(descriptor: descriptor, configuration: configuration)
}

func capture(_ path: String) -> Step {
    step(StageDescriptor(Capture.self), Capture.Configuration()) { $0.file = FileLocation(path) }
}

func transmit(_ path: String) -> Step {
    step(StageDescriptor(Transmit.self), Transmit.Configuration()) { $0.file = FileLocation(path) }
}

var discard: Step { step(StageDescriptor(Discard.self), NoParameters()) { _ in } }

/// Runs the steps one behind the other. Whatever happens in a run, its summary must balance.
@discardableResult
func run(
    _ steps: Step..., options: Engine.Options = Engine.Options(), note: String = "",
    at location: Testing.SourceLocation = #_sourceLocation
) throws -> RunSummary {
    var graph = PipelineGraph(name: "test")
    for (index, step) in steps.enumerated() {
        let stage = try step.descriptor.makeStage(step.configuration)
        let vertex = graph.add(id: step.descriptor.kind, stage: stage, descriptor: step.descriptor)
        if index > 0 { graph.connect(vertex - 1, output: "next", to: vertex) }
    }
    var engine = Engine(graph, options)
    let summary = engine.run()
    #expect(summary.balanced, "the account does not add up \(note)", sourceLocation: location)
    return summary
}

extension RunSummary {
    /// The one failure of the run.
    var failure: StageFailure? { failures.count == 1 ? failures[0].failure : nil }

    func dropped(at id: String, as reason: String) -> UInt64 {
        stages.first { $0.id == id }?.dropped.first { $0.name == reason }?.count ?? 0
    }
}

/// The packets that a capture stage finds in `file`, as a transmit stage writes them, and the summary.
func copy(
    _ file: [UInt8], note: String = "", at location: Testing.SourceLocation = #_sourceLocation
) throws -> (summary: RunSummary, output: [UInt8]) {
    let folder = try Folder()
    let input = try folder.write(file, to: "in")
    let summary = try run(capture(input), transmit(folder.path + "/out"), note: note, at: location)
    return (summary, folder.read("out"))
}
