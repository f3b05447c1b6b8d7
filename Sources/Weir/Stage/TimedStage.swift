/// A stage with timers, which the clock of the pipeline drives.
///
/// Between two packets, timers fire whose deadline the second one's time stamp has reached, in order of their deadlines;
/// `context.now` is the deadline while they do.
public protocol TimedStage: Stage {
    /// A timer that the stage scheduled has come due.
    mutating func timerFired(_ token: UInt64, _ context: Context)

    /// Fires what is due until `limit`. Don't write your own: the default does it.
    mutating func fireTimers(upTo limit: Instant, _ context: Context)
}

extension TimedStage {
    @inlinable
    @inline(never)
    public mutating func fireTimers(upTo limit: Instant, _ context: Context) {
        let runtime = context.runtime
        while let timer = runtime.popTimer(upTo: limit) { timerFired(timer, context) }
    }

    /// Sets the clock to a packet that arrived at `timestamp`, letting timers fire that are due before it.
    @inlinable
    @inline(__always)
    mutating func advance(to timestamp: UInt64, _ context: Context) {
        let runtime = context.runtime
        let time = max(runtime.now, Instant(nanoseconds: timestamp))
        if runtime.nextDeadline <= time { fireTimers(upTo: time, context) }
        runtime.now = time
    }
}

extension StageContext where S: TimedStage {
    /// Has `timerFired` called with `token` at `deadline`, at once when that has passed. O(log n).
    ///
    /// After the last packet the run goes on until no timer waits, except for `background` ones: what repeats for ever
    /// should be one.
    @inlinable
    @discardableResult
    public func schedule(_ token: UInt64, at deadline: Instant, background: Bool = false) -> TimerID {
        runtime.schedule(token, at: deadline, background: background)
    }

    /// Cancels a timer; false when it has fired or was cancelled before. O(log n).
    @inlinable
    @discardableResult
    public func cancel(_ timer: TimerID) -> Bool { runtime.cancel(timer) }

    /// When a timer is due; nil when it has fired or was cancelled.
    @inlinable
    public func deadline(of timer: TimerID) -> Instant? { runtime.deadline(of: timer) }
}
