// One of the files with unsafe code: what changes with every packet is behind a pointer, since every access to a variable
// property of a class asks the runtime for permission.

/// The clock that all stages of a pipeline share. Offline it stands at the time stamp of what is being processed.
@safe
final class PipelineClock {
    @safe
    private struct State {
        var horizon = Instant(nanoseconds: 0)
        var arrivalCount = 0
        /// Where the last search ended: timers of one stage fire in order, so the next one is rarely far.
        var cursor = 0
    }

    private let state: UnsafeMutablePointer<State>
    /// The time at which each frame of the round arrived: time stamps, made monotonic.
    private let arrivals: UnsafeMutablePointer<UInt64>

    /// How far this round may go: the latest time stamp of the frames that the source handed out with it.
    var horizon: Instant { unsafe state.pointee.horizon }

    init() {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
        unsafe arrivals = .allocate(capacity: Batch.capacity)
        unsafe arrivals.initialize(repeating: 0, count: Batch.capacity)
    }

    deinit {
        unsafe state.deallocate()
        unsafe arrivals.deallocate()
    }

    /// Begins a round in which these frames of a source, at most `Batch.capacity`, go through the pipeline. Their arrivals
    /// are kept where timers may ask for them.
    func advance(over frames: FrameBuffer, _ range: Range<Int>, keepArrivals: Bool) {
        guard keepArrivals else {
            // Nobody asks for the time within the round: where it ends is enough.
            unsafe state.pointee.horizon = max(horizon, frames.timestamp(at: range.upperBound - 1))
            return
        }
        precondition(range.count <= Batch.capacity, "a round has more frames than a batch")
        var latest = horizon
        for (place, index) in range.enumerated() {
            latest = max(latest, frames.timestamp(at: index))
            unsafe arrivals[place] = latest.nanoseconds
        }
        unsafe state.pointee = State(horizon: latest, arrivalCount: range.count)
    }

    /// Begins a round without frames.
    func advance(to instant: Instant) {
        unsafe state.pointee = State(horizon: max(horizon, instant), arrivalCount: 0)
    }

    /// The sequence number of a frame that is made at `instant`: behind the frames that arrived before it, ahead of the
    /// others (listed frames have odd numbers). O(frames between this instant and the last that was asked for).
    func sequence(at instant: Instant) -> UInt16 {
        let count = unsafe state.pointee.arrivalCount
        var place = unsafe state.pointee.cursor
        while place < count, unsafe arrivals[place] < instant.nanoseconds { place += 1 }
        while place > 0, unsafe arrivals[place - 1] >= instant.nanoseconds { place -= 1 }
        unsafe state.pointee.cursor = place
        return UInt16(truncatingIfNeeded: place * 2)
    }
}
