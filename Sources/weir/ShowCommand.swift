import ArgumentParser
import Weir
import WeirConfig

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a pipeline with everything filled in, and where each value came from.",
        discussion: """
            What is printed is a pipeline again: parameters are replaced by their values, defaults are written out,
            pipelines inside it are flattened, and every wire is named.

            EXAMPLES
              weir show host.yaml --set host-id=2
              WEIR_HOST_ID=3 weir show host.yaml
            """)

    @Argument(help: "The pipeline file; `-` is the standard input.") var pipeline: String
    @OptionGroup var parameters: SettingOptions

    func run() throws {
        Terminal.print(try loadPipeline(pipeline, parameters.settings()).yaml)
    }
}

extension ResolvedPipeline {
    /// The pipeline as YAML with every value, each with a comment that says where it came from.
    fileprivate var yaml: String {
        var lines = ["weir: 1", "name: \(Self.scalar(name))"]
        if !summary.isEmpty { lines.append("summary: \(Self.scalar(summary))") }
        if hasLoop { lines.append("loops: allowed") }
        lines.append("stages:")
        for (number, stage) in stages.enumerated() { lines += self.lines(of: stage, number) }
        return lines.joined(separator: "\n")
    }

    private func lines(of stage: Stage, _ number: Int) -> [String] {
        let settings = stage.configuration.settings.filter { $0.text != nil }
        var lines = ["  - \(stage.descriptor.kind):"]
        for setting in settings {
            let text = "      \(setting.descriptor.key): \(Self.value(setting))"
            lines.append(text + String(repeating: " ", count: max(1, 48 - text.count)) + "# \(Self.origin(setting))")
        }
        lines.append("    id: \(Self.scalar(stage.id))")
        let outgoing = wires.filter { $0.from == number }
        if !outgoing.isEmpty {
            lines.append("    to:")
            let outputs = outgoing.map(\.output).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            for output in outputs {
                let targets = outgoing.filter { $0.output == output }.map { Self.scalar(stages[$0.to].id) }
                lines.append("      \(output): [\(targets.joined(separator: ", "))]")
            }
        }
        return lines
    }

    private static func value(_ setting: ParameterSetting) -> String {
        let text = setting.text ?? ""
        switch setting.descriptor.type.kind {
        case .list, .group: return text
        default: return scalar(text)
        }
    }

    /// Text as a YAML scalar: quoted unless it is plainly a word.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
            && text != "-"
        return isPlain ? text : JSONText.string(text.replacing("$", with: "$$")).text
    }

    private static func origin(_ setting: ParameterSetting) -> String {
        let place = setting.node.map { "\($0.span.file.name):\($0.span.line)" } ?? ""
        return switch setting.origin {
        case .file: place
        case .setting: "--set"
        case .environment(let variable): "environment \(variable)"
        case .pipelineDefault: "default of the pipeline's parameter"
        case .stageDefault: "default"
        case .rebound: "command line"
        }
    }
}
