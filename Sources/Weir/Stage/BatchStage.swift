/// A stage that is handed whole batches. What it leaves in the batch goes on to the next stage.
public protocol BatchStage: Stage {
    mutating func process(_ batch: inout Batch, _ context: Context)
}

/// A way out: consumes packets.
///
/// The engine takes the frames back when `consume` returns; packets count as held until the sink has said what became
/// of them with `context.consumed` or `context.dropped`, so that what waits in a buffer is not reported as written.
public protocol Sink: Stage {
    mutating func consume(_ batch: borrowing Batch, _ context: Context) throws
}

/// A way in: lists frames in blocks of the arena.
public protocol Source: Stage {
    /// What becomes readable when there are packets, for a source that they come to as they happen. Nil for one that has
    /// the next packet whenever it is asked, such as a file. Asked after `start`.
    var descriptor: Int32? { get }

    /// Lists up to `batch.room` frames, in the order of their arrival. False when there will be no more.
    mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool
}

extension Source {
    public var descriptor: Int32? { nil }
}
