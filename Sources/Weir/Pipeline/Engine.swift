/// Runs a pipeline: sources, batches, timers, until done.
///
/// Time goes in rounds. A round begins with frames of one source, or with a timer that is due; then every stage that has
/// work runs once, in an order in which wires lead forward, and fires its timers up to the end of the round.
public struct Engine: ~Copyable {
    /// What a run may be told.
    public struct Options {
        /// Seeds the generators of all stages.
        public var seed: UInt64 = 1
        /// Ends the run this long after the first packet, on the pipeline's clock.
        public var duration: Duration?
        /// Ends the run after so many packets.
        public var count: Int?
        public var log: (LogEvent) -> Void = { _ in }
        /// Asked between rounds: true stops the sources and drains what is held.
        public var shouldStop: () -> Bool = { false }
        /// Told between rounds how many packets were read and the time on the pipeline's clock.
        public var progress: ((_ packets: UInt64, _ clock: Instant) -> Void)?
        /// The world's time and a way to wait, for pipelines with live sources.
        public var world: World?

        public init() {}
    }

    let name: String
    let stations: [Station]
    private let references: [StationReference]
    let arena: Arena
    let clock = PipelineClock()
    private var feeds: [Feed]
    /// What becomes readable when live sources have packets.
    private var descriptors: [Int32] = []
    private let timekeepers: [Int]
    private let isCyclic: Bool
    private var ready: ReadySet
    private var options: Options
    private var remaining: Int
    private(set) var failures: [(stage: String, failure: StageFailure)] = []
    private(set) var began: Instant?

    /// What a live run needs of the world outside.
    public struct World {
        /// The time now, which never goes back, on the scale of the frames' time stamps.
        public var now: () -> Instant
        /// Waits until one of the descriptors is readable, a signal comes, or it is so late.
        public var wait: (_ descriptors: [Int32], _ deadline: Instant) -> Void

        public init(now: @escaping () -> Instant, wait: @escaping ([Int32], Instant) -> Void) {
            self.now = now
            self.wait = wait
        }
    }

    /// Prepares a run. The graph must be complete: every output wired that isn't a drop reason.
    public init(_ graph: PipelineGraph, _ options: Options = Options()) {
        name = graph.name
        self.options = options
        // Every source must have a block of its own and one to read on in: without its next frame nobody could tell which
        // one is next in time.
        let sources = graph.vertices.count { $0.descriptor.role == .source }
        let arena = Arena(sourceLimit: 32 + 2 * sources)
        self.arena = arena
        remaining = options.count ?? .max
        let (ranks, isCyclic) = graph.ranks()
        self.isCyclic = isCyclic
        let order = graph.vertices.indices.sorted { ranks[$0] < ranks[$1] }
        let runtimes = order.map { [clock] vertex in
            let vertex = graph.vertices[vertex]
            let runtime = StageRuntime(
                id: vertex.id, descriptor: vertex.descriptor, arena: arena, clock: clock, seed: options.seed)
            runtime.log = options.log
            return runtime
        }
        var routes = runtimes.map { Array(repeating: [Station.Route](), count: $0.outputs.count) }
        var inputs = runtimes.map { _ in [Station.Input]() }
        for wire in graph.wires {
            let (from, to) = (ranks[wire.from], ranks[wire.to])
            guard let output = runtimes[from].wire(wire.output) else {
                preconditionFailure("\(runtimes[from].id) has no output \(wire.output)")
            }
            let input = FrameBuffer(arena.framePool)
            routes[from][output].append(Station.Route(station: to, input: input))
            inputs[to].append(Station.Input(frames: input, port: wire.input))
        }
        let stations = runtimes.indices.map {
            Station(
                stage: graph.vertices[order[$0]].stage, runtime: runtimes[$0], inputs: inputs[$0], routes: routes[$0])
        }
        feeds = stations.indices.filter { stations[$0].runtime.descriptor.role == .source }.map { Feed(station: $0) }
        timekeepers = stations.indices.filter { stations[$0].keepsTime }
        references = stations.map { StationReference($0) }
        ready = ReadySet(count: stations.count)
        self.stations = stations
    }

    /// Runs to the end and closes everything; never throws: failures are part of the summary.
    public mutating func run() -> RunSummary {
        let watch = ContinuousClock()
        let started = watch.now
        open()
        while !options.shouldStop(), step() {
            if let progress = options.progress { progress(packetsRead, clock.horizon) }
        }
        close()
        return RunSummary(self, elapsed: watch.now - started)
    }

    var packetsRead: UInt64 { feeds.reduce(0) { $0 + stations[$1.station].runtime.created } }

    // MARK: Opening and closing

    /// Starts the sources, sets the clock to the first packet, then starts the other stages.
    private mutating func open() {
        for feed in feeds { attempt(stations[feed.station]) { try $0.stage.start($0.runtime) } }
        // Without its input a run does nothing: sinks must not empty the files of an earlier one.
        guard failures.isEmpty else { return }
        descriptors = feeds.compactMap { stations[$0.station].stage.descriptor }
        if let live { setSourceClocks(to: live.now()) }
        for index in feeds.indices { refill(index) }
        let media = feeds.map { stations[$0.station].runtime.medium }
        let heads = feeds.compactMap { head(of: $0) } + media.compactMap(\.begins)
        let first = heads.min() ?? live?.now() ?? Instant(nanoseconds: 0)
        began = first
        clock.advance(to: first)
        var medium = Medium()
        medium.hasNanoseconds = media.contains { $0.hasNanoseconds }
        medium.snapLength = media.map(\.snapLength).max() ?? medium.snapLength
        for station in stations where station.runtime.descriptor.role != .source {
            station.runtime.medium = medium
            station.runtime.now = first
            attempt(station) { try $0.stage.start($0.runtime) }
        }
        // What stages sent when they started goes ahead of the first packet.
        for index in timekeepers {
            stations[index].flushInsertions()
            references[index].deliver(&ready)
        }
        runRound()
    }

    /// Lets every stage write out what it has, and takes back what nobody will process.
    private mutating func close() {
        for feed in feeds { stations[feed.station].runtime.outputs[0].release(from: feed.next, to: arena) }
        for station in stations { attempt(station) { try $0.stage.finish($0.runtime) } }
    }

    private mutating func attempt(_ station: Station, _ action: (Station) throws -> Void) {
        do { try action(station) } catch { fail(station, error) }
    }

    private mutating func fail(_ station: Station, _ error: any Error) {
        let failure = error as? StageFailure ?? StageFailure("\(error)", status: .software)
        failures.append((station.runtime.id, failure))
        for index in feeds.indices { feeds[index].isExhausted = true }
    }

    // MARK: Rounds

    /// Does the next thing in time. False when there is nothing left to do.
    private mutating func step() -> Bool {
        if let live { return stepLive(in: live) }
        for index in feeds.indices { refill(index) }
        let end = options.duration.map { (began ?? clock.horizon) + $0 } ?? .never
        let next = remaining > 0 ? earliestFeed() : nil
        let deadline = nextDeadline()
        if let next, next.time <= end, next.time < deadline || !isCyclic {
            handOut(next.feed, until: end)
        } else if deadline <= end, deadline < .never, isAwaited {
            clock.advance(to: deadline)
        } else {
            // A source that gave nothing but isn't done was interrupted; without room in the arena nothing can go on.
            return remaining > 0 && next == nil && arena.hasRoom && feeds.contains { !$0.isExhausted }
        }
        runRound()
        return true
    }

    /// The world, if a source is live.
    private var live: World? { descriptors.isEmpty ? nil : options.world }

    /// What live sources log has the world's time.
    private func setSourceClocks(to now: Instant) {
        for feed in feeds { stations[feed.station].runtime.now = now }
    }

    /// Hands out what there is, else fires what is due, else waits. False when the run is over.
    private mutating func stepLive(in world: World) -> Bool {
        let now = world.now()
        setSourceClocks(to: now)
        for index in feeds.indices { refill(index) }
        let end = options.duration.map { (began ?? now) + $0 } ?? .never
        guard now < end, remaining > 0, failures.isEmpty, feeds.contains(where: { !$0.isExhausted }) else {
            clock.advance(to: min(now, end))
            runRound()
            return false
        }
        let deadline = nextDeadline()
        if let next = earliestFeed(), next.time < deadline || !isCyclic {
            handOut(next.feed, until: .never)
        } else if deadline <= now {
            clock.advance(to: deadline)
        } else {
            world.wait(descriptors, min(deadline, end))
            return true
        }
        runRound()
        return true
    }

    /// Whether a timer may still fire after the last packet: with a duration all do, without one only as long as a
    /// stage waits for one in the foreground.
    private var isAwaited: Bool {
        guard failures.isEmpty else { return false }
        // A source that gave nothing but isn't done waits for frames that stages hold.
        if options.duration != nil || feeds.contains(where: { !$0.isExhausted || head(of: $0) != nil }) { return true }
        return timekeepers.contains {
            stations[$0].runtime.timers.foregroundCount > 0 || stations[$0].runtime.heldCount > 0
        }
    }

    private func nextDeadline() -> Instant {
        var earliest = Instant.never
        for index in timekeepers { earliest = min(earliest, stations[index].runtime.nextDeadline) }
        return earliest
    }

    /// Runs every stage that has work, each after those before it.
    private mutating func runRound() {
        for index in timekeepers where stations[index].runtime.nextDeadline <= clock.horizon { ready.insert(index) }
        var passes = 0
        while let index = ready.popFirst() {
            passes += 1
            if passes > Engine.passesPerRound * stations.count {
                breakLoop()
                return
            }
            let horizon = clock.horizon
            do { try references[index].run(until: horizon) } catch { fail(stations[index], error) }
            references[index].deliver(&ready)
        }
    }

    /// How often a stage may run at one instant: a frame that circles in a loop must not stop the clock.
    static let passesPerRound = 10_000

    private mutating func breakLoop() {
        let circling = stations.filter { $0.waiting > 0 }
        let ids = circling.map(\.runtime.id).joined(separator: ", ")
        failures.append(
            (
                circling.first?.runtime.id ?? name,
                StageFailure(
                    "frames go round and round without time passing, at: \(ids)",
                    help: "break the loop, or put a stage into it that drops or delays",
                    status: .badConfiguration)
            ))
        ready.removeAll()
        for station in circling { station.abandonInputs() }
    }

    // MARK: Sources

    /// A source, and how far what it listed has been handed out.
    private struct Feed {
        let station: Int
        var next = 0
        var isExhausted = false
    }

    private mutating func refill(_ index: Int) {
        let source = references[feeds[index].station]
        let listed = source.output
        guard feeds[index].next == listed.count, !feeds[index].isExhausted else { return }
        feeds[index].next = 0
        listed.count = 0
        do {
            if try !source.poll() { feeds[index].isExhausted = true }
        } catch {
            fail(stations[feeds[index].station], error)
        }
    }

    private func head(of feed: Feed) -> Instant? {
        let listed = references[feed.station].output
        return feed.next < listed.count ? listed.timestamp(at: feed.next) : nil
    }

    private func earliestFeed() -> (feed: Int, time: Instant)? {
        var earliest: (feed: Int, time: Instant)?
        for index in feeds.indices {
            guard let time = head(of: feeds[index]) else { continue }
            if let earliest, earliest.time <= time { continue }
            earliest = (index, time)
        }
        return earliest
    }

    /// Hands out the frames of one source that are next in time: up to the next frame of another source, and in a
    /// pipeline with loops only those of one instant.
    private mutating func handOut(_ index: Int, until end: Instant) {
        let source = references[feeds[index].station]
        let listed = source.output
        let first = feeds[index].next
        var limit = end
        for other in feeds.indices where other != index {
            if let head = head(of: feeds[other]) { limit = min(limit, head) }
        }
        if isCyclic { limit = listed.timestamp(at: first) }
        var last = first + min(listed.count - first, remaining)
        if limit < .never {
            var position = first + 1
            while position < last, listed.timestamp(at: position) <= limit { position += 1 }
            last = position
        }
        clock.advance(over: listed, first..<last, keepArrivals: !timekeepers.isEmpty)
        source.count(created: last - first)
        if remaining < .max { remaining -= last - first }
        source.forward(first..<last, &ready)
        feeds[index].next = listed.count == 0 ? 0 : last
    }
}
