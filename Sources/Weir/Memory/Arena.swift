// One of the files with unsafe code: the arena hands out raw memory and is told, by count, when it may have it back.

/// Memory that holds frames: owns blocks, lends them to sources and to whoever makes frames, and recycles them.
///
/// A block counts the frames that live in it. When the last one is released it becomes the next to be lent (last in,
/// first out, so that the live set stays in the cache). One arena belongs to one pipeline instance and one thread.
@safe
public final class Arena {
    /// Octets of a block: a 256 KiB read(2) plus room for the start of a record that the read before cut off.
    public static let blockSize = (256 << 10) + (4 << 10)

    /// Blocks that a source may have out at a time; beyond it, sources wait until frames are released.
    public let sourceLimit: Int

    @usableFromInline let live: UnsafeMutablePointer<Int>
    private var starts: [UnsafeMutableRawPointer] = unsafe []
    private var free: [UInt16] = []
    private var lentToSources = 0
    private var belongsToSource: [Bool] = []
    /// What is told when the last frame of a block is released that isn't the arena's own.
    private var releasers: [Int: (UnsafeMutableRawPointer) -> Void] = unsafe [:]
    @usableFromInline var shares = ShareTable()
    /// The block that new frames are made in. Behind a pointer, since every access to a variable property of a class asks
    /// the runtime for permission.
    private let scratch = UnsafeMutablePointer<Scratch?>.allocate(capacity: 1)

    @safe
    private struct Scratch {
        let block: UInt16
        let start: UnsafeMutableRawPointer
        var used = 0
    }

    /// Frames that were copied because a stage wrote to one that others still held.
    public private(set) var copies = 0

    /// Memory for the buffers between stages.
    let framePool = FramePool()

    private static let mostBlocks = 65_536

    public init(sourceLimit: Int = 32) {
        self.sourceLimit = sourceLimit
        unsafe live = .allocate(capacity: Arena.mostBlocks)
        unsafe live.initialize(repeating: 0, count: Arena.mostBlocks)
        unsafe scratch.initialize(to: nil)
    }

    deinit {
        unsafe live.deallocate()
        unsafe scratch.deallocate()
        framePool.deallocate()
        for block in unsafe starts.indices where unsafe releasers[block] == nil { unsafe starts[block].deallocate() }
    }

    /// Frames and lent blocks not yet released: 0 when every packet is accounted for.
    public var liveCount: Int {
        var sum = 0
        for block in unsafe starts.indices { unsafe sum += live[block] }
        if let scratch = unsafe scratch.pointee { sum -= unsafe live[Int(scratch.block)] > 0 ? 1 : 0 }
        return sum
    }

    /// Blocks allocated so far.
    public var blockCount: Int { unsafe starts.count }

    /// Whether a source may take another block.
    public var hasRoom: Bool { lentToSources < sourceLimit }

    // MARK: Blocks

    /// Lends a block, with one count that belongs to the borrower.
    func lendBlock(toSource: Bool) -> UInt16 {
        let block: UInt16
        if let recycled = free.popLast() {
            block = recycled
        } else {
            precondition(unsafe starts.count < Arena.mostBlocks, "more than 16 GiB of frames are held")
            block = UInt16(unsafe starts.count)
            unsafe starts.append(.allocate(byteCount: Arena.blockSize, alignment: 4096))
            belongsToSource.append(false)
        }
        unsafe live[Int(block)] = 1
        belongsToSource[Int(block)] = toSource
        if toSource { lentToSources += 1 }
        return block
    }

    /// Takes on a block of somebody else's memory, such as one of a ring that the kernel fills: at most `blockSize` octets,
    /// which must stay where they are until the arena is gone. `release` is called whenever its last frame is released.
    func adopt(_ start: UnsafeMutableRawPointer, release: @escaping (UnsafeMutableRawPointer) -> Void) -> UInt16 {
        precondition(unsafe starts.count < Arena.mostBlocks, "more blocks than the arena can count")
        let block = UInt16(unsafe starts.count)
        unsafe starts.append(start)
        belongsToSource.append(false)
        unsafe releasers[Int(block)] = unsafe release
        return block
    }

    func start(of block: UInt16) -> UnsafeMutableRawPointer { unsafe starts[Int(block)] }

    @inlinable
    func retain(block: Int, count: Int) { unsafe live[block] += count }

    /// Gives `count` frames of one block back. O(1).
    @inlinable
    func release(block: Int, count: Int) {
        let left = unsafe live[block] &- count
        unsafe live[block] = left
        if left == 0 { recycle(block) }
    }

    @usableFromInline
    func recycle(_ block: Int) {
        if let release = unsafe releasers[block] { return unsafe release(starts[block]) }
        if belongsToSource[block] { lentToSources -= 1 }
        free.append(UInt16(block))
    }

    // MARK: Frames

    /// Gives one frame back.
    @inlinable
    func release(_ frame: Frame) {
        if frame.share != 0, !shares.release(frame.share) { return }
        release(block: frame.block, count: 1)
    }

    /// Gives `count` frames back, with one subtraction when they all live unshared in one block.
    @inlinable
    func release(_ frames: UnsafePointer<Frame>, count: Int) {
        guard count > 0 else { return }
        let residence = unsafe frames[0].residence
        var differences: UInt64 = 0
        for index in 0..<count { unsafe differences |= frames[index].place ^ residence }
        if residence &>> 16 == 0, differences & 0xffff_ffff == 0 { return release(block: Int(residence), count: count) }
        for index in 0..<count { unsafe release(frames[index]) }
    }

    /// Makes one more holder of `frame`: both references are shared until one of them writes. O(1).
    func share(_ frame: inout Frame) -> Frame {
        if frame.share == 0 {
            frame.set(share: shares.add())
        } else {
            shares.retain(frame.share)
        }
        return frame
    }

    /// A new frame of `length` octets that are not set yet, with `headroom` before them.
    func makeFrame(length: Int, headroom: Int, timestamp: UInt64, sequence: UInt16) -> Frame {
        let size = headroom + length
        precondition(size <= Arena.blockSize, "a frame is longer than a block")
        var place = unsafe scratch.pointee ?? lendScratch()
        // With none of its frames left the block begins anew: what is made batch by batch stays in the cache.
        if unsafe live[Int(place.block)] == 1 { place.used = 0 }
        if place.used + size > Arena.blockSize {
            release(block: Int(place.block), count: 1)
            place = lendScratch()
        }
        retain(block: Int(place.block), count: 1)
        let start = unsafe place.start + place.used + headroom
        // The next frame starts at a multiple of 16, so that headers are aligned as the source's were.
        place.used = (place.used + size + 15) & ~15
        unsafe scratch.pointee = place
        return unsafe Frame(
            start: start, length: length, wireLength: length, timestamp: timestamp, block: place.block,
            headroom: headroom, sequence: sequence)
    }

    private func lendScratch() -> Scratch {
        let block = lendBlock(toSource: false)
        return unsafe Scratch(block: block, start: start(of: block))
    }

    /// The frame as one with a single holder and at least `headroom` octets before it: a copy if it must be.
    @usableFromInline
    func unique(_ shared: Frame, headroom: Int) -> Frame {
        var frame = shared
        if frame.share != 0, shares.isLast(frame.share) {
            shares.remove(frame.share)
            frame.set(share: 0)
        }
        if frame.share == 0, frame.headroom >= headroom { return frame }
        let wanted = max(headroom, Arena.headroomOfCopies)
        var copy = makeFrame(
            length: frame.length, headroom: wanted, timestamp: frame.timestamp, sequence: frame.sequence)
        copy.set(length: frame.length, wireLength: frame.wireLength)
        unsafe copy.start.copyMemory(from: frame.start, byteCount: frame.length)
        release(frame)
        copies += 1
        return copy
    }

    /// Enough for four VLAN tags, and for the record header that a capture writer may put in front.
    static let headroomOfCopies = 32
}
