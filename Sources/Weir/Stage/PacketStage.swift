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

    /// Whether `lookAhead` is to be called; asked once a batch.
    var looksAhead: Bool { get }

    /// Is shown each packet of a batch before the first one is judged: the place to prefetch what its verdict will need
    /// from a table too large for the cache. The default does nothing.
    func lookAhead(_ packet: borrowing Packet)

    /// The loop over a batch. Don't write your own: the default does it.
    mutating func processBatch(_ batch: inout Batch, _ context: Context)
}

extension PacketStage {
    @inlinable public var looksAhead: Bool { false }
    @inlinable public func lookAhead(_ packet: borrowing Packet) {}
}

extension PacketStage {
    @inlinable
    public mutating func processBatch(_ batch: inout Batch, _ context: Context) {
        judge(&batch, context) { _, _, _ in }
    }

    /// The loop. `meet` is called with each frame before it is judged, and with how many were forwarded before it.
    @inlinable
    @inline(__always)
    mutating func judge(_ batch: inout Batch, _ context: Context, meet: (inout Self, Frame, _ kept: Int) -> Void) {
        let runtime = context.runtime
        let arena = unsafe runtime.arenaReference
        let frames = unsafe batch.frames
        // What is dropped is released behind the loop, all at once, if it lives in the first packet's block, unshared.
        let plain = runtime.plainResidence(of: batch)
        var kept = 0
        var settled = 0
        if looksAhead {
            for index in 0..<batch.count {
                let packet = unsafe Packet(frames[index], arena)
                lookAhead(packet)
            }
        }
        for index in 0..<batch.count {
            meet(&self, unsafe frames[index], kept)
            var packet = unsafe Packet(frames[index], arena)
            let code = process(&packet, context).code
            // No jump tells a packet that goes on (code 0) from one that is dropped for the first reason (code -1), since
            // the processor would guess it wrong too often: the next packet takes the place of a dropped one.
            if _fastPath(packet.frame.residence == plain && UInt(bitPattern: code &+ 1) <= 1) {
                unsafe frames[kept] = packet.frame
                kept &+= code &+ 1
            } else if code == 0 {
                unsafe frames[kept] = packet.frame
                kept &+= 1
            } else {
                runtime.divert(packet.frame, code)
                settled &+= 1
            }
        }
        runtime.closeRanks(&batch, kept: kept, settled: settled, plain: plain)
    }
}
