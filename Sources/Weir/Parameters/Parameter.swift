import Synchronization

/// A parameter of a stage, declared once: the property's name is its key, its type says what it takes.
///
/// ```swift
/// struct Configuration: StageConfiguration {
///     @Parameter("VLANs whose frames pass.") var allow: IntegerRanges
///     @Parameter("What happens to the tag.", default: .strip) var tag: TagAction
///     @Parameter("This host's place in the cluster.", in: 1...32) var hostID: Int   // key: host-id
///     @Parameter("Where frames without a tag belong.") var native: Int?             // need not be given
/// }
/// ```
///
/// Read a parameter when the stage is made, not for each packet: the value is behind a lock.
@propertyWrapper
public struct Parameter<Value: ParameterValue>: Sendable {
    private let help: String
    private let explicitKey: String?
    private let fallback: Value?
    private let range: ParameterRange?
    private let faults: @Sendable (Value, Node) -> [Diagnostic]
    private var storage = Storage()

    private init(
        _ help: String, key: String?, fallback: Value?, range: ParameterRange?,
        faults: @escaping @Sendable (Value, Node) -> [Diagnostic]
    ) {
        self.help = help
        explicitKey = key
        self.fallback = fallback
        self.range = range
        self.faults = faults
    }

    /// A parameter that has to be given, unless the type is optional.
    public init(_ help: String, key: String? = nil) {
        self.init(help, key: key, fallback: Value.absent, range: nil) { _, _ in [] }
    }

    /// A parameter with a default.
    public init(_ help: String, key: String? = nil, default fallback: Value) {
        self.init(help, key: key, fallback: fallback, range: nil) { _, _ in [] }
    }

    /// The value: what was given, or else the default.
    ///
    /// It is a programming error to read a parameter that is required and has not been given; a stage that is made
    /// by the configuration layer is not made in that case.
    public var wrappedValue: Value {
        get {
            guard let value = storage.state.withLock({ $0.value }) ?? fallback else {
                preconditionFailure("A required parameter was read before it had a value: \(help)")
            }
            return value
        }
        set { storage = Storage(newValue) }
    }

    /// The parameter itself: whether it was given and where.
    public var projectedValue: Self { self }

    /// Whether the user gave the parameter.
    public var isGiven: Bool { storage.state.withLock { $0.value != nil } }

    /// What the value was read from, nil for a default or a value set in Swift.
    public var node: Node? { storage.state.withLock { $0.node } }
}

extension Parameter where Value: LimitedParameterValue {
    private init(_ help: String, key: String?, fallback: Value?, limits: ParameterLimits<Value.Bound>) {
        self.init(help, key: key, fallback: fallback, range: ParameterRange(limits)) { value, node in
            value.faults(outside: limits, node: node)
        }
    }

    /// A parameter that has to be given, unless the type is optional, and whose value, or each element, is in `range`.
    public init(_ help: String, key: String? = nil, in range: ClosedRange<Value.Bound>) {
        self.init(help, key: key, fallback: Value.absent, limits: ParameterLimits(range))
    }

    /// A parameter that has to be given, unless the type is optional, and whose value has no upper limit.
    public init(_ help: String, key: String? = nil, in range: PartialRangeFrom<Value.Bound>) {
        self.init(help, key: key, fallback: Value.absent, limits: ParameterLimits(range))
    }

    /// A parameter with a default, whose value, or each element, is in `range`.
    public init(_ help: String, key: String? = nil, default fallback: Value, in range: ClosedRange<Value.Bound>) {
        self.init(help, key: key, fallback: fallback, limits: ParameterLimits(range))
    }

    /// A parameter with a default, whose value has no upper limit.
    public init(_ help: String, key: String? = nil, default fallback: Value, in range: PartialRangeFrom<Value.Bound>) {
        self.init(help, key: key, fallback: fallback, limits: ParameterLimits(range))
    }
}

extension Parameter {
    /// The value that was given. Copies of a configuration share it until one of them is written to in Swift.
    private final class Storage: Sendable {
        struct State { var value: Value?, node: Node? }
        let state: Mutex<State>

        init(_ value: Value? = nil) { state = Mutex(State(value: value)) }
    }
}

extension Parameter: DeclaredParameter {
    public func descriptor(property: String) -> ParameterDescriptor {
        let absence: ParameterDescriptor.Absence =
            switch fallback {
            case nil: .required
            case let value?: text(of: value).map { .defaultsTo($0) } ?? .none
            }
        return ParameterDescriptor(
            key: explicitKey ?? kebabCase(property), help: help, type: Value.type, absence: absence, range: range)
    }

    /// The value as a user writes it, nil when it stands for not being given.
    private func text(of value: Value) -> String? {
        let text = value.canonicalText
        return Value.absent != nil && text.isEmpty ? nil : text
    }

    public func assign(_ node: Node) throws(ValueError) {
        let value = try Value(node: node)
        let found = faults(value, node)
        guard found.isEmpty else { throw ValueError(found) }
        storage.state.withLock { $0 = Storage.State(value: value, node: node) }
    }

    public var valueText: String? { (storage.state.withLock { $0.value } ?? fallback).flatMap(text(of:)) }
}
