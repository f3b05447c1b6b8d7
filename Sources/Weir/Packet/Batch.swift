// One of the files with unsafe code: a batch is a bounded run of frames in a buffer of the engine.

/// An ordered run of frames, at most `Batch.capacity`, that moves through the pipeline together.
@safe
public struct Batch: ~Copyable {
    /// The most frames of a batch.
    public static let capacity = 256

    @usableFromInline let frames: UnsafeMutablePointer<Frame>
    /// How many packets there are.
    @inlinable public var count: Int { size }
    @usableFromInline var size: Int
    @usableFromInline let arena: Unmanaged<Arena>

    init(frames: UnsafeMutablePointer<Frame>, count: Int, arena: Unmanaged<Arena>) {
        unsafe self.frames = unsafe frames
        size = count
        unsafe self.arena = unsafe arena
    }

    /// Sum of the packets' captured lengths, in octets. O(count).
    @inlinable
    public var totalLength: Int {
        var sum = 0
        for index in 0..<count { unsafe sum &+= frames[index].length }
        return sum
    }

    /// Calls `body` with each packet in order, for reading. O(count).
    @inlinable
    public func forEach<Failure: Error>(_ body: (borrowing Packet) throws(Failure) -> Void) throws(Failure) {
        for index in 0..<count {
            let packet = unsafe Packet(frames[index], arena)
            try body(packet)
        }
    }
}

extension Batch {
    /// Gives every frame back to the arena.
    mutating func releaseAll() {
        unsafe arena.takeUnretainedValue().release(frames, count: count)
        size = 0
    }
}
