// One of the files with unsafe code: a growable run of frames without reference counting or bounds checks per frame.

/// Frames on their way from one stage to another, in order.
@safe
struct FrameBuffer {
    /// Behind a pointer that copies of the buffer share: passing it on costs no reference counting, which at eighty
    /// counts a batch was a third of the engine's time. Whoever made the buffer deallocates it.
    @safe
    private struct State {
        var frames: UnsafeMutablePointer<Frame>
        var count: Int
        /// 0 when there is no memory.
        var capacity: Int
    }

    private let state: UnsafeMutablePointer<State>
    private let pool: FramePool

    var frames: UnsafeMutablePointer<Frame> { unsafe state.pointee.frames }

    var count: Int {
        get { unsafe state.pointee.count }
        nonmutating set { unsafe state.pointee.count = newValue }
    }

    /// An empty buffer, which takes memory when it gets frames and gives it back when it has none left.
    init(_ pool: FramePool) {
        self.pool = pool
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(frames: FramePool.none, count: 0, capacity: 0))
    }

    func deallocate() {
        if unsafe state.pointee.capacity > 0 { unsafe frames.deallocate() }
        unsafe state.deallocate()
    }

    /// Forgets the frames, which others hold now.
    func removeAll() {
        count = 0
        guard unsafe state.pointee.capacity == Batch.capacity else { return }
        unsafe pool.give(frames)
        unsafe state.pointee = unsafe State(frames: FramePool.none, count: 0, capacity: 0)
    }

    func append(_ frame: Frame) {
        reserve(count + 1)
        unsafe frames[count] = frame
        count += 1
    }

    func append(_ source: UnsafePointer<Frame>, count added: Int) {
        guard added > 0 else { return }
        reserve(count + added)
        unsafe (frames + count).update(from: source, count: added)
        count += added
    }

    /// Appends all frames of `other`, which has none left; an exchange when there are none here. O(1) then.
    func moveAll(from other: FrameBuffer) {
        if other.count > 0 {
            if count == 0 { swap(with: other) } else { unsafe append(other.frames, count: other.count) }
        }
        other.removeAll()
    }

    func append(_ other: FrameBuffer, _ range: Range<Int>) {
        unsafe append(other.frames + range.lowerBound, count: range.count)
    }

    /// Appends frames that `other` keeps too.
    func appendShared(_ other: FrameBuffer, _ range: Range<Int>, _ arena: Arena) {
        for index in range { append(unsafe arena.share(&other.frames[index])) }
    }

    func timestamp(at index: Int) -> Instant { Instant(nanoseconds: unsafe frames[index].timestamp) }

    /// Gives the frames from `first` on back to the arena.
    func release(from first: Int = 0, to arena: Arena) {
        unsafe arena.release(frames + first, count: count - first)
        removeAll()
    }

    /// Exchanges the contents of two buffers. O(1).
    private func swap(with other: FrameBuffer) {
        let state = unsafe state.pointee
        unsafe self.state.pointee = unsafe other.state.pointee
        unsafe other.state.pointee = state
    }

    func reserve(_ wanted: Int) {
        let capacity = unsafe state.pointee.capacity
        guard wanted > capacity else { return }
        if capacity == 0, wanted <= Batch.capacity {
            unsafe state.pointee = unsafe State(frames: pool.take(), count: 0, capacity: Batch.capacity)
            return
        }
        let larger = max(wanted, 2 * capacity)
        let moved = UnsafeMutablePointer<Frame>.allocate(capacity: larger)
        let old = unsafe state.pointee
        unsafe moved.moveInitialize(from: old.frames, count: old.count)
        unsafe state.pointee = unsafe State(frames: moved, count: old.count, capacity: larger)
        if old.capacity == Batch.capacity {
            unsafe pool.give(old.frames)
        } else if old.capacity > 0 {
            unsafe old.frames.deallocate()
        }
    }

    /// The next frames in order of the sequence number, as many as follow each other in one input: which input, and how
    /// many. `heads` says how many of each were taken. Nil when none are left.
    static func nextRun(of inputs: [FrameBuffer], _ heads: [Int], atMost limit: Int) -> (input: Int, count: Int)? {
        func head(_ input: Int) -> Int {
            let frames = inputs[input]
            return heads[input] < frames.count ? unsafe Int(frames.frames[heads[input]].sequence) : .max
        }
        guard let first = inputs.indices.min(by: { head($0) < head($1) }), head(first) < .max else { return nil }
        let others = inputs.indices.filter { $0 != first }
        // Behind an equal number of an earlier input; see `merge`.
        let bound = others.map { head($0) + ($0 > first && head($0) < .max ? 1 : 0) }.min() ?? .max
        var count = 1
        let frames = inputs[first]
        while count < limit, heads[first] + count < frames.count,
            unsafe Int(frames.frames[heads[first] + count].sequence) < bound
        {
            count += 1
        }
        return (first, count)
    }

    /// Appends the frames of all `inputs` ordered by sequence number, those of earlier inputs first among equals, and
    /// empties them. O(frames x inputs), at joins only.
    func merge(_ inputs: [FrameBuffer]) {
        var heads = [Int](repeating: 0, count: inputs.count)
        while true {
            var first: Int?
            for (index, input) in inputs.enumerated() where heads[index] < input.count {
                guard let best = first else {
                    first = index
                    continue
                }
                if unsafe input.frames[heads[index]].sequence < inputs[best].frames[heads[best]].sequence {
                    first = index
                }
            }
            guard let first else { break }
            unsafe append(inputs[first].frames[heads[first]])
            heads[first] += 1
        }
        for input in inputs { input.removeAll() }
    }
}

/// Memory for a batch each, last in, first out: all buffers of a pipeline share it, so that a batch goes through every
/// stage, and the next one after it, in the same few KiB of the first-level cache.
@safe
struct FramePool {
    /// The first of the free ones; each has the next one's address in its first word.
    private let first: UnsafeMutablePointer<UnsafeMutableRawPointer?>

    /// Where a buffer without memory points.
    static var none: UnsafeMutablePointer<Frame> {
        unsafe UnsafeMutableRawPointer(bitPattern: MemoryLayout<Frame>.alignment).unsafelyUnwrapped.assumingMemoryBound(
            to: Frame.self)
    }

    init() {
        unsafe first = .allocate(capacity: 1)
        unsafe first.initialize(to: nil)
    }

    func take() -> UnsafeMutablePointer<Frame> {
        guard let free = unsafe first.pointee else { return .allocate(capacity: Batch.capacity) }
        unsafe first.pointee = unsafe free.load(as: UnsafeMutableRawPointer?.self)
        return unsafe free.assumingMemoryBound(to: Frame.self)
    }

    func give(_ frames: UnsafeMutablePointer<Frame>) {
        let free = UnsafeMutableRawPointer(frames)
        unsafe free.storeBytes(of: first.pointee, as: UnsafeMutableRawPointer?.self)
        unsafe first.pointee = unsafe free
    }

    func deallocate() {
        while unsafe first.pointee != nil { unsafe take().deallocate() }
        unsafe first.deallocate()
    }
}
