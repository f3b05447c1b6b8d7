import Weir
import WeirWire

/// What reached a `Collector`.
final class Collection {
    var frames: [TestFrame] = []
}

/// A sink that keeps what reaches it.
struct Collector: Sink {
    static let kind = "test-collector"
    static let summary = "Keeps what reaches it."
    static let example = ""

    private let collection: Collection

    init(into collection: Collection) { self.collection = collection }
    init(_ configuration: NoParameters) { collection = Collection() }

    mutating func consume(_ batch: borrowing Batch, _ context: Context) {
        batch.forEach { packet in
            let octets = (0..<packet.length).map { packet.bytes.uint8(at: $0) }
            collection.frames.append(TestFrame(at: packet.timestamp - Instant(nanoseconds: 0), octets))
        }
        context.consumed(batch.count)
    }
}
