import Weir

/// A pipeline file whose keys have been read, but in which nothing has been filled in yet.
struct PipelineDocument {
    let source: SourceFile
    let name: String
    let summary: String
    let parameters: [ParameterDeclaration]
    /// The items of `stages`.
    let items: [Node]
    /// Where to speak of the list of stages as a whole.
    let stagesSpan: SourceSpan
    let allowsLoops: Bool
    /// The items of `tests`, each a map with a name.
    let tests: [Node]

    /// The keys at the top of a file.
    struct Head: ParameterGroup {
        @Parameter("The version of this format.") var weir: FormatVersion
        @Parameter("What the pipeline is called; the name of the file when it is not given.") var name: String?
        @Parameter("One line about what the pipeline does.") var summary: String?
        @Parameter("What a user may set.") var parameters: WrittenValue?
        @Parameter("The stages in the order in which packets meet them.") var stages: WrittenValue
        @Parameter("Whether packets may go in a circle.") var loops: LoopRule?
        @Parameter("Packets to try the pipeline with, and what is to become of them.") var tests: [PipelineTest]?
    }

    /// The keys at the top of a file, for hints about where a key belongs.
    static let keys = ParameterDescriptor.all(of: Head.self).map(\.key)

    /// What a file looks like that does nothing but copy a capture.
    private static let smallest = """
        a pipeline looks like this:
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - transmit: { file: out.pcap }
        """

    /// Reads the keys of `root`. Nil when there is nothing to build a pipeline from.
    init?(_ root: Node?, source: SourceFile, catalogue: StageCatalogue, findings: Findings) {
        guard let root, let entries = root.entries, !entries.isEmpty else {
            let found = root.flatMap { $0.summary == "nothing" ? nil : "a pipeline is a map, found \($0.summary)" }
            findings.error(
                found ?? "the file is empty", at: root?.span ?? source.span(ofLine: 1), help: Self.smallest)
            return nil
        }
        let head = Head()
        let hints = KeyHints(catalogue: catalogue)
        findings.report(
            head.fill(from: root, missingAt: SourceSpan(source, line: root.span.line, column: root.span.column)) {
                hints.diagnostic(for: $0, known: $1, at: .top)
            })
        self.source = source
        name = head.name ?? Self.stem(of: source.name)
        summary = head.summary ?? ""
        parameters = head.parameters.map { ParameterDeclaration.read($0.node, findings) } ?? []
        allowsLoops = head.loops == .allowed
        tests = head.tests?.map(\.node) ?? []
        guard let stages = entries.first(where: { $0.key == "stages" }) else { return nil }
        stagesSpan = stages.keySpan
        guard case .list(let items) = stages.value.content, !items.isEmpty else {
            findings.error(
                "`stages` takes a list of stages, found \(stages.value.summary)", at: stages.value.span,
                help: "begin each stage with `- `, as in `- counter: {}`")
            return nil
        }
        self.items = items
    }

    private static func stem(of path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.split(separator: ".").first ?? "pipeline")
    }
}

/// `loops: allowed`.
enum LoopRule: String, ParameterWord { case allowed }

/// The version of the format that a file is written in.
struct FormatVersion: ParameterValue {
    static var type: ParameterType { ParameterType(.integer, "version of the format", article: "the", examples: ["1"]) }

    init(node: Node) throws(ValueError) {
        guard let version = try? Int(node: node) else { throw ValueError(expected: Self.type, found: node) }
        guard version == 1 else {
            throw ValueError(
                "the file is written in version \(version) of the format, and this program reads version 1", at: node)
        }
    }

    var canonicalText: String { "1" }
}

/// A value that is read later, when more is known.
struct WrittenValue: ParameterValue {
    static var type: ParameterType { ParameterType(.custom, "value", examples: []) }
    let node: Node

    init(node: Node) { self.node = node }

    var canonicalText: String { node.summary }
}

/// One of the `tests`: a map with a name. What else it holds is read when it is run.
struct PipelineTest: ParameterValue {
    static var type: ParameterType { ParameterType(.custom, "test with a `name`", examples: []) }
    let node: Node

    init(node: Node) throws(ValueError) {
        guard case .map(let entries) = node.content else { throw ValueError(expected: Self.type, found: node) }
        guard let name = entries.first(where: { $0.key == "name" })?.value.text, !name.isEmpty else {
            throw ValueError("the test has no name", at: node, help: "say what it shows: `- name: …`")
        }
        self.node = node
    }

    var canonicalText: String { node.summary }
}
