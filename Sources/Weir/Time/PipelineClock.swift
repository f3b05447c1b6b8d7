/// The clock that all stages of a pipeline share. Offline it stands at the time stamp of what is being processed.
final class PipelineClock {
    /// How far this round may go: the latest time stamp of the frames that the source handed out with it.
    private(set) var horizon = Instant(nanoseconds: 0)
    /// The time at which each of those frames arrived: time stamps, made monotonic.
    private var arrivals: [UInt64] = []

    /// Begins a round in which these frames of a source go through the pipeline. Their arrivals are kept where timers
    /// may ask for them.
    func advance(over frames: FrameBuffer, _ range: Range<Int>, keepArrivals: Bool) {
        guard keepArrivals else {
            // Nobody asks for the time within the round: where it ends is enough.
            horizon = max(horizon, frames.timestamp(at: range.upperBound - 1))
            return
        }
        arrivals.removeAll(keepingCapacity: true)
        var latest = horizon
        for index in range {
            latest = max(latest, frames.timestamp(at: index))
            arrivals.append(latest.nanoseconds)
        }
        horizon = latest
    }

    /// Begins a round without frames.
    func advance(to instant: Instant) {
        arrivals.removeAll(keepingCapacity: true)
        horizon = max(horizon, instant)
    }

    /// The sequence number of a frame that is made at `instant`: behind the frames that arrived before it, ahead of the
    /// others (listed frames have odd numbers). O(log n).
    func sequence(at instant: Instant) -> UInt16 {
        var low = 0
        var high = arrivals.count
        while low < high {
            let middle = (low + high) / 2
            if arrivals[middle] < instant.nanoseconds { low = middle + 1 } else { high = middle }
        }
        return UInt16(truncatingIfNeeded: low * 2)
    }
}
