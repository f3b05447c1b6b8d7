/// An output, a drop reason or a counter: its name in YAML and summaries, and one line about it.
public struct StageName: Hashable, Sendable {
    public let name: String
    public let help: String

    public init(name: String, help: String) {
        self.name = name
        self.help = help
    }
}

/// Where a stage stands in a chain. A hub stands in none: its ports are wired by name.
public enum StageRole: String, Sendable {
    case source, stage, sink, hub

    /// Whether packets leave by an unnamed output, which leads to the next item of the list.
    public var hasNext: Bool { self == .source || self == .stage }
}

/// All that is known of a kind of stage without making one.
public struct StageDescriptor: Sendable {
    /// The name of the unnamed output, the one that leads to the next stage of the list.
    public static let next = "next"

    public let kind: String
    public let summary: String
    public let details: String
    public let example: String
    public let role: StageRole
    public let parameters: [ParameterDescriptor]
    /// Named inputs: the ports of a hub, known when its configuration is.
    public internal(set) var inputs: [StageName] = []
    /// Named outputs, without the unnamed one.
    public internal(set) var outputs: [StageName]
    public let drops: [StageName]
    public internal(set) var counters: [StageName]
    /// What is counted for each port.
    public internal(set) var portCounters: [StageName] = []
    /// How many ports a stage of a configuration has; nil for stages that aren't hubs.
    var portCount: (@Sendable (any StageConfiguration) -> Int)?
    /// A configuration with every default filled in.
    public let makeConfiguration: @Sendable () -> any StageConfiguration
    /// The stage of a configuration that `makeConfiguration` made. Opens nothing.
    public let makeStage: @Sendable (any StageConfiguration) throws -> AnyStage

    /// What is odd about a configuration of which a stage can be made.
    package let warnings: @Sendable (any StageConfiguration) -> [ConfigurationWarning]
    /// What a stage of a configuration needs for one owner alone.
    package let claims: @Sendable (any StageConfiguration) -> [Claim]

    init<S: Stage>(_ type: S.Type, role: StageRole, box: @escaping @Sendable (S) -> AnyStage) {
        kind = S.kind
        summary = S.summary
        details = S.details
        example = S.example
        self.role = role
        parameters = S.Configuration().settings.map(\.descriptor)
        outputs = Self.names(S.Output.self)
        drops = Self.names(S.Drop.self)
        counters = Self.names(S.Counter.self)
        makeConfiguration = { S.Configuration() }
        makeStage = { configuration in
            guard let configuration = configuration as? S.Configuration else {
                throw ConfigurationError("this is not a configuration of \(S.kind)")
            }
            return box(try S(configuration))
        }
        warnings = { configuration in (configuration as? S.Configuration).map { S.warnings(about: $0) } ?? [] }
        claims = { configuration in (configuration as? S.Configuration).map { S.claims(of: $0) } ?? [] }
    }

    static func names<Word: StageWord>(_: Word.Type) -> [StageName] {
        for (position, word) in Word.allCases.enumerated() {
            precondition(word.ordinal == position, "\(Word.self) must be a plain enumeration with synthesized allCases")
        }
        return Word.allCases.map { StageName(name: $0.name, help: $0.rawValue) }
    }
}

/// The kinds of stages that a program knows.
public struct StageCatalogue: Sendable {
    private var byKind: [String: StageDescriptor] = [:]
    /// All kinds, in the order in which they were given.
    public let kinds: [String]

    public init(_ descriptors: [StageDescriptor]) {
        kinds = descriptors.map(\.kind)
        for descriptor in descriptors {
            precondition(byKind[descriptor.kind] == nil, "two stages are called \(descriptor.kind)")
            byKind[descriptor.kind] = descriptor
        }
    }

    public subscript(kind: String) -> StageDescriptor? { byKind[kind] }
}
