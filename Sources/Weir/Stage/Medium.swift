/// What the sources of a pipeline read from: sinks that write captures follow it.
public struct Medium: Hashable, Sendable {
    /// Whether time stamps are exact to the nanosecond, else to the microsecond.
    public var hasNanoseconds = false
    /// The longest frame that the source may give, in octets (a capture's snap length).
    public var snapLength = 262_144
    /// When the source's time begins, if that is before its first packet: the pipeline's clock starts there.
    public var begins: Instant?
    public init() {}
}
