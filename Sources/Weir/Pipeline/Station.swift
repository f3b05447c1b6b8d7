// One of the files with unsafe code: batches are windows on the buffers between stages.

/// A stage in a running pipeline, with the frames that wait for it and the wires that lead on.
final class Station {
    let stage: AnyStage
    let runtime: StageRuntime
    /// Frames that wait, one buffer for each wire that leads here: joins merge them in order of arrival.
    let inputs: [FrameBuffer]
    /// For each of them the port that it leads to.
    private let ports: [Int]
    /// For each way out of the runtime, the stations it leads to and the input there.
    let routes: [[Route]]
    /// The unnamed way out.
    private let output: FrameBuffer
    private let merged: FrameBuffer
    let keepsTime: Bool

    /// A station and one of its inputs.
    struct Route {
        let station: Int
        let input: FrameBuffer
    }

    /// A buffer of frames that wait, and the port that they come in by.
    struct Input {
        let frames: FrameBuffer
        let port: Int
    }

    init(stage: AnyStage, runtime: StageRuntime, inputs: [Input], routes: [[Route]]) {
        self.stage = stage
        self.runtime = runtime
        self.inputs = inputs.map(\.frames)
        ports = inputs.map(\.port)
        self.routes = routes
        output = runtime.outputs[0]
        merged = FrameBuffer(runtime.arena.framePool)
        keepsTime = stage.keepsTime
    }

    deinit {
        for input in inputs { input.deallocate() }
        merged.deallocate()
    }

    var waiting: Int { inputs.reduce(0) { $0 + $1.count } }

    /// Runs the stage over all that waits, in batches, then its timers up to `horizon`. What goes on is left in the
    /// outputs of the runtime.
    func run(until horizon: Instant) throws {
        if !keepsTime { runtime.now = horizon }
        if runtime.descriptor.role == .hub {
            try runPortByPort()
            return runTimers(until: horizon)
        }
        let input = takeInput()
        if input.count > 0, input.count <= Batch.capacity, output.count == 0 {
            // The usual case: the batch stays where it is and its buffer becomes the output.
            try unsafe runBatch(input.frames, count: input.count) { kept in
                input.count = kept
                output.moveAll(from: input)
            }
        } else {
            defer { input.removeAll() }
            for first in stride(from: 0, to: input.count, by: Batch.capacity) {
                let frames = unsafe input.frames + first
                try unsafe runBatch(frames, count: min(input.count - first, Batch.capacity)) { kept in
                    unsafe output.append(frames, count: kept)
                }
            }
        }
        if keepsTime { runTimers(until: horizon) }
    }

    /// Runs the stage over all that waits, in order, in batches that came in by one port each.
    private func runPortByPort() throws {
        defer { for input in inputs { input.removeAll() } }
        var heads = [Int](repeating: 0, count: inputs.count)
        while let (input, count) = FrameBuffer.nextRun(of: inputs, heads, atMost: Batch.capacity) {
            runtime.port = ports[input]
            try unsafe runBatch(inputs[input].frames + heads[input], count: count) { _ in }
            heads[input] += count
        }
    }

    private func runBatch(
        _ frames: UnsafeMutablePointer<Frame>, count: Int, forward: (_ kept: Int) -> Void
    ) throws {
        runtime.takenIn += UInt64(count)
        var batch = unsafe Batch(frames: frames, count: count, arena: runtime.arenaReference)
        defer {
            if !runtime.hasInsertions {
                forward(batch.count)
            } else {
                unsafe placeInsertions(among: frames, kept: batch.count)
                forward(0)
            }
        }
        try stage.run(&batch, runtime)
    }

    private func runTimers(until horizon: Instant) {
        runtime.kept = 0
        stage.fireTimers(upTo: horizon, runtime)
        runtime.now = max(runtime.now, horizon)
        flushInsertions()
    }

    /// Puts frames that the stage sent outside of a batch behind what it forwarded.
    func flushInsertions() { unsafe placeInsertions(among: output.frames, kept: 0) }

    /// Drops what waits; the ledger names it `loop`.
    func abandonInputs() {
        runtime.circling += UInt64(waiting)
        runtime.takenIn += UInt64(waiting)
        for input in inputs { input.release(to: runtime.arena) }
    }

    /// Puts frames that the stage sent to the next one in their places among the `kept` ones that it forwarded.
    private func placeInsertions(among frames: UnsafeMutablePointer<Frame>, kept: Int) {
        guard runtime.hasInsertions else { return }
        var placed = 0
        for insertion in runtime.insertions {
            unsafe output.append(frames + placed, count: insertion.position - placed)
            placed = insertion.position
            output.append(insertion.frame)
        }
        unsafe output.append(frames + placed, count: kept - placed)
        runtime.insertions.removeAll(keepingCapacity: true)
    }

    /// All frames that wait, in order.
    private func takeInput() -> FrameBuffer {
        if inputs.count == 1 { return inputs[0] }
        let waiting = inputs.filter { $0.count > 0 }
        if waiting.count == 1 { return waiting[0] }
        merged.merge(waiting)
        return merged
    }

    /// Lists frames of a source in the output that leads on. False when there will be no more.
    func poll() throws -> Bool {
        output.reserve(Batch.capacity)
        var batch = unsafe SourceBatch(frames: output.frames, capacity: Batch.capacity)
        defer { output.count = batch.count }
        return try stage.poll(&batch, runtime)
    }

    // MARK: Delivery

    /// Passes what the stage put out on to the stations it leads to, which are ready then.
    func deliver(_ ready: inout ReadySet) {
        for output in runtime.outputs.indices where runtime.outputs[output].count > 0 {
            forward(0..<runtime.outputs[output].count, by: output, &ready)
        }
    }

    /// Passes on some of the frames in an output: to the last station that it leads to the frames, to those before it
    /// frames that share their octets.
    func forward(_ range: Range<Int>, by output: Int, _ ready: inout ReadySet) {
        let frames = runtime.outputs[output]
        guard let last = routes[output].last else { preconditionFailure("an output leads nowhere") }
        var copies: UInt64 = 0
        if routes[output].count > 1 {
            for route in routes[output].dropLast() {
                route.input.appendShared(frames, range, runtime.arena)
                ready.insert(route.station)
                copies += UInt64(range.count)
            }
            runtime.created += copies
        }
        unsafe runtime.out[output] += UInt64(range.count) + copies
        if range == 0..<frames.count { last.input.moveAll(from: frames) } else { last.input.append(frames, range) }
        ready.insert(last.station)
    }
}

/// A station without reference counting, which the engine would do several times a batch and stage. The engine keeps the
/// stations for as long as it has references.
@safe
struct StationReference {
    private let station: Unmanaged<Station>

    /// The unnamed way out.
    let output: FrameBuffer

    init(_ station: Station) {
        unsafe self.station = .passUnretained(station)
        output = station.runtime.outputs[0]
    }

    func run(until horizon: Instant) throws {
        try unsafe station._withUnsafeGuaranteedRef { try $0.run(until: horizon) }
    }

    func poll() throws -> Bool {
        try unsafe station._withUnsafeGuaranteedRef { try $0.poll() }
    }

    func deliver(_ ready: inout ReadySet) {
        unsafe station._withUnsafeGuaranteedRef { $0.deliver(&ready) }
    }

    func forward(_ range: Range<Int>, _ ready: inout ReadySet) {
        unsafe station._withUnsafeGuaranteedRef { $0.forward(range, by: 0, &ready) }
    }

    /// Counts frames of a source that go into the pipeline.
    func count(created: Int) {
        unsafe station._withUnsafeGuaranteedRef { $0.runtime.created += UInt64(created) }
    }
}
