import Weir

/// A frame that goes into or came out of a pipeline under test.
public struct TestFrame: Hashable, Sendable {
    /// On the pipeline's clock.
    public var time: Duration
    public var octets: [UInt8]

    public init(at time: Duration = .zero, _ octets: [UInt8]) {
        self.time = time
        self.octets = octets
    }
}
