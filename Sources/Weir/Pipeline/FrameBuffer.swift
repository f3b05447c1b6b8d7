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
        var capacity: Int
    }

    private let state: UnsafeMutablePointer<State>

    var frames: UnsafeMutablePointer<Frame> { unsafe state.pointee.frames }

    var count: Int {
        get { unsafe state.pointee.count }
        nonmutating set { unsafe state.pointee.count = newValue }
    }

    init(capacity: Int = Batch.capacity) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(frames: .allocate(capacity: capacity), count: 0, capacity: capacity))
    }

    func deallocate() {
        unsafe frames.deallocate()
        unsafe state.deallocate()
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
        if count == 0 { swap(with: other) } else { unsafe append(other.frames, count: other.count) }
        other.count = 0
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
        count = 0
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
        let larger = max(wanted, 2 * capacity)
        let moved = UnsafeMutablePointer<Frame>.allocate(capacity: larger)
        unsafe moved.moveInitialize(from: frames, count: count)
        unsafe frames.deallocate()
        unsafe state.pointee = unsafe State(frames: moved, count: count, capacity: larger)
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
        for input in inputs { input.count = 0 }
    }
}
