// One of the files with unsafe code: the frames' octets are copied into a block's raw memory.

import Weir

/// A source that lists given frames, in the order given.
public struct FrameSource: Source {
    public static let kind = "test-frames"
    public static let summary = "Lists given frames."
    public static let example = ""

    private var frames: ArraySlice<TestFrame>

    public init(_ frames: [TestFrame]) { self.frames = frames[...] }
    public init(_ configuration: NoParameters) { self.init([]) }

    public mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool {
        guard !frames.isEmpty else { return false }
        guard var block = context.takeBlock() else { return true }
        precondition(frames[frames.startIndex].octets.count <= block.size - FrameSource.headroom, "longer than a block")
        var places: [(offset: Int, frame: TestFrame)] = []
        var end = FrameSource.headroom
        while let next = frames.first, places.count < batch.room, end + next.octets.count <= block.size {
            places.append((end, next))
            end += next.octets.count + FrameSource.headroom
            frames.removeFirst()
        }
        unsafe block.withUnsafeMutableBytes { memory in
            for (offset, frame) in places {
                unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyBytes(from: frame.octets)
            }
        }
        block.listFrames(into: &batch) { lister in
            for (offset, frame) in places {
                lister.list(
                    at: offset, length: frame.octets.count, wireLength: frame.wireLength,
                    timestamp: Instant(nanoseconds: 0) + frame.time, headroom: FrameSource.headroom)
            }
        }
        return true
    }

    /// As much as a capture's record header gives.
    private static let headroom = 16
}
