/// One step of a pipeline. A stage is one of these shapes, each a protocol that refines this one:
///
/// | shape | is handed | examples |
/// |---|---|---|
/// | `PacketStage` | one packet, and says what becomes of it | `vlan-isolation`, `nlb-filter` |
/// | `ProtocolStage` | the same, with a clock and timers, and may send frames of its own | `igmp-responder` |
/// | `PortStage` | a packet and the port that it came in by, and sends it out by others; has a clock | `switch` |
/// | `BatchStage` | a whole batch | `counter`, `tee` |
/// | `Source`, `Sink` | the way in and the way out | `capture`, `transmit` |
///
/// A stage has no other world than what it is handed: no global state, no wall clock, no random device. So every stage
/// runs the same in virtual time.
public protocol Stage: SendableMetatype {
    /// The parameters, declared once.
    associatedtype Configuration: StageConfiguration = NoParameters
    /// Named ways out, beside the unnamed one that leads to the next stage of the list.
    associatedtype Output: StageWord = NoWords
    /// Why packets are dropped. A reason that YAML wires under `to` is an output instead.
    associatedtype Drop: StageWord = NoWords
    /// What else is counted.
    associatedtype Counter: StageWord = NoWords

    /// The word that YAML uses.
    static var kind: String { get }
    /// One line: what it does to a packet.
    static var summary: String { get }
    /// More about it, in Markdown; may be empty.
    static var details: String { get }
    /// A pipeline that runs as it stands.
    static var example: String { get }

    /// Makes the stage of its parameters; must not open anything. Throws a `ConfigurationError` when parameters that are
    /// valid each do not go together.
    init(_ configuration: Configuration) throws

    /// What is odd about a configuration that `init` accepts: `weir check` and `weir run` print it, and go on.
    static func warnings(about configuration: Configuration) -> [ConfigurationWarning]
    /// What the stage needs for one owner alone; see ``Claim``.
    static func claims(of configuration: Configuration) -> [Claim]

    /// Called once, when the clock stands at the first packet, before any packet is handed out. Opens what it needs.
    mutating func start(_ context: Context) throws
    /// Called once, after the last packet: writes out what it still has.
    mutating func finish(_ context: Context) throws
}

extension Stage {
    public typealias Context = StageContext<Self>
    public typealias Verdict = StageVerdict<Self>

    public static var details: String { "" }
    public static func warnings(about configuration: Configuration) -> [ConfigurationWarning] { [] }
    public static func claims(of configuration: Configuration) -> [Claim] { [] }
    public mutating func start(_ context: Context) {}
    public mutating func finish(_ context: Context) {}
}

/// The configuration of a stage without parameters.
public struct NoParameters: StageConfiguration {
    public init() {}
}

/// What a stage says of a packet.
@frozen
public struct StageVerdict<S: Stage> {
    /// 0 forwards to the next stage, n > 0 to the n-th named output, n < 0 drops for the n-th reason; `VerdictCode.keep`.
    @usableFromInline let code: Int
    @inlinable init(code: Int) { self.code = code }

    /// On to the next stage.
    @inlinable public static var forward: Self { Self(code: 0) }
    /// Out by a named output.
    @inlinable public static func forward(to output: S.Output) -> Self { Self(code: output.ordinal &+ 1) }
    /// Dropped, and counted under the reason; where YAML wires the reason, sent there instead.
    @inlinable public static func drop(_ reason: S.Drop) -> Self { Self(code: -1 &- reason.ordinal) }
}

/// Codes of verdicts, which fit into 16 bits.
@usableFromInline
enum VerdictCode {
    @inlinable static var keep: Int { 0x7fff }
}

extension StageVerdict where S: ProtocolStage {
    /// Held, in order, until the stage calls `forwardHeld` or `dropHeld`.
    @inlinable public static var keep: Self { Self(code: VerdictCode.keep) }
}
