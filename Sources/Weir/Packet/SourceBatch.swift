// One of the files with unsafe code: here a source's octets in a block become frames, each checked to lie inside it.

/// What a source fills: an empty batch.
@safe
public struct SourceBatch: ~Copyable {
    @usableFromInline let frames: UnsafeMutablePointer<Frame>
    @usableFromInline let capacity: Int
    /// Frames listed so far.
    @usableFromInline var count = 0

    init(frames: UnsafeMutablePointer<Frame>, capacity: Int) {
        unsafe self.frames = unsafe frames
        self.capacity = capacity
    }

    /// A batch that takes no frames.
    public static var full: SourceBatch {
        unsafe SourceBatch(frames: FramePool.none, capacity: 0)
    }

    /// How many frames were listed.
    @inlinable public var listed: Int { count }

    /// How many more frames it takes.
    @inlinable public var room: Int { capacity &- count }
}

/// A block of the arena in the hands of a source: memory to read into, in which frames are then listed in place.
/// Gives its own hold on the block back when it goes out of scope; the frames listed in it keep theirs.
@safe
public struct SourceBlock: ~Copyable {
    @usableFromInline let arena: Arena
    @usableFromInline let block: UInt16
    @usableFromInline let start: UnsafeMutableRawPointer

    /// Octets of the block.
    public let size: Int

    init?(_ arena: Arena) {
        guard arena.hasRoom else { return nil }
        self.arena = arena
        size = Arena.blockSize
        block = arena.lendBlock(toSource: true)
        unsafe start = unsafe arena.start(of: block)
    }

    /// An adopted block, which has frames again.
    init(_ arena: Arena, adopted block: UInt16, size: Int) {
        self.arena = arena
        self.block = block
        self.size = size
        unsafe arena.live[Int(block)] = 1
        unsafe start = unsafe arena.start(of: block)
    }

    deinit { arena.release(block: Int(block), count: 1) }

    /// The block, for reading what was put there.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: start, byteCount: size)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The block, for making frames there. Frames already listed in it must not be overwritten.
    @inlinable
    public var mutableBytes: MutableRawSpan {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableRawSpan(_unsafeStart: start, byteCount: size)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    /// Whether frames that were listed in the block are still on their way.
    public var holdsFrames: Bool { unsafe arena.live[Int(block)] > 1 }

    /// Copies octets of another block to an offset in this one.
    public mutating func copy(from other: borrowing SourceBlock, _ range: Range<Int>, to offset: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "outside the block")
        precondition(offset >= 0 && offset <= size - range.count, "outside the block")
        unsafe (start + offset).copyMemory(from: other.start + range.lowerBound, byteCount: range.count)
    }

    /// Moves octets of the block to an offset in it.
    public mutating func move(_ range: Range<Int>, to offset: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "outside the block")
        precondition(offset >= 0 && offset <= size - range.count, "outside the block")
        // copyMemory allows the two regions to overlap.
        unsafe (start + offset).copyMemory(from: start + range.lowerBound, byteCount: range.count)
    }

    /// The block, for system calls that fill it. Frames already listed in it must not be overwritten.
    public mutating func withUnsafeMutableBytes<Result, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeMutableRawBufferPointer(start: start, count: size))
    }

    /// Lists frames in the block: `body` calls `lister.list` for each.
    @inlinable
    public borrowing func listFrames<Failure: Error>(
        into batch: inout SourceBatch, _ body: (inout FrameLister) throws(Failure) -> Void
    ) throws(Failure) {
        var lister = unsafe FrameLister(
            next: batch.frames + batch.count, end: batch.frames + batch.capacity, blockStart: start,
            // Odd numbers for listed frames: what a timer sends goes between two of them.
            place: UInt64(block) | UInt64(truncatingIfNeeded: batch.count &* 2 &+ 1) &<< 32)
        defer {
            let end = unsafe lister.next - batch.frames
            arena.retain(block: Int(block), count: end &- batch.count)
            batch.count = end
        }
        try body(&lister)
    }
}

/// Lists the frames of one block, one after the other.
@frozen
@safe
public struct FrameLister {
    @usableFromInline var next: UnsafeMutablePointer<Frame>
    @usableFromInline let end: UnsafeMutablePointer<Frame>
    @usableFromInline let blockStart: UnsafeMutableRawPointer
    /// Block, sequence number and headroom of the next frame, as in `Frame.place`.
    @usableFromInline var place: UInt64

    @inlinable
    init(
        next: UnsafeMutablePointer<Frame>, end: UnsafeMutablePointer<Frame>, blockStart: UnsafeMutableRawPointer,
        place: UInt64
    ) {
        unsafe self.next = unsafe next
        unsafe self.end = unsafe end
        unsafe self.blockStart = unsafe blockStart
        self.place = place
    }

    /// Whether the batch is full.
    @inlinable public var isFull: Bool { unsafe next == end }

    /// Lists the frame of `length` octets at `offset` in the block, with `headroom` octets before it that nothing else
    /// uses. False, and nothing listed, when the batch is full or the frame isn't inside the block.
    @inlinable
    @discardableResult
    public mutating func list(
        at offset: Int, length: Int, wireLength: Int, timestamp: Instant, headroom: Int
    ) -> Bool {
        guard !isFull, headroom >= 0, headroom <= offset, length >= 0, length <= Arena.blockSize &- offset else {
            return false
        }
        let lengths = UInt64(truncatingIfNeeded: length) | UInt64(truncatingIfNeeded: max(wireLength, length)) &<< 32
        set(headroom: headroom)
        unsafe list(unchecked: offset, lengths: lengths, timestamp: timestamp)
        return true
    }

    /// Sets the headroom of the frames that `list(unchecked:lengths:timestamp:)` lists from now on.
    @inlinable
    @inline(__always)
    package mutating func set(headroom: Int) {
        place = place & 0xffff_ffff_ffff | UInt64(truncatingIfNeeded: headroom) &<< 48
    }

    /// `list` for a reader that has checked the same, and that the length on the wire, the upper half of `lengths`, isn't
    /// the smaller one: a check less for each packet.
    @unsafe
    @inlinable
    @inline(__always)
    package mutating func list(unchecked offset: Int, lengths: UInt64, timestamp: Instant) {
        unsafe next.initialize(
            to: Frame(
                start: blockStart + offset, lengths: lengths, timestamp: timestamp.nanoseconds, place: place))
        unsafe next += 1
        place &+= 2 &<< 32
    }
}
