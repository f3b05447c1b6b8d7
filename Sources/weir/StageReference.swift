import Weir

/// All about a stage, from its declaration.
struct StageReference {
    private let stage: StageDescriptor

    init(_ stage: StageDescriptor) { self.stage = stage }

    /// A heading, and rows of a name and a text.
    private var sections: [(title: String, rows: [(String, String)])] {
        [
            ("Parameters", stage.parameters.map { ($0.key, line(about: $0)) }),
            ("Outputs", stage.outputs.map { ($0.name, $0.help) }),
            ("Drop reasons", stage.drops.map { ($0.name, $0.help) }),
            ("Counters of each port", stage.portCounters.map { ($0.name, $0.help) }),
            ("Counters", stage.counters.map { ($0.name, $0.help) }),
        ].filter { !$0.1.isEmpty }
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
