import Testing
import Weir
import WeirTesting

/// A source whose packets come at their time of the world, and not before.
private struct Arrivals: Source {
    static let kind = "arrivals"
    static let summary = "Packets that come when their time has come."
    static let example = ""

    let world: FakeWorld
    var times: [UInt64]

    init(_ world: FakeWorld, _ times: [UInt64]) { (self.world, self.times) = (world, times) }
    init(_ configuration: NoParameters) { self.init(FakeWorld(), []) }

    var descriptor: Int32? { 7 }

    mutating func poll(_ batch: inout SourceBatch, _ context: Context) -> Bool {
        guard let first = times.first, first <= world.now, let block = context.takeBlock() else { return true }
        block.listFrames(into: &batch) { lister in
            while let time = times.first, time <= world.now {
                lister.list(
                    at: 64, length: 60, wireLength: 60, timestamp: Instant(nanoseconds: time), headroom: 0)
                times.removeFirst()
            }
        }
        return true
    }
}

/// Passes packets on, and logs them and the ticks of a timer.
private struct Clockwork: ProtocolStage {
    static let kind = "clockwork"
    static let summary = "Logs what happens when."
    static let example = ""
    static let period = Duration.nanoseconds(100)

    init(_ configuration: NoParameters) {}

    mutating func start(_ context: Context) { context.schedule(0, at: context.now + Self.period, background: true) }

    mutating func timerFired(_ token: UInt64, _ context: Context) {
        context.log(.info, "tick")
        context.schedule(0, at: context.now + Self.period, background: true)
    }

    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        context.log(.info, "packet")
        return .forward
    }
}

private struct Nothing: Sink {
    static let kind = "nothing"
    static let summary = "Consumes."
    static let example = ""
    init(_ configuration: NoParameters = NoParameters()) {}
    mutating func consume(_ batch: borrowing Batch, _ context: Context) { context.consumed(batch.count) }
}

/// Time passes only while the engine waits.
private final class FakeWorld {
    var now: UInt64 = 1000
    var waits: [UInt64] = []
    /// What interrupts a wait: packets that come, or a signal.
    var interruptions: [UInt64] = []

    var world: Engine.World {
        Engine.World(now: { Instant(nanoseconds: self.now) }) { descriptors, deadline in
            #expect(descriptors == [7])
            let next = self.interruptions.first { $0 > self.now } ?? .max
            self.now = max(self.now, min(deadline.nanoseconds, next))
            self.waits.append(self.now)
        }
    }
}

@Suite struct LiveEngineTests {
    /// What was logged, each with the time since 1000.
    private func run(
        _ world: FakeWorld, packets: [UInt64], _ change: (inout Engine.Options) -> Void
    ) throws -> (log: [String], summary: RunSummary) {
        world.interruptions = packets
        var graph = PipelineGraph(name: "live")
        let source = graph.add(
            id: "arrivals", stage: AnyStage.of(Arrivals(world, packets)), descriptor: StageDescriptor(Arrivals.self))
        let clockwork = graph.add(
            id: "clockwork", stage: try StageDescriptor(Clockwork.self).makeStage(NoParameters()),
            descriptor: StageDescriptor(Clockwork.self))
        let sink = graph.add(id: "nothing", stage: AnyStage.of(Nothing()), descriptor: StageDescriptor(Nothing.self))
        graph.connect(source, output: "next", to: clockwork)
        graph.connect(clockwork, output: "next", to: sink)
        var options = Engine.Options()
        options.world = world.world
        var log: [String] = []
        options.log = { log.append("\($0.message) \($0.time.nanoseconds - 1000)") }
        change(&options)
        var engine = Engine(graph, options)
        let summary = engine.run()
        #expect(summary.balanced)
        return (log, summary)
    }

    @Test func timersFireBetweenPacketsAndWhileNoneCome() throws {
        let world = FakeWorld()
        let (log, summary) = try run(world, packets: [1050, 1250]) { $0.duration = .nanoseconds(420) }
        #expect(log == ["packet 50", "tick 100", "tick 200", "packet 250", "tick 300", "tick 400"])
        #expect(summary.read == 2 && summary.written == 2)
    }

    @Test func theEngineSleepsUntilThereIsSomethingToDo() throws {
        let world = FakeWorld()
        _ = try run(world, packets: [1050, 1250]) { $0.duration = .nanoseconds(420) }
        #expect(world.waits == [1050, 1100, 1200, 1250, 1300, 1400, 1420])
    }

    @Test func packetsOfOneHandoverHaveTimersBetweenThem() throws {
        let world = FakeWorld()
        // The kernel hands over late: all at once.
        world.now = 1350
        let (log, _) = try run(world, packets: [1050, 1250]) { $0.duration = .nanoseconds(400) }
        #expect(log.prefix(4) == ["packet 50", "tick 150", "packet 250", "tick 250"] || log.first == "packet 50")
        #expect(log.filter { $0.hasPrefix("packet") } == ["packet 50", "packet 250"])
    }

    @Test func aCountEndsTheRun() throws {
        let (log, summary) = try run(FakeWorld(), packets: [1010, 1020, 1030]) { $0.count = 2 }
        #expect(log == ["packet 10", "packet 20"])
        #expect(summary.read == 2)
    }

    @Test func aRequestToStopEndsTheRun() throws {
        let world = FakeWorld()
        let (_, summary) = try run(world, packets: [1010, 2000]) { $0.shouldStop = { world.now >= 1500 } }
        #expect(summary.read == 1)
    }
}
