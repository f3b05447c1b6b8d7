import Weir

/// All about a stage, from its declaration.
struct StageReference {
    private let stage: StageDescriptor

    init(_ stage: StageDescriptor) { self.stage = stage }

    /// A heading, and rows of a name and a text.
    private var sections: [(title: String, rows: [(String, String)])] {
        [
            ("Parameters", rows(of: stage.parameters)),
            ("Ports", stage.role == .hub ? [("port1, port2, ...", Self.portHelp)] : []),
            ("Outputs", stage.outputs.map { ($0.name, $0.help) }),
            ("Drop reasons", stage.drops.map { ($0.name, $0.help) }),
            ("Counters", stage.counters.map { ($0.name, $0.help) }),
            ("Counters of each port", stage.portCounters.map { ("portN-\($0.name)", $0.help) }),
        ].filter { !$0.1.isEmpty }
    }

    private static let portHelp = """
        Input and output at once, and it stands in no chain: `to: ID.port1` leads into it, `to: { port1: ID }` beside it out \
        of it. Every port has to lead out to somewhere.
        """

    /// The parameters, each followed by those of the maps that it takes.
    private func rows(of parameters: [ParameterDescriptor], inside place: String = "") -> [(String, String)] {
        parameters.flatMap { parameter -> [(String, String)] in
            let name = place + parameter.key
            let row = (name, line(about: parameter))
            return [row] + rows(of: parameter.type.parts ?? [], inside: name + Self.mark(parameter.type) + ".")
        }
    }

    /// What stands between a name and those of its parts: `[]` for each list on the way.
    private static func mark(_ type: ParameterType) -> String {
        switch type.kind {
        case .list(let element): "[]" + mark(element)
        case .watchedFile(let value): mark(value)
        default: ""
        }
    }

    private func line(about parameter: ParameterDescriptor) -> String {
        let limits = parameter.choicesText.map { ", \($0)" } ?? ""
        let absence =
            switch parameter.absence {
            case .required: "required"
            case .none: "optional"
            case .defaultsTo(let text): "default \(text)"
            }
        return "\(parameter.help) (\(parameter.typeDescription)\(limits); \(absence))"
    }

    var text: String {
        var lines = ["\(stage.kind): \(stage.summary)", ""]
        if !stage.details.isEmpty { lines += [stage.details, ""] }
        for (title, rows) in sections {
            let width = rows.map(\.0.count).max() ?? 0
            lines.append("\(title):")
            for (name, text) in rows { lines.append("  " + name.padded(to: width + 2) + text) }
            lines.append("")
        }
        return (lines + ["Example:"] + stage.example.split(separator: "\n").map { "  " + $0 }).joined(separator: "\n")
    }

    var markdown: String {
        var lines = ["# \(stage.kind)", "", stage.summary, ""]
        if !stage.details.isEmpty { lines += [stage.details, ""] }
        for (title, rows) in sections {
            lines += ["## \(title)", "", "| name | |", "|---|---|"]
            lines += rows.map { "| `\($0)` | \($1.replacing("|", with: "\\|")) |" } + [""]
        }
        return (lines + ["## Example", "", "```yaml", stage.example, "```"]).joined(separator: "\n")
    }
}
