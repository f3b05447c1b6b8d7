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
    /// Judges a packet.
    ///
    /// Runs millions of times a second: mark it, and helpers that take the packet, `@inline(__always)`, and let rare cases
    /// be functions of their own that take plain values or the packet's `bytes`.
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
        let verdicts = unsafe runtime.verdicts
        var all = 0
        // Judging and sorting are two loops: what is a coin toss, as most verdicts on single packets are, is stored here
        // and counted there without a jump that the processor would guess wrong.
        for index in 0..<batch.count {
            var packet = unsafe Packet(frames + index, arena)
            let code = process(&packet, context).code
            unsafe verdicts[index] = Int16(truncatingIfNeeded: code)
            all |= code
        }
        if all != 0 { runtime.sort(&batch) }
    }
}

extension UnsafeMutablePointer where Pointee == Frame {
    /// Copies a frame here as it is, 32 octets at once.
    @inlinable
    @inline(__always)
    func take(from other: Self) {
        unsafe UnsafeMutableRawPointer(self).copyMemory(from: other, byteCount: MemoryLayout<Frame>.size)
    }
}
