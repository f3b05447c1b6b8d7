// One of the files with unsafe code: properties that read and write through the runtime's pointer.

/// Where a stage stands.
@usableFromInline
struct StageProgress {
    // Counted per batch, by the engine.
    var takenIn: UInt64 = 0
    var created: UInt64 = 0
    var consumed: UInt64 = 0
    /// Dropped by the engine since they went round in a loop without time passing.
    var circling: UInt64 = 0
    /// Whether the stage has sent frames to the next one that are not in their places yet.
    var hasInsertions = false

    var timers = TimerQueue()
    @usableFromInline var random: SeededRandom

    // Where the packet loop of a protocol stage stands.
    @usableFromInline var now = Instant(nanoseconds: 0)
    @usableFromInline var nextDeadline = Instant.never
    /// Frames that the loop has forwarded of this batch: a frame sent now goes behind them.
    @usableFromInline var kept = 0
    /// Sequence number of the packet in hand.
    @usableFromInline var sequence: UInt16 = 0
    /// The port by which the batch came in, for a stage with ports.
    var port = 0
    /// 0, or where a drop reason is wired to an output a bit that no `Frame.residence` has: one comparison in the
    /// loop tells the packets that are dropped and nothing else.
    @usableFromInline var wiredDropMark: UInt64 = 0

    init(random: SeededRandom) { self.random = random }
}

extension StageRuntime {
    var timers: TimerQueue { unsafe progress.pointee.timers }

    var takenIn: UInt64 {
        get { unsafe progress.pointee.takenIn }
        set { unsafe progress.pointee.takenIn = newValue }
    }

    var created: UInt64 {
        get { unsafe progress.pointee.created }
        set { unsafe progress.pointee.created = newValue }
    }

    var consumed: UInt64 {
        get { unsafe progress.pointee.consumed }
        set { unsafe progress.pointee.consumed = newValue }
    }

    var circling: UInt64 {
        get { unsafe progress.pointee.circling }
        set { unsafe progress.pointee.circling = newValue }
    }

    var hasInsertions: Bool {
        get { unsafe progress.pointee.hasInsertions }
        set { unsafe progress.pointee.hasInsertions = newValue }
    }

    @usableFromInline var now: Instant {
        @inlinable get { unsafe progress.pointee.now }
        @inlinable set { unsafe progress.pointee.now = newValue }
    }

    @usableFromInline var nextDeadline: Instant {
        @inlinable get { unsafe progress.pointee.nextDeadline }
        @inlinable set { unsafe progress.pointee.nextDeadline = newValue }
    }

    @usableFromInline var kept: Int {
        @inlinable get { unsafe progress.pointee.kept }
        @inlinable set { unsafe progress.pointee.kept = newValue }
    }

    var port: Int {
        get { unsafe progress.pointee.port }
        set { unsafe progress.pointee.port = newValue }
    }

    @usableFromInline var wiredDropMark: UInt64 {
        @inlinable get { unsafe progress.pointee.wiredDropMark }
        set { unsafe progress.pointee.wiredDropMark = newValue }
    }

    @usableFromInline var sequence: UInt16 {
        @inlinable get { unsafe progress.pointee.sequence }
        @inlinable set { unsafe progress.pointee.sequence = newValue }
    }
}
