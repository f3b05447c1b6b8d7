import Testing
import WeirTesting
import WeirWire

@testable import Weir

@Suite struct EngineTests {
    private func packets(_ count: Int) -> [TestFrame] {
        (0..<count).map { TestFrame(at: .seconds($0), [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]) }
    }

    @Test func branchesJoinInTheOrderOfArrival() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Sorter.self))
        try run.add(StageDescriptor(Passer.self), id: "even")
        try run.add(StageDescriptor(Passer.self), id: "join")
        run.connect("sorter", "odd", to: "join")
        let result = run.run(packets(1000))
        #expect(result.summary.balanced)
        #expect(result.frames() == packets(1000))
    }

    @Test func aWiredReasonIsNotDropped() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Sorter.self))
        try run.add(StageDescriptor(Passer.self), id: "after")
        run.connect("sorter", "odd", to: "after")
        run.connect("sorter", "empty", to: "after")
        let result = run.run([TestFrame([]), TestFrame([1]), TestFrame([2])])
        #expect(result.summary.balanced)
        #expect(result.frames() == [TestFrame([]), TestFrame([1]), TestFrame([2])])
        #expect(result.summary.dropped == 0)
    }

    @Test func twoHoldersShareUntilOneWrites() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Sorter.self))
        try run.add(StageDescriptor(Marker.self), id: "first")
        try run.add(StageDescriptor(Marker.self), id: "second")
        run.connect("sorter", "odd", to: "first")
        run.connect("sorter", "odd", to: "second")
        let result = run.run([TestFrame([1]), TestFrame([2]), TestFrame([3])])
        #expect(result.summary.balanced)
        #expect(result.summary.created == 2)
        #expect(result.summary.copies == 2)
        // Odd ones arrive twice, by way of both stages.
        #expect(result.frames().map(\.octets) == Array(repeating: [0xff], count: 5))
    }

    @Test func heldPacketsComeOutLaterAndInOrder() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Delay.self)) { (configuration: inout Delay.Configuration) in
            configuration.time = .milliseconds(2500)
        }
        let result = run.run(packets(600))
        #expect(result.summary.balanced)
        #expect(result.frames().map(\.octets) == packets(600).map(\.octets))
        #expect(result.summary.virtual == .milliseconds(601_500))
    }

    @Test func whatIsStillHeldAtTheEndIsInTheLedger() throws {
        var run = StageRun()
        run.duration = .seconds(10)
        try run.add(StageDescriptor(Delay.self)) { (configuration: inout Delay.Configuration) in
            configuration.time = .seconds(100)
        }
        let result = run.run(packets(20))
        #expect(result.summary.balanced)
        #expect(result.summary.read == 11)
        #expect(result.summary.stages.first { $0.id == "delay" }?.held == 11)
    }

    @Test func framesOfATimerStandBetweenThePacketsOfTheSameBatch() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Ticker.self))
        try run.add(StageDescriptor(Passer.self), id: "join")
        run.connect("ticker", "ticks", to: "join")
        let result = run.run(packets(100))
        #expect(result.summary.balanced)
        let ticks = result.frames().indices.filter {
            result.frames()[$0].octets[0] == 0 && result.frames()[$0].octets[1] > 0
        }
        // A tick at 10 s goes ahead of the packet of 10 s: nine packets of 1...9 s and that of 0 s come first.
        #expect(ticks == (1...9).map { 10 * $0 + $0 - 1 })
        #expect(ticks.map { result.frames()[$0].time } == (1...9).map { .seconds(10 * $0) })
    }

    @Test func aDurationLetsBackgroundTimersGoOn() throws {
        var run = StageRun()
        run.duration = .seconds(95)
        try run.add(StageDescriptor(Ticker.self))
        let result = run.run(packets(5))
        #expect(result.summary.balanced)
        #expect(result.frames("ticker.ticks").count == 9)
    }

    @Test func countEndsTheRun() throws {
        var graph = PipelineGraph(name: "count")
        let passer = StageDescriptor(Passer.self)
        let source = graph.add(
            id: "source", stage: AnyStage.of(Endless()), descriptor: StageDescriptor(Endless.self))
        let sink = graph.add(id: "sink", stage: AnyStage.of(Swallow()), descriptor: StageDescriptor(Swallow.self))
        let middle = graph.add(id: "middle", stage: try passer.makeStage(NoParameters()), descriptor: passer)
        graph.connect(source, output: "next", to: middle)
        graph.connect(middle, output: "next", to: sink)
        var options = Engine.Options()
        options.count = 1000
        var engine = Engine(graph, options)
        let summary = engine.run()
        #expect(summary.balanced)
        #expect(summary.read == 1000)
        #expect(summary.written == 1000)
    }

    @Test func aLoopWithoutTimeIsBrokenAndAccountedFor() throws {
        var graph = PipelineGraph(name: "loop")
        let passer = StageDescriptor(Passer.self)
        let source = graph.add(id: "source", stage: AnyStage.of(Endless()), descriptor: StageDescriptor(Endless.self))
        let first = graph.add(id: "first", stage: try passer.makeStage(NoParameters()), descriptor: passer)
        let second = graph.add(id: "second", stage: try passer.makeStage(NoParameters()), descriptor: passer)
        graph.connect(source, output: "next", to: first)
        graph.connect(first, output: "next", to: second)
        graph.connect(second, output: "next", to: first)
        var options = Engine.Options()
        options.count = 1
        var engine = Engine(graph, options)
        let summary = engine.run()
        #expect(summary.balanced)
        #expect(summary.failures.first?.failure.status == .badConfiguration)
        #expect(summary.stages.contains { $0.dropped.contains { $0.name == "loop" && $0.count == 1 } })
    }

    @Test func everyLengthUpTo64KiBPasses() throws {
        var run = StageRun()
        try run.add(StageDescriptor(Marker.self))
        let frames = (Array(0...1600) + [9000, 65_535, 65_536]).map { TestFrame([UInt8](repeating: 1, count: $0)) }
        let result = run.run(frames)
        #expect(result.summary.balanced)
        #expect(result.frames().map(\.octets.count) == frames.map(\.octets.count))
    }
}

/// Lists frames of one octet, a second apart, without end.
private struct Endless: Source {
    static let kind = "endless"
    static let summary = "Lists frames without end."
    static let example = ""
    private var second: UInt64 = 0

    init() {}
    init(_ configuration: NoParameters) {}

    mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool {
        guard let block = context.takeBlock() else { return true }
        block.listFrames(into: &batch) { lister in
            for _ in 0..<100 {
                second += 1
                lister.list(
                    at: 16, length: 1, wireLength: 1, timestamp: Instant(nanoseconds: second * 1_000_000_000),
                    headroom: 16)
            }
        }
        return true
    }
}

private struct Swallow: Sink {
    static let kind = "swallow"
    static let summary = "Consumes packets."
    static let example = ""

    init() {}
    init(_ configuration: NoParameters) {}

    mutating func consume(_ batch: borrowing Batch, _ context: Context) { context.consumed(batch.count) }
}
