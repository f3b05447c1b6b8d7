/// A stage that speaks a protocol: it judges packets, has timers, and sends frames of its own.
///
/// Frames that the stage sends leave in their place among those it forwards.
public protocol ProtocolStage: PacketStage, TimedStage {
    /// Whether the clock is to be set to each packet before it is judged. While it is false, `context.now` stands still, no
    /// timer fires between packets, and nothing may be sent; a packet costs some nanoseconds less. The default is true.
    var needsClock: Bool { get }
}

extension ProtocolStage {
    @inlinable public var needsClock: Bool { true }

    /// The loop of a `PacketStage` with a clock.
    @inlinable
    public mutating func processBatch(_ batch: inout Batch, _ context: Context) {
        let runtime = context.runtime
        judge(&batch, context) { stage, frame, kept in
            if stage.needsClock {
                runtime.kept = kept
                stage.advance(to: frame.timestamp, context)
                runtime.sequence = frame.sequence
            }
        }
        runtime.kept = batch.count
    }
}
