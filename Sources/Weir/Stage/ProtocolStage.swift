// One of the files with unsafe code: the packet loop again, with a clock.

/// A stage that speaks a protocol: it judges packets, has timers, and sends frames of its own.
///
/// Frames that the stage sends leave in their place among those it forwards.
public protocol ProtocolStage: PacketStage, TimedStage {}

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
            advance(to: frame.timestamp, context)
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
}
