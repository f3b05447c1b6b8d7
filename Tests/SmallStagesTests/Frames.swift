import Testing
import Weir

/// A frame as a test gives it to a pipeline and finds it again.
struct Frame: Equatable {
    var nanoseconds: UInt64 = 0
    var octets: [UInt8]
    /// 0 stands for the number of octets.
    var wireLength = 0
}

/// A source that lists the frames of a test.
struct FrameSource: Source {
    struct Configuration: StageConfiguration {
        var frames: [Frame] = []
        init() {}
    }

    static let kind = "frames"
    static let summary = "Lists the frames of a test."
    static let example = ""

    private var waiting: ArraySlice<Frame>

    init(_ configuration: Configuration) { waiting = configuration.frames[...] }

    mutating func poll(_ batch: inout SourceBatch, _ context: Context) -> Bool {
        guard var block = context.takeBlock() else { return true }
        let frames = waiting.prefix(batch.room)
        var places: [Int] = []
        unsafe block.withUnsafeMutableBytes { memory in
            var place = 32
            for frame in frames {
                places.append(place)
                for octet in frame.octets {
                    unsafe memory[place] = octet
                    place += 1
                }
                place += 32
            }
        }
        block.listFrames(into: &batch) { lister in
            for (frame, place) in zip(frames, places) {
                lister.list(
                    at: place, length: frame.octets.count, wireLength: frame.wireLength,
                    timestamp: Instant(nanoseconds: frame.nanoseconds), headroom: 16)
            }
        }
        waiting = waiting.dropFirst(frames.count)
        return !waiting.isEmpty
    }
}

/// A sink that keeps what arrives.
struct FrameSink: Sink {
    /// Where it is kept.
    final class Kept { var frames: [Frame] = [] }

    struct Configuration: StageConfiguration {
        nonisolated(unsafe) var kept = Kept()
        init() {}
    }

    static let kind = "kept"
    static let summary = "Keeps what arrives, for a test."
    static let example = ""

    private let kept: Kept

    init(_ configuration: Configuration) { kept = unsafe configuration.kept }

    mutating func consume(_ batch: borrowing Batch, _ context: Context) {
        batch.forEach { packet in
            let octets = unsafe packet.bytes.withUnsafeBytes { unsafe Array($0) }
            kept.frames.append(
                Frame(
                    nanoseconds: packet.timestamp.nanoseconds, octets: octets,
                    wireLength: packet.wireLength == packet.length ? 0 : packet.wireLength))
        }
        context.consumed(batch.count)
    }
}
