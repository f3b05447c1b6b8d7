/// A stage that speaks a protocol: it judges packets, has timers, and sends frames of its own.
///
/// Frames that the stage sends leave in their place among those it forwards.
public protocol ProtocolStage: PacketStage, TimedStage {}

extension ProtocolStage {
    /// The loop of a `PacketStage` with a clock.
    @inlinable
    public mutating func processBatch(_ batch: inout Batch, _ context: Context) {
        let runtime = context.runtime
        judge(&batch, context) { stage, frame, kept in
            runtime.kept = kept
            stage.advance(to: frame.timestamp, context)
            runtime.sequence = frame.sequence
        }
        runtime.kept = batch.count
    }
}
