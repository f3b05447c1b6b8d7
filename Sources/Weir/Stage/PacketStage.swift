// One of the files with unsafe code: the loop over a batch. It is compiled in the stage's own module, where `process`
// is inlined into it; what crosses a module boundary at run time is one call a batch.

/// A stage that judges packets one by one.
///
/// `process` reads, and perhaps changes, the packet in hand and returns a verdict:
///
///     public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
///         packet.length < shortest ? .drop(.tooShort) : .forward
///     }
public protocol PacketStage: Stage {
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict

    /// The loop over a batch. Don't write your own: the default does it.
    mutating func processBatch(_ batch: inout Batch, _ context: Context)
}

extension PacketStage {
    @inlinable
    public mutating func processBatch(_ batch: inout Batch, _ context: Context) {
        let runtime = context.runtime
        let arena = unsafe runtime.arenaReference
        let frames = unsafe batch.frames
        let count = batch.count
        let residence = count > 0 ? unsafe frames[0].residence : 0
        let drops = unsafe runtime.drops
        let plainDrops = !runtime.hasWiredDrops && residence &>> 16 == 0
        var kept = 0
        var released = 0
        for index in 0..<count {
            var packet = unsafe Packet(frames[index], arena)
            let verdict = process(&packet, context)
            if verdict.code == 0 {
                // Frames that stay close ranks in place: order is kept and nothing moves when nothing is dropped.
                unsafe frames[kept] = packet.frame
                kept &+= 1
            } else if verdict.code < 0, plainDrops, packet.frame.residence == residence {
                unsafe drops[-1 &- verdict.code] &+= 1
                released &+= 1
            } else {
                runtime.divert(packet.frame, verdict.code)
            }
        }
        if released > 0 { unsafe arena._withUnsafeGuaranteedRef { $0.release(block: Int(residence), count: released) } }
        batch.size = kept
    }
}
