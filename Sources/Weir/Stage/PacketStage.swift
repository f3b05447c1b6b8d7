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
        let end = unsafe frames + batch.count
        let block = batch.count > 0 ? unsafe frames[0].block : 0
        let drops = unsafe runtime.drops
        // What is dropped is released behind the loop, all at once, if it lives in the first packet's block, unshared.
        let plain = UInt64(truncatingIfNeeded: block) | runtime.wiredDropMark
        var next = unsafe frames
        // Where the packet in hand is put before it is judged: behind those that were forwarded, whose order is kept. The
        // next packet takes the place of one that goes elsewhere.
        var place = unsafe frames
        var diverted = 0
        while unsafe next != end {
            unsafe place.take(from: next)
            unsafe next += 1
            var packet = unsafe Packet(place, arena)
            let verdict = process(&packet, context)
            if verdict.code == 0 {
                unsafe place += 1
            } else if verdict.code < 0, unsafe place.pointee.residence == plain {
                unsafe drops[-1 &- verdict.code] &+= 1
            } else {
                diverted &+= 1
                unsafe runtime.divert(place.pointee, verdict.code)
            }
        }
        let kept = unsafe place - frames
        let released = batch.count &- kept &- diverted
        if released > 0 { unsafe arena._withUnsafeGuaranteedRef { $0.release(block: block, count: released) } }
        batch.size = kept
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
