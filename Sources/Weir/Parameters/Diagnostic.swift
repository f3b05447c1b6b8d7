/// Something that is wrong with what a user wrote, and what to do about it.
public struct Diagnostic: Error, Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable { case error, warning }

    /// A remark that belongs to a diagnostic: where the other half of a conflict stands, or what to write instead.
    public struct Note: Hashable, Sendable {
        public let message: String
        public let span: SourceSpan?

        public init(_ message: String, at span: SourceSpan? = nil) {
            self.message = message
            self.span = span
        }
    }

    public var severity: Severity
    /// The parameter at fault, with the keys that lead to it inside its stage: `rules.ports`.
    public var parameter: String?
    /// What was found and what was expected, in one sentence.
    public var message: String
    public var span: SourceSpan?
    public var notes: [Note]

    public init(_ severity: Severity, _ message: String, at span: SourceSpan?, notes: [Note] = []) {
        self.severity = severity
        self.message = message
        self.span = span
        self.notes = notes
    }

    /// An error at `span`; `help` says what to write instead.
    public static func error(_ message: String, at span: SourceSpan?, help: String..., notes: [Note] = []) -> Self {
        Self(.error, message, at: span, notes: help.map { Note($0) } + notes)
    }

    /// An error about the value of `node`, which also says where the value came from.
    public static func error(_ message: String, at node: Node, help: [String] = []) -> Self {
        Self(.error, message, at: node.span, notes: help.map { Note($0) } + node.provenance.map(\.note))
    }

    /// The message with the parameter it speaks of.
    public var text: String { (parameter.map { "`\($0)`: " } ?? "") + message }

    /// Place and message on one line, as a log shows them: `members.yaml:3:5: expected …`.
    public var logText: String { (span.map { $0.location + ": " } ?? "") + text }

    /// The same, said of a parameter inside the group `key`.
    package func inside(_ key: String) -> Self {
        var diagnostic = self
        diagnostic.parameter = key + (parameter.map { "." + $0 } ?? "")
        return diagnostic
    }
}

/// Why a value could not be read: one diagnostic or, for a list or a group, as many as there are faults.
public struct ValueError: Error, Sendable {
    public var diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// One fault of `node`.
    public init(_ message: String, at node: Node, help: String...) {
        diagnostics = [.error(message, at: node, help: help)]
    }

    /// `node` is not a `type`.
    public init(expected type: ParameterType, found node: Node, help: String...) {
        diagnostics = [.error("expected \(type.phrase), found \(node.summary)", at: node, help: help)]
    }
}

/// What a stage says of parameters that go together, though hardly as they are meant. It is placed as an error is.
public typealias ConfigurationWarning = ConfigurationError

/// What a stage's `init` throws when its parameters do not fit each other.
///
/// The configuration layer places it at the parameter in the user's file.
public struct ConfigurationError: Error, Sendable {
    /// Another place that has to do with the fault.
    public struct Related: Sendable {
        public let parameter: String
        public let message: String

        public init(parameter: String, message: String) {
            self.parameter = parameter
            self.message = message
        }
    }

    /// The parameter at fault by its key, `hosts`, or a part of it, `rules[2].ports`; nil for the stage as a whole.
    public var parameter: String?
    /// What was found and what was expected, in one sentence.
    public var message: String
    /// What to write instead.
    public var help: String?
    public var related: [Related]

    public init(parameter: String? = nil, _ message: String, help: String? = nil, related: [Related] = []) {
        self.parameter = parameter
        self.message = message
        self.help = help
        self.related = related
    }
}
