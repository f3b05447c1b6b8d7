import Weir

/// A pipeline with everything filled in: what is run, shown and drawn.
public struct ResolvedPipeline: Sendable {
    /// A stage with its parameters.
    public struct Stage: Sendable {
        /// The id, after those of the pipelines that it stands in: `lan.uplink`.
        public let id: String
        public let descriptor: StageDescriptor
        public let configuration: any StageConfiguration
        /// Where it is written.
        public let span: SourceSpan
    }

    /// An output and where it leads.
    public struct Wire: Hashable, Sendable {
        /// The place in `stages` of the stage whose output it is.
        public let from: Int
        /// `next`, a named output or a drop reason.
        public let output: String
        /// The place in `stages` of the stage that it leads to.
        public let to: Int
        /// The port there, for a stage that has ports.
        public let input: String?
    }

    public let name: String
    public let summary: String
    /// The text of the outermost file.
    public let source: SourceFile
    public let parameters: [ResolvedParameter]
    public let stages: [Stage]
    public let wires: [Wire]
    public let hasLoop: Bool
    /// The tests in the file, as they are written.
    public let tests: [Node]

    init(
        _ document: PipelineDocument, parameters: [ResolvedParameter], stages: [Network.Vertex], wires: [Network.Wire],
        hasLoop: Bool
    ) {
        name = document.name
        summary = document.summary
        source = document.source
        tests = document.tests
        self.parameters = parameters
        self.hasLoop = hasLoop
        self.stages = stages.compactMap { vertex in
            guard case .stage(let descriptor, let configuration) = vertex.role else { return nil }
            return Stage(id: vertex.id, descriptor: descriptor, configuration: configuration, span: vertex.span)
        }
        self.wires = wires.map { Wire(from: $0.from, output: $0.output, to: $0.to, input: $0.input) }
    }

    /// The stages, made anew, and their wires. Each call makes stages of their own, for a worker or a run.
    public func makeGraph() throws -> PipelineGraph {
        var graph = PipelineGraph(name: name)
        let numbers = try stages.map { stage in
            graph.add(
                id: stage.id, stage: try stage.descriptor.makeStage(stage.configuration), descriptor: stage.descriptor)
        }
        for wire in wires {
            graph.connect(numbers[wire.from], output: wire.output, to: numbers[wire.to], input: wire.input)
        }
        return graph
    }
}
