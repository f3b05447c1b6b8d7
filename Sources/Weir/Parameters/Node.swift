/// A value as it was written: its content, where it stands and, if it came through `$name`, where from.
///
/// Nodes are free of any file format. They are what a ``ParameterValue`` is read from.
public struct Node: Sendable {
    public enum Content: Sendable {
        /// Nothing was written, or `null` or `~`.
        case null
        /// A word or a text. `isPlain` is false when it stood in quotes or in a block.
        case scalar(String, isPlain: Bool)
        case list([Node])
        case map([Entry])
        /// What stands for a value that could not be found, which has been reported. Nothing more is said about it.
        case unresolved
    }

    /// A key of a map with its value.
    public struct Entry: Sendable {
        public let key: String
        public let keySpan: SourceSpan
        public var value: Node

        public init(key: String, keySpan: SourceSpan, value: Node) {
            self.key = key
            self.keySpan = keySpan
            self.value = value
        }
    }

    public var content: Content
    /// Where the value stands; for one that came through `$name`, where `$name` stands.
    public var span: SourceSpan
    /// The parameters that the value came through, the last of them nearest to where it was written. Empty for a value
    /// written in place.
    public var provenance: [Provenance]
    /// The text whose folder relative paths start from.
    public var home: SourceFile

    public init(_ content: Content, at span: SourceSpan, provenance: [Provenance] = [], home: SourceFile? = nil) {
        self.content = content
        self.span = span
        self.provenance = provenance
        self.home = home ?? span.file
    }

    /// Where the value was decided.
    public var origin: Origin { provenance.last?.origin ?? (span.file.kind == .standIn ? .rebound : .file) }

    /// The text of a scalar, nil for anything else.
    public var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The elements of a list; anything else counts as a list of one. Nothing is an empty list.
    public var elements: [Node] {
        switch content {
        case .null: []
        case .list(let nodes): nodes
        case .scalar, .map, .unresolved: [self]
        }
    }

    /// The value as an error message shows it: `` `5` ``, `a list`, `nothing`.
    public var summary: String {
        switch content {
        case .null: "nothing"
        case .scalar(let text, _): quoted(text)
        case .list(let nodes): nodes.isEmpty ? "an empty list" : "a list"
        case .map: "a map"
        case .unresolved: "an unknown value"
        }
    }

    /// Whether the value, or a part of it, could not be found, which has been reported.
    public var isUnresolved: Bool {
        switch content {
        case .unresolved: true
        case .list(let nodes): nodes.contains { $0.isUnresolved }
        case .map(let entries): entries.contains { $0.value.isUnresolved }
        case .null, .scalar: false
        }
    }

    /// The entries of a map; nothing counts as an empty map. Nil for anything else.
    package var entries: [Entry]? {
        switch content {
        case .null: []
        case .map(let entries): entries
        case .scalar, .list, .unresolved: nil
        }
    }
}

/// Who decided on a value.
public enum Origin: Hashable, Sendable {
    /// The file, where the value is used or where it is handed to a pipeline inside.
    case file
    /// `--set` on the command line.
    case setting
    /// The environment variable of this name.
    case environment(String)
    /// The default of a pipeline's parameter.
    case pipelineDefault
    /// The default that the stage declares.
    case stageDefault
    /// An option of the command line that rebinds a capture or a transmit.
    case rebound
}

/// A parameter of the pipeline that a value came through.
public struct Provenance: Hashable, Sendable {
    /// The parameter's name, without the dollar.
    public let parameter: String
    public let origin: Origin
    /// Where the value was written.
    public let span: SourceSpan

    public init(parameter: String, origin: Origin, span: SourceSpan) {
        self.parameter = parameter
        self.origin = origin
        self.span = span
    }

    /// The sentence that leads from the use of `$name` to where its value was written.
    var note: Diagnostic.Note {
        let place =
            switch origin {
            case .setting: "was set on the command line"
            case .environment(let variable): "was set by the environment variable `\(variable)`"
            case .pipelineDefault: "has its default here"
            case .file, .stageDefault, .rebound: "was given here"
            }
        return Diagnostic.Note("`$\(parameter)` \(place)", at: span)
    }
}

/// `text` in backticks, with control characters made visible and cut when it is long.
package func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60).map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : String($0) }
    return "`" + shown.joined() + (text.unicodeScalars.count > 60 ? "…`" : "`")
}
