/// A stage behind one dynamic call a batch. The concrete class knows the shape of the stage.
public class AnyStage {
    init() {}
    /// Hands a batch to the stage; what is left in it goes to the next one.
    func run(_ batch: inout Batch, _ runtime: StageRuntime) throws {}
    /// Whether the stage has a clock of its own and timers.
    var keepsTime: Bool { false }
    /// Lets timers fire that are due by `limit`.
    func fireTimers(upTo limit: Instant, _ runtime: StageRuntime) {}
    /// What becomes readable when a live source has packets.
    var descriptor: Int32? { nil }
    /// Lists frames; only sources do.
    func poll(_ batch: inout SourceBatch, _ runtime: StageRuntime) throws -> Bool { false }
    func start(_ runtime: StageRuntime) throws {}
    func finish(_ runtime: StageRuntime) throws {}
}

private class Box<S: Stage>: AnyStage {
    var stage: S
    init(_ stage: S) { self.stage = stage }
    override func start(_ runtime: StageRuntime) throws { try stage.start(StageContext(runtime)) }
    override func finish(_ runtime: StageRuntime) throws { try stage.finish(StageContext(runtime)) }
}

private class PacketBox<S: PacketStage>: Box<S> {
    override func run(_ batch: inout Batch, _ runtime: StageRuntime) {
        stage.processBatch(&batch, StageContext(runtime))
    }
}

private final class ProtocolBox<S: ProtocolStage>: PacketBox<S> {
    override var keepsTime: Bool { true }
    override func fireTimers(upTo limit: Instant, _ runtime: StageRuntime) {
        stage.fireTimers(upTo: limit, StageContext(runtime))
    }
}

private final class PortBox<S: PortStage>: Box<S> {
    override var keepsTime: Bool { true }
    override func run(_ batch: inout Batch, _ runtime: StageRuntime) {
        stage.processBatch(&batch, StageContext(runtime))
    }
    override func fireTimers(upTo limit: Instant, _ runtime: StageRuntime) {
        stage.fireTimers(upTo: limit, StageContext(runtime))
    }
}

private final class BatchBox<S: BatchStage>: Box<S> {
    override func run(_ batch: inout Batch, _ runtime: StageRuntime) {
        stage.process(&batch, StageContext(runtime))
    }
}

private final class SinkBox<S: Sink>: Box<S> {
    override func run(_ batch: inout Batch, _ runtime: StageRuntime) throws {
        defer { batch.releaseAll() }
        try stage.consume(batch, StageContext(runtime))
    }
}

private final class SourceBox<S: Source>: Box<S> {
    override var descriptor: Int32? { stage.descriptor }
    override func poll(_ batch: inout SourceBatch, _ runtime: StageRuntime) throws -> Bool {
        try stage.poll(&batch, StageContext(runtime))
    }
}

extension StageDescriptor {
    /// Describes a stage that judges packets.
    public init<S: PacketStage>(_ type: S.Type) { self.init(type, role: .stage) { PacketBox($0) } }
    /// Describes a stage that speaks a protocol.
    public init<S: ProtocolStage>(_ type: S.Type) { self.init(type, role: .stage) { ProtocolBox($0) } }
    /// Describes a stage with ports.
    public init<S: PortStage>(_ type: S.Type) {
        self.init(type, role: .hub) { PortBox($0) }
        portCounters = Self.names(S.PortCounter.self)
        portCount = { configuration in (configuration as? S.Configuration).map { S.portCount($0) } ?? 0 }
    }
    /// Describes a stage that is handed batches.
    public init<S: BatchStage>(_ type: S.Type) { self.init(type, role: .stage) { BatchBox($0) } }
    /// Describes a way out.
    public init<S: Sink>(_ type: S.Type) { self.init(type, role: .sink) { SinkBox($0) } }
    /// Describes a way in.
    public init<S: Source>(_ type: S.Type) { self.init(type, role: .source) { SourceBox($0) } }
}

extension AnyStage {
    /// A source that was made in Swift, without a configuration.
    public static func of(_ source: some Source) -> AnyStage { SourceBox(source) }
    /// A sink that was made in Swift, without a configuration.
    public static func of(_ sink: some Sink) -> AnyStage { SinkBox(sink) }
}
