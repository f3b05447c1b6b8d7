import Weir
import WeirConfig

/// A resolved pipeline as YAML that weir takes again: every value with a comment that says where it came from.
struct ResolvedYAML {
    private let pipeline: ResolvedPipeline
    /// The ids, with those of inner pipelines joined in a way that can be written: `lan.uplink` is `lan-uplink`.
    private let ids: [String]

    init(_ pipeline: ResolvedPipeline) {
        self.pipeline = pipeline
        // Ids without a dot stay as they are; the others make way for them.
        var taken = Set(pipeline.stages.map(\.id).filter { !$0.contains(".") })
        ids = pipeline.stages.map { stage in
            guard stage.id.contains(".") else { return stage.id }
            let joined = stage.id.replacing(".", with: "-")
            var id = joined
            var number = 2
            while !taken.insert(id).inserted {
                id = "\(joined)-\(number)"
                number += 1
            }
            return id
        }
    }

    var text: String {
        var lines = ["weir: 1", "name: \(YAMLText.scalar(pipeline.name))"]
        if !pipeline.summary.isEmpty { lines.append("summary: \(YAMLText.scalar(pipeline.summary))") }
        if pipeline.hasLoop { lines.append("loops: allowed") }
        lines.append("stages:")
        for number in pipeline.stages.indices { lines += self.lines(ofStage: number) }
        return lines.joined(separator: "\n")
    }

    private func lines(ofStage number: Int) -> [String] {
        let stage = pipeline.stages[number]
        var lines = ["  - \(stage.descriptor.kind):"]
        for setting in stage.configuration.settings {
            guard let value = Self.value(of: setting) else { continue }
            let line = "      \(setting.descriptor.key): \(value)"
            lines.append(line.padded(to: 47) + " # " + Self.origin(of: setting))
        }
        lines.append("    id: \(YAMLText.scalar(ids[number]))")
        let wires = pipeline.wires.filter { $0.from == number }
        if !wires.isEmpty { lines.append("    to:") }
        let outputs = wires.map(\.output).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        for output in outputs {
            let targets = wires.filter { $0.output == output }.map {
                YAMLText.scalar(ids[$0.to] + ($0.input.map { ".\($0)" } ?? ""))
            }
            lines.append("      \(output): [\(targets.joined(separator: ", "))]")
        }
        return lines
    }

    /// The value in force, nil when there is none. What was written is written again; paths start from the working
    /// folder, since that is where the text is printed.
    private static func value(of setting: ParameterSetting) -> String? {
        guard let text = setting.text else { return nil }
        if setting.descriptor.type.isPath, let home = setting.node?.home, text != "-" {
            return YAMLText.scalar(home.resolve(text))
        }
        switch setting.descriptor.type.kind {
        case .list, .group, .custom: return setting.node.map { YAMLText.flow($0) } ?? text
        default: return YAMLText.scalar(text)
        }
    }

    private static func origin(of setting: ParameterSetting) -> String {
        let parameter = setting.node?.provenance.last.map { "$\($0.parameter), " } ?? ""
        let place =
            switch setting.origin {
            case .file: (setting.node?.provenance.last?.span ?? setting.node?.span).map(Self.place) ?? ""
            case .setting: "--set"
            case .environment(let variable): "environment \(variable)"
            case .pipelineDefault: "its default"
            case .stageDefault: "default"
            case .rebound: setting.node?.span.file.lines.first ?? "command line"
            }
        return parameter + place
    }

    private static func place(_ span: SourceSpan) -> String {
        "\(span.file.name.split(separator: "/").last ?? ""):\(span.line)"
    }
}
