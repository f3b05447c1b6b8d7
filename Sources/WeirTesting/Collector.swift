import Weir
import WeirWire

/// What reached a `Collector`.
public final class CollectedFrames {
    public var frames: [TestFrame] = []

    public init() {}
}

/// A sink that keeps what reaches it.
public struct Collector: Sink {
    public static let kind = "test-collector"
    public static let summary = "Keeps what reaches it."
    public static let example = ""

    private let collection: CollectedFrames

    public init(into collection: CollectedFrames) { self.collection = collection }
    public init(_ configuration: NoParameters) { collection = CollectedFrames() }

    public mutating func consume(_ batch: borrowing Batch, _ context: Context) {
        batch.forEach { packet in
            let octets = (0..<packet.length).map { packet.bytes.uint8(at: $0) }
            collection.frames.append(
                TestFrame(at: packet.timestamp - Instant(nanoseconds: 0), octets, wireLength: packet.wireLength))
        }
        context.consumed(batch.count)
    }
}
