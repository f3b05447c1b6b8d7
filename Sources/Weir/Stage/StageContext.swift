// One of the files with unsafe code: the memory of a new frame becomes a span for the call that fills it.

/// What a stage is handed beside the packet: counters, chance, the log, and for protocol stages the clock, timers and a
/// way to send frames.
@frozen
@safe
public struct StageContext<S: Stage> {
    @usableFromInline let runtime: StageRuntime
    @inlinable init(_ runtime: StageRuntime) { self.runtime = runtime }

    /// The id of the stage in its pipeline.
    public var id: String { runtime.id }

    /// Adds to a counter of the stage.
    @inlinable
    public func count(_ counter: S.Counter, by amount: Int = 1) {
        unsafe runtime.counters[counter.ordinal] &+= UInt64(truncatingIfNeeded: amount)
    }

    /// The value of a counter.
    public func value(of counter: S.Counter) -> Int { Int(runtime.counter(counter.ordinal)) }

    /// The stage's own generator, seeded by the run's seed and the stage's id.
    @inlinable
    public var random: SeededRandom {
        get { unsafe runtime.progress.pointee.random }
        nonmutating _modify { yield unsafe &runtime.progress.pointee.random }
    }

    /// Reports a change of state, not a packet: packets are counted.
    public func log(_ level: LogLevel, _ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        runtime.log(LogEvent(level: level, stage: id, time: runtime.now, message: message, fields: Array(fields)))
    }

    /// Precision and link type: set by sources when they start, known to other stages from then on.
    public var medium: Medium {
        get { runtime.medium }
        nonmutating set { runtime.medium = newValue }
    }

    /// The time: of the packet in hand or of the timer that fires in a protocol stage, of the batch elsewhere.
    @inlinable public var now: Instant { runtime.now }
}

extension StageContext where S: ProtocolStage {
    /// Sends a new frame of `length` octets, which `fill` sets (they are zero before), to the next stage.
    @inlinable
    public func send(length: Int, _ fill: (inout MutableRawSpan) -> Void) { send(length, to: 0, fill) }

    /// Sends a new frame of `length` octets, which `fill` sets (they are zero before), by a named output.
    @inlinable
    public func send(length: Int, to output: S.Output, _ fill: (inout MutableRawSpan) -> Void) {
        send(length, to: output.ordinal &+ 1, fill)
    }

    /// Sends a new frame with these octets by a named output.
    @inlinable
    public func send(_ octets: RawSpan, to output: S.Output) {
        let frame = runtime.makeFrame(length: octets.byteCount)
        unsafe octets.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            unsafe frame.start.copyMemory(from: from, byteCount: source.count)
        }
        runtime.send(frame, to: output.ordinal &+ 1)
    }

    @inlinable
    func send(_ length: Int, to output: Int, _ fill: (inout MutableRawSpan) -> Void) {
        let frame = runtime.makeFrame(length: length)
        unsafe frame.start.initializeMemory(as: UInt8.self, repeating: 0, count: length)
        var bytes = unsafe MutableRawSpan(_unsafeStart: frame.start, byteCount: length)
        fill(&bytes)
        runtime.send(frame, to: output)
    }

    /// How many packets are held by the verdict `keep`.
    public var heldCount: Int { runtime.heldCount }

    /// Sends a held packet on to the next stage, in its place among those that are forwarded; false when it isn't held.
    ///
    /// - Parameter index: which one, counted from the oldest. Those behind it move up.
    /// - Complexity: O(1) for the oldest, else O(held packets).
    @discardableResult
    public func forwardHeld(at index: Int = 0) -> Bool {
        guard let frame = runtime.takeHeld(at: index) else { return false }
        runtime.send(frame, to: 0)
        return true
    }

    /// Drops a held packet; false when it isn't held.
    ///
    /// - Parameter index: which one, counted from the oldest. Those behind it move up.
    /// - Complexity: O(1) for the oldest, else O(held packets).
    @discardableResult
    public func dropHeld(_ reason: S.Drop, at index: Int = 0) -> Bool {
        guard let frame = runtime.takeHeld(at: index) else { return false }
        runtime.drop(frame, reason: reason.ordinal)
        return true
    }
}

extension StageContext where S: BatchStage {
    /// Sends every packet of the batch by a named output too. Both sides share the octets until one of them writes.
    public func copy(_ batch: inout Batch, to output: S.Output) {
        for index in 0..<batch.count {
            runtime.outputs[output.ordinal + 1].append(unsafe runtime.arena.share(&batch.frames[index]))
        }
        runtime.created += UInt64(batch.count)
    }
}

extension StageContext where S: Source {
    /// A block to read into; nil while the arena has none to spare.
    public func takeBlock() -> SourceBlock? { SourceBlock(runtime.arena) }

    /// Makes memory that isn't the arena's, such as a ring that the kernel fills, a block of it, at most `Arena.blockSize`
    /// octets. `release` is called with its start whenever the last frame in it has been released; the memory must stay
    /// where it is until the closure is gone.
    @unsafe
    public func adopt(
        _ memory: UnsafeMutableRawBufferPointer, release: @escaping (UnsafeMutableRawPointer) -> Void
    ) -> AdoptedBlock? {
        guard let start = memory.baseAddress, memory.count <= Arena.blockSize else { return nil }
        return unsafe AdoptedBlock(runtime.arena, runtime.arena.adopt(start, release: release), size: memory.count)
    }
}

extension StageContext where S: Sink {
    /// So many packets have reached their destination.
    public func consumed(_ count: Int) { runtime.consumed += UInt64(count) }

    /// So many packets were lost on the way to it.
    public func dropped(_ count: Int, _ reason: S.Drop) { unsafe runtime.drops[reason.ordinal] += UInt64(count) }
}
