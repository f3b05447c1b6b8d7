// One of the files with unsafe code: counters that the packet loop bumps through a pointer, and frames in flight.

/// What the engine keeps for one stage: its counters, its outputs, its timers, what it holds.
@safe
public final class StageRuntime {
    let id: String
    let descriptor: StageDescriptor
    @usableFromInline let arena: Arena
    let clock: PipelineClock
    @usableFromInline let arenaReference: Unmanaged<Arena>

    // Counted per packet.
    /// By reason.
    @usableFromInline let drops: UnsafeMutablePointer<UInt64>
    @usableFromInline let counters: UnsafeMutablePointer<UInt64>

    /// Counted by output, as frames leave.
    let out: UnsafeMutablePointer<UInt64>
    /// What changes with every batch; behind a pointer, since every access to a variable property of a class asks the
    /// runtime for permission.
    @usableFromInline let progress: UnsafeMutablePointer<StageProgress>

    /// One buffer for each way out: the unnamed one first, then named outputs, then drop reasons that are wired.
    let outputs: [FrameBuffer]
    /// For each drop reason the output that it is wired to, or 0.
    private var wiredDrops: [Int]
    private var held = HeldFrames()

    /// Frames sent to the next stage, and how many of the batch go before each.
    var insertions: [(position: Int, frame: Frame)] = [] {
        didSet { hasInsertions = !insertions.isEmpty }
    }
    var log: (LogEvent) -> Void = { _ in }
    /// The precision and link type that the sources gave, for sinks that write what they read.
    var medium = Medium()

    init(id: String, descriptor: StageDescriptor, arena: Arena, clock: PipelineClock, seed: UInt64) {
        self.id = id
        self.descriptor = descriptor
        self.arena = arena
        self.clock = clock
        unsafe arenaReference = .passUnretained(arena)
        unsafe drops = Self.zeroes(descriptor.drops.count)
        unsafe counters = Self.zeroes(descriptor.counters.count)
        let ways = 1 + descriptor.outputs.count + descriptor.drops.count
        unsafe out = Self.zeroes(ways)
        unsafe progress = .allocate(capacity: 1)
        unsafe progress.initialize(to: StageProgress(random: SeededRandom(seed: seed, name: id)))
        outputs = (0..<ways).map { _ in FrameBuffer(arena.framePool) }
        wiredDrops = Array(repeating: 0, count: descriptor.drops.count)
    }

    deinit {
        unsafe drops.deallocate()
        unsafe counters.deallocate()
        unsafe out.deallocate()
        for output in outputs { output.deallocate() }
        unsafe progress.pointee.timers.deallocate()
        unsafe progress.deinitialize(count: 1)
        unsafe progress.deallocate()
    }

    private static func zeroes(_ count: Int) -> UnsafeMutablePointer<UInt64> {
        let zeroes = UnsafeMutablePointer<UInt64>.allocate(capacity: max(count, 1))
        unsafe zeroes.initialize(repeating: 0, count: max(count, 1))
        return unsafe zeroes
    }

    func outCount(_ output: Int) -> UInt64 { unsafe out[output] }
    func dropCount(_ reason: Int) -> UInt64 { unsafe drops[reason] }
    func counter(_ index: Int) -> UInt64 { unsafe counters[index] }
    var heldCount: Int { held.count }

    /// The index among `outputs` of the way out with this name, and for a drop reason: that it is wired now.
    func wire(_ name: String) -> Int? {
        if name == StageDescriptor.next { return 0 }
        if let output = descriptor.outputs.firstIndex(where: { $0.name == name }) { return 1 + output }
        guard let reason = descriptor.drops.firstIndex(where: { $0.name == name }) else { return nil }
        let output = 1 + descriptor.outputs.count + reason
        wiredDrops[reason] = output
        wiredDropMark = 1 << 63
        return output
    }

    func name(ofOutput output: Int) -> String {
        if output == 0 { return StageDescriptor.next }
        let named = output - 1 - descriptor.outputs.count
        return named < 0 ? descriptor.outputs[output - 1].name : descriptor.drops[named].name
    }

    // MARK: Verdicts that aren't plain

    /// The residence of frames that the packet loop may drop by counting them: that of the batch's first frame, or one
    /// that no frame has.
    @inlinable
    func plainResidence(of batch: borrowing Batch) -> UInt64 {
        let block = unsafe batch.count > 0 ? batch.frames[0].block : 0
        return UInt64(truncatingIfNeeded: block) | wiredDropMark
    }

    /// Ends a packet loop that kept some packets, settled others one by one, and dropped the rest for the first reason.
    @inlinable
    func closeRanks(_ batch: inout Batch, kept: Int, settled: Int, plain: UInt64) {
        let dropped = batch.count &- kept &- settled
        if dropped > 0 {
            unsafe drops[0] &+= UInt64(truncatingIfNeeded: dropped)
            arena.release(block: Int(truncatingIfNeeded: plain & 0xffff), count: dropped)
        }
        batch.size = kept
    }

    /// Carries out a verdict other than "forward to the next stage".
    @usableFromInline
    func divert(_ frame: Frame, _ verdict: Int) {
        if verdict == VerdictCode.keep {
            held.append(frame)
        } else if verdict > 0 {
            outputs[verdict].append(frame)
        } else {
            drop(frame, reason: -1 - verdict)
        }
    }

    func drop(_ frame: Frame, reason: Int) {
        if wiredDrops[reason] != 0 { return outputs[wiredDrops[reason]].append(frame) }
        unsafe drops[reason] += 1
        arena.release(frame)
    }

    // MARK: Frames of its own

    @usableFromInline
    func send(_ frame: Frame, to output: Int) {
        if output == 0 {
            insertions.append((kept, frame))
        } else {
            outputs[output].append(frame)
        }
    }

    @usableFromInline
    func makeFrame(length: Int) -> Frame {
        created += 1
        return arena.makeFrame(
            length: length, headroom: Arena.headroomOfCopies, timestamp: now.nanoseconds, sequence: sequence)
    }

    /// Takes a held frame, which belongs from now on where the packet in hand or the timer does; nil when it isn't held.
    func takeHeld(at index: Int) -> Frame? {
        guard var frame = held.remove(at: index) else { return nil }
        frame.set(sequence: sequence)
        return frame
    }

    // MARK: Timers

    @usableFromInline
    func schedule(_ token: UInt64, at deadline: Instant, background: Bool) -> TimerID {
        let id = unsafe progress.pointee.timers.schedule(token, at: deadline, background: background)
        nextDeadline = min(nextDeadline, deadline)
        return id
    }

    @usableFromInline
    func cancel(_ id: TimerID) -> Bool {
        let wasWaiting = unsafe progress.pointee.timers.cancel(id)
        unsafe nextDeadline = progress.pointee.timers.nextDeadline
        return wasWaiting
    }

    @usableFromInline
    func deadline(of id: TimerID) -> Instant? { unsafe progress.pointee.timers.deadline(of: id) }

    /// The token of the next timer that is due by `limit`, with the clock set to its deadline.
    @usableFromInline
    func popTimer(upTo limit: Instant) -> UInt64? {
        guard nextDeadline <= limit, let next = unsafe progress.pointee.timers.popFirst() else { return nil }
        unsafe nextDeadline = progress.pointee.timers.nextDeadline
        now = max(now, next.deadline)
        sequence = clock.sequence(at: now)
        return next.token
    }
}

/// Frames that a stage keeps, oldest first.
private struct HeldFrames {
    private var frames: [Frame] = []
    private var first = 0

    var count: Int { frames.count - first }

    mutating func append(_ frame: Frame) { frames.append(frame) }

    /// Takes the frame that `index` others are older than.
    mutating func remove(at index: Int) -> Frame? {
        guard 0..<count ~= index else { return nil }
        guard index == 0 else { return frames.remove(at: first + index) }
        defer {
            first += 1
            if first > 64, first * 2 > frames.count {
                frames.removeFirst(first)
                first = 0
            }
        }
        return frames[first]
    }
}
