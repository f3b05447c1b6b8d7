// One of the files with unsafe code: the packet loop again, with a clock.

/// A stage that speaks a protocol: it judges packets, has timers, and sends frames of its own.
///
/// Between two packets, timers fire whose deadline the second one's time stamp has reached, in order of their deadlines;
/// `context.now` is the deadline while they do. Frames that the stage sends leave in their place among those it forwards.
public protocol ProtocolStage: PacketStage {
    /// A timer that the stage scheduled has come due.
    mutating func timerFired(_ token: UInt64, _ context: Context)

    /// Fires what is due until `limit`. Don't write your own: the default does it.
    mutating func fireTimers(upTo limit: Instant, _ context: Context)
}

extension ProtocolStage {
    @inlinable
    public mutating func processBatch(_ batch: inout Batch, _ context: Context) {
        let runtime = context.runtime
        let arena = unsafe runtime.arenaReference
        let frames = unsafe batch.frames
        var kept = 0
        for index in 0..<batch.count {
            runtime.kept = kept
            let frame = unsafe frames[index]
            if frame.timestamp > runtime.now.nanoseconds || runtime.nextDeadline <= runtime.now {
                let time = max(runtime.now, Instant(nanoseconds: frame.timestamp))
                if runtime.nextDeadline <= time { fireTimers(upTo: time, context) }
                runtime.now = time
            }
            runtime.sequence = frame.sequence
            var packet = unsafe Packet(frame, arena)
            let verdict = process(&packet, context)
            if verdict.code == 0 {
                unsafe frames[kept] = packet.frame
                kept &+= 1
            } else {
                runtime.divert(packet.frame, verdict.code)
            }
        }
        runtime.kept = kept
        batch.size = kept
    }

    @inlinable
    public mutating func fireTimers(upTo limit: Instant, _ context: Context) {
        let runtime = context.runtime
        while let timer = runtime.popTimer(upTo: limit) { timerFired(timer, context) }
    }
}
