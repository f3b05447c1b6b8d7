/// What a run did: the ledger of every stage, and whether every packet is accounted for.
public struct RunSummary: Sendable {
    /// The account of one stage: in + created = sum(out) + sum(dropped) + consumed + held.
    public struct Stage: Sendable {
        public let id: String
        public let kind: String
        public let role: StageRole
        public let takenIn: UInt64
        public let created: UInt64
        /// By output, those that lead somewhere.
        public let out: [(name: String, count: UInt64)]
        /// By reason, those that occurred.
        public let dropped: [(name: String, count: UInt64)]
        public let consumed: UInt64
        public let held: UInt64
        public let counters: [(name: String, count: UInt64)]

        public var totalOut: UInt64 { out.reduce(0) { $0 + $1.count } }
        public var totalDropped: UInt64 { dropped.reduce(0) { $0 + $1.count } }

        /// Whether the account adds up.
        public var balances: Bool { takenIn + created == totalOut + totalDropped + consumed + held }
    }

    public let pipeline: String
    /// Whether each stage's account adds up, what one put out others took in, and no frame is left in the arena that
    /// nobody holds.
    public let balanced: Bool
    public let elapsed: Duration
    /// On the pipeline's clock, from the first packet to the end.
    public let virtual: Duration
    public let stages: [Stage]
    /// Frames that were copied since a stage wrote to one that others still held.
    public let copies: Int
    /// What went wrong, in order; the run went on to drain what was read.
    public let failures: [(stage: String, failure: StageFailure)]

    public var read: UInt64 { stages.reduce(0) { $0 + ($1.role == .source ? $1.created : 0) } }
    public var written: UInt64 { stages.reduce(0) { $0 + $1.consumed } }
    public var dropped: UInt64 { stages.reduce(0) { $0 + $1.totalDropped } }
    public var created: UInt64 { stages.reduce(0) { $0 + ($1.role == .source ? 0 : $1.created) } }

    /// The status that a process should end with.
    public var status: ExitStatus { failures.first?.failure.status ?? (balanced ? .success : .software) }

    init(_ engine: borrowing Engine, elapsed: Duration) {
        pipeline = engine.name
        self.elapsed = elapsed
        virtual = engine.clock.horizon - (engine.began ?? engine.clock.horizon)
        copies = engine.arena.copies
        failures = engine.failures
        stages = engine.stations.map { Stage($0) }
        let held = engine.stations.reduce(0) { $0 + $1.runtime.heldCount + $1.waiting }
        balanced =
            stages.allSatisfy { $0.balances && ($0.role != .sink || $0.held == 0) }
            && RunSummary.wiresBalance(engine.stations)
            && engine.arena.liveCount == held
    }
}

extension RunSummary {
    /// Whether what each stage took in, and what waits for it, is what others put out to it.
    private static func wiresBalance(_ stations: [Station]) -> Bool {
        var delivered = [UInt64](repeating: 0, count: stations.count)
        for station in stations {
            for (output, routes) in station.routes.enumerated() where !routes.isEmpty {
                let share = station.runtime.outCount(output) / UInt64(routes.count)
                for route in routes { delivered[route.station] += share }
            }
        }
        return stations.indices.allSatisfy {
            delivered[$0] == stations[$0].runtime.takenIn + UInt64(stations[$0].waiting)
        }
    }
}

extension RunSummary.Stage {
    init(_ station: Station) {
        let runtime = station.runtime
        let descriptor = runtime.descriptor
        id = runtime.id
        kind = descriptor.kind
        role = descriptor.role
        takenIn = runtime.takenIn
        created = runtime.created
        consumed = runtime.consumed
        out = station.routes.indices.filter { !station.routes[$0].isEmpty }.map {
            (runtime.name(ofOutput: $0), runtime.outCount($0))
        }
        var reasons = descriptor.drops.indices.map { (descriptor.drops[$0].name, runtime.dropCount($0)) }
        reasons.append(("loop", runtime.circling))
        dropped = reasons.filter { $0.1 > 0 }
        counters = descriptor.counters.indices.map { (descriptor.counters[$0].name, runtime.counter($0)) }
        // A sink holds what it has taken in and not yet accounted for.
        held =
            descriptor.role == .sink
            ? runtime.takenIn &- runtime.consumed &- dropped.reduce(0) { $0 + $1.1 } : UInt64(runtime.heldCount)
    }
}
