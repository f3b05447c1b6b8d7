import Weir

/// Runs stages in virtual time, without files or YAML: frames in, frames out by output, the ledger and the log.
///
///     var run = StageRun()
///     try run.add(Sample.self) { $0.every = 2 }
///     let result = run.run([TestFrame([1]), TestFrame([2])])
///     #expect(result.frames() == [TestFrame([1])])
public struct StageRun {
    private var stages: [(id: String, stage: AnyStage, descriptor: StageDescriptor)] = []
    private var wires: [(from: String, output: String, to: String)] = []
    private var feeds: [(frames: [TestFrame], to: String)] = []
    /// Seeds the stages' generators.
    public var seed: UInt64 = 1
    /// Ends the run this long after the first frame.
    public var duration: Duration?

    public init() {}

    /// What came of a run.
    public struct Result {
        /// By `ID.OUTPUT`, for every output and drop reason of every stage that led nowhere else.
        public let framesByOutput: [String: [TestFrame]]
        public let summary: RunSummary
        public let log: [LogEvent]

        /// What left the last stage by its unnamed output, or a stage by the output `ID.OUTPUT`.
        public func frames(_ output: String? = nil) -> [TestFrame] {
            framesByOutput[output ?? StageRun.unnamed] ?? []
        }

        /// The value of a counter of the stage with this id.
        public func counter(_ name: String, of id: String) -> UInt64? {
            summary.stages.first { $0.id == id }?.counters.first { $0.name == name }?.count
        }

        /// How many packets the stage with this id dropped for a reason.
        public func dropped(_ reason: String, by id: String) -> UInt64 {
            summary.stages.first { $0.id == id }?.dropped.first { $0.name == reason }?.count ?? 0
        }
    }

    private static let unnamed = "next"

    /// Adds a stage behind the last one.
    public mutating func add<C: StageConfiguration>(
        _ descriptor: StageDescriptor, id: String? = nil, _ configure: (inout C) -> Void
    ) throws {
        guard var configuration = descriptor.makeConfiguration() as? C else {
            throw ConfigurationError("this is not the configuration of \(descriptor.kind)")
        }
        configure(&configuration)
        let resolved = descriptor.resolved(for: configuration)
        stages.append((id ?? descriptor.kind, try descriptor.makeStage(configuration), resolved))
    }

    /// Adds a stage without parameters, or with none given.
    public mutating func add(_ descriptor: StageDescriptor, id: String? = nil) throws {
        stages.append((id ?? descriptor.kind, try descriptor.makeStage(descriptor.makeConfiguration()), descriptor))
    }

    /// Lists frames in front of a stage, or of a port of one (`lan.port2`), beside those that `run` is given.
    public mutating func feed(_ frames: [TestFrame], to target: String) { feeds.append((frames, target)) }

    /// Leads an output, or a drop reason, to a stage that was added, or to a port of one (`lan.port2`); outputs that lead
    /// nowhere are collected.
    public mutating func connect(_ id: String, _ output: String, to target: String) {
        wires.append((id, output, target))
    }

    /// Runs the stages once. They keep their state: make a new `StageRun` for a new run.
    public func run(_ frames: [TestFrame]) -> Result {
        var graph = PipelineGraph(name: "test")
        let feedsFirst = stages.first.map { $0.descriptor.role != .hub } ?? true
        let source = feedsFirst ? graph.add(id: "test-frames", FrameSource(frames)) : nil
        let numbers = stages.map { graph.add(id: $0.id, stage: $0.stage, descriptor: $0.descriptor) }
        var collections: [String: CollectedFrames] = [:]
        func collect(_ from: Int, _ output: String, as name: String) {
            let collection = CollectedFrames()
            collections[name] = collection
            graph.connect(from, output: output, to: graph.add(id: "collect-\(name)", Collector(into: collection)))
        }
        for (place, number) in numbers.enumerated() {
            // As in YAML, a new chain begins after a sink, and a hub stands in none.
            if stages[place].descriptor.role != .hub {
                let before = place == 0 ? source : stages[place - 1].descriptor.role.hasNext ? numbers[place - 1] : nil
                if let before { graph.connect(before, output: Self.unnamed, to: number) }
            } else if place > 0, stages[place - 1].descriptor.role.hasNext {
                collect(numbers[place - 1], Self.unnamed, as: "\(stages[place - 1].id).\(Self.unnamed)")
            }
            for output in stages[place].descriptor.outputs {
                let targets = wires.filter { $0.from == stages[place].id && $0.output == output.name }
                if targets.isEmpty { collect(number, output.name, as: "\(stages[place].id).\(output.name)") }
            }
        }
        func find(_ name: String) -> Int {
            guard let index = stages.firstIndex(where: { $0.id == name }) else {
                preconditionFailure("there is no stage \(name)")
            }
            return numbers[index]
        }
        func connect(_ from: Int, _ output: String, to target: String) {
            let parts = target.split(separator: ".", maxSplits: 1).map(String.init)
            graph.connect(from, output: output, to: find(parts[0]), input: parts.count > 1 ? parts[1] : nil)
        }
        for wire in wires { connect(find(wire.from), wire.output, to: wire.to) }
        for (number, feed) in feeds.enumerated() {
            let source = graph.add(id: "test-frames-\(number + 2)", FrameSource(feed.frames))
            connect(source, Self.unnamed, to: feed.to)
        }
        if stages.last?.descriptor.role.hasNext ?? true, let last = numbers.last ?? source {
            collect(last, Self.unnamed, as: Self.unnamed)
        }

        var log: [LogEvent] = []
        var options = Engine.Options()
        options.seed = seed
        options.duration = duration
        options.log = { log.append($0) }
        var engine = Engine(graph, options)
        let summary = engine.run()
        return Result(framesByOutput: collections.mapValues(\.frames), summary: summary, log: log)
    }
}

extension PipelineGraph {
    fileprivate mutating func add(id: String, _ source: FrameSource) -> Int {
        add(id: id, stage: AnyStage.of(source), descriptor: StageDescriptor(FrameSource.self))
    }

    fileprivate mutating func add(id: String, _ sink: Collector) -> Int {
        add(id: id, stage: AnyStage.of(sink), descriptor: StageDescriptor(Collector.self))
    }
}
