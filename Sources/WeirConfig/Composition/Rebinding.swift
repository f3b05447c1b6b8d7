import Weir

/// A capture or a transmit that the command line points elsewhere than the file does.
public struct Rebinding: Sendable {
    /// The option, which is what the user sees.
    public enum Option: String, Sendable {
        /// Reads a capture from another file.
        case read = "-r"
        /// Writes a transmit to another file.
        case write = "-w"
        /// Uses another interface.
        case interface = "-i"
    }

    public let option: Option
    /// Which stage; nil for the only one there is.
    public let id: String?
    /// The file or the interface.
    public let value: String

    public init(_ option: Option, id: String? = nil, _ value: String) {
        self.option = option
        self.id = id
        self.value = value
    }

    /// The option as the user wrote it.
    private var source: SourceFile {
        let text = "\(option.rawValue) " + (id.map { $0 + "=" } ?? "") + value
        return SourceFile(name: "command line", text: text, kind: .standIn, reader: YAMLFileReader())
    }

    /// Gives the stage that is meant its new place, or says which stages could be meant.
    func apply(to items: [StageItem], _ findings: Findings) {
        let kinds =
            switch option {
            case .read: [Subpipeline.inputKind]
            case .write: [Subpipeline.outputKind]
            case .interface: id == nil ? [Subpipeline.inputKind] : [Subpipeline.inputKind, Subpipeline.outputKind]
            }
        let source = source
        let choices = items.filter { kinds.contains($0.kind ?? "") }
        let chosen = id.map { id in choices.filter { $0.id == id } } ?? choices
        guard chosen.count == 1, let item = chosen.first else {
            return findings.report(refusal(choices: choices.map(\.id), kind: kinds[0], at: source))
        }
        let key = option == .interface ? "interface" : "file"
        let valueSpan = source.span(ofLine: 1, from: 4 + (id.map { $0.unicodeScalars.count + 1 } ?? 0))
        let entry = Node.Entry(
            key: key, keySpan: source.span(ofLine: 1), value: Node(.scalar(value, isPlain: false), at: valueSpan))
        let others = (item.configuration.entries ?? []).filter { !["file", "interface", "tap"].contains($0.key) }
        item.configuration = Node(.map(others + [entry]), at: item.configuration.span)
    }

    private func refusal(choices: [String], kind: String, at source: SourceFile) -> Diagnostic {
        let span = source.span(ofLine: 1)
        if choices.isEmpty { return .error("the pipeline has no `\(kind)`", at: span) }
        guard let id else {
            let forms = choices.map { "\(option.rawValue) \($0)=\(value)" }
            return .error("the pipeline has several of `\(kind)`", at: span, help: "say which: \(alternatives(forms))")
        }
        let near = nearest(id, choices).map { "did you mean `\($0)`?" }
        return .error(
            "no `\(kind)` has the id \(quoted(id))", at: span, help: near ?? "there is \(alternatives(choices))")
    }
}

extension SourceFile {
    /// Line `line` from `column` to its end.
    func span(ofLine line: Int, from column: Int) -> SourceSpan {
        let end = span(ofLine: line).endColumn
        return SourceSpan(self, line: line, column: min(column, end), endColumn: end)
    }
}
