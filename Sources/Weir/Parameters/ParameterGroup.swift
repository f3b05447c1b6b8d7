/// Parameters that belong together: the configuration of a stage, or a map inside one such as a rule.
///
/// A group is itself a value, so `@Parameter("…") var rules: [Rule]` takes a list of maps.
public protocol ParameterGroup: ParameterValue {
    /// Makes the group with nothing given.
    init()

    /// The parameters in the order of declaration. The default finds the `@Parameter` properties.
    var declaredParameters: [(property: String, parameter: any DeclaredParameter)] { get }
}

/// The parameters of a stage.
public protocol StageConfiguration: ParameterGroup {}

/// One parameter of a group, whatever its type.
public protocol DeclaredParameter: Sendable {
    /// What is known of the parameter, which is called `property` in Swift.
    func descriptor(property: String) -> ParameterDescriptor
    /// Reads and keeps the value, or says what is wrong with it.
    func assign(_ node: Node) throws(ValueError)
    /// What the user gave, nil when that is nothing.
    var node: Node? { get }
    /// The value in force as a user writes it, nil when there is none.
    var valueText: String? { get }
}

/// A parameter with the value in force and who decided on it, for `weir show`.
public struct ParameterSetting: Sendable {
    public let descriptor: ParameterDescriptor
    /// The value as a user writes it; nil when the parameter has none.
    public let text: String?
    public let origin: Origin
    /// Where the value stands, nil for the stage's default.
    public let node: Node?
}

extension ParameterGroup {
    public var declaredParameters: [(property: String, parameter: any DeclaredParameter)] {
        Mirror(reflecting: self).children.compactMap { child in
            guard let label = child.label, let parameter = child.value as? any DeclaredParameter else { return nil }
            return (String(label.drop { $0 == "_" }), parameter)
        }
    }

    /// Each parameter with the value in force.
    public var settings: [ParameterSetting] {
        declaredParameters.map { property, parameter in
            ParameterSetting(
                descriptor: parameter.descriptor(property: property), text: parameter.valueText,
                origin: parameter.node?.origin ?? .stageDefault, node: parameter.node)
        }
    }

    /// Gives the parameters their values from the map or null `node`, and returns everything that is wrong.
    ///
    /// - Parameters:
    ///   - place: where a missing parameter is reported.
    ///   - excused: keys that are not missing, because they stand in a wrong place, which is reported.
    ///   - unknownKey: what is wrong with an entry that is no parameter of the group.
    public func fill(
        from node: Node, missingAt place: SourceSpan, excused: [String] = [],
        unknownKey: (Node.Entry, [String]) -> Diagnostic
    ) -> [Diagnostic] {
        guard let entries = node.entries else { return ValueError(expected: Self.type, found: node).diagnostics }
        var diagnostics: [Diagnostic] = []
        let parameters = declaredParameters.map { ($0.parameter, $0.parameter.descriptor(property: $0.property)) }
        let keys = parameters.map { $0.1.key }
        let unknown = entries.filter { !keys.contains($0.key) }
        diagnostics += unknown.map { unknownKey($0, keys) }
        for (parameter, descriptor) in parameters {
            if let entry = entries.first(where: { $0.key == descriptor.key }) {
                guard !entry.value.isUnresolved else { continue }
                do {
                    try parameter.assign(entry.value)
                } catch {
                    diagnostics += error.diagnostics.map { $0.inside(descriptor.key) }
                }
            } else if descriptor.isRequired, !excused.contains(descriptor.key),
                !unknown.contains(where: { nearest($0.key, keys) == descriptor.key })
            {
                diagnostics.append(.missing(descriptor, at: place))
            }
        }
        return diagnostics
    }
}

extension ParameterGroup {
    public static var type: ParameterType {
        ParameterType(.group(ParameterDescriptor.all(of: Self.self)), "map of parameters", examples: [])
    }

    public init(node: Node) throws(ValueError) {
        self.init()
        let diagnostics = fill(from: node, missingAt: node.span) { .unknownKey($0, known: $1) }
        guard diagnostics.isEmpty else { throw ValueError(diagnostics) }
    }

    public var canonicalText: String {
        let entries = settings.compactMap { setting in
            setting.node == nil ? nil : setting.text.map { "\(setting.descriptor.key): \($0)" }
        }
        return "{ " + entries.joined(separator: ", ") + " }"
    }
}

extension Diagnostic {
    /// A parameter that has to be given is not.
    static func missing(_ descriptor: ParameterDescriptor, at place: SourceSpan) -> Self {
        let example = descriptor.type.examples.first.map { "; for example `\(descriptor.key): \($0)`" } ?? ""
        return .error(
            "the key `\(descriptor.key)` is missing", at: place,
            help: "`\(descriptor.key)` takes \(descriptor.type.noun)\(example)")
    }

    /// `entry` is none of the `known` keys.
    package static func unknownKey(_ entry: Node.Entry, known: [String]) -> Self {
        let help =
            if let near = nearest(entry.key, known) {
                correction(of: entry.key, to: near)
            } else if entry.value.summary == "nothing", entry.key.first?.isNumber == true {
                "a comma inside braces separates keys: write a list, `[10, 20-29]`, or quotes, `\"10,20-29\"`"
            } else if known.isEmpty {
                "nothing can be set here"
            } else {
                "known here: \(known.map { "`\($0)`" }.joined(separator: ", "))"
            }
        return .error("unknown key \(quoted(entry.key))", at: entry.keySpan, help: help)
    }
}
