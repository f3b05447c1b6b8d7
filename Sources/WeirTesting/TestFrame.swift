import Weir

/// A frame that goes into or came out of a pipeline under test.
public struct TestFrame: Hashable, Sendable {
    /// On the pipeline's clock.
    public var time: Duration
    public var octets: [UInt8]
    /// How long it was before a capture cut it; nil when it is whole.
    private var uncutLength: Int?

    /// A frame, of which `wireLength` octets were on the wire if that is more than there are.
    public init(at time: Duration = .zero, _ octets: [UInt8], wireLength: Int = 0) {
        self.time = time
        self.octets = octets
        uncutLength = wireLength > octets.count ? wireLength : nil
    }

    /// How many octets it had on the wire.
    public var wireLength: Int { max(uncutLength ?? 0, octets.count) }
}
