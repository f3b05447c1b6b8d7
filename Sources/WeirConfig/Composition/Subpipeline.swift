import Weir

/// A pipeline as a stage of another: `- pipeline: { file: host.yaml, set: { host-id: 2 } }`.
///
/// Its captures are inputs of the stage and its transmits outputs, by their ids. Its other stages become stages of the
/// outer pipeline, with the id of the item and a dot before their own.
struct Subpipeline {
    static let kind = "pipeline"
    /// The kinds of stage that become inputs and outputs.
    static let inputKind = "capture"
    static let outputKind = "transmit"
    /// How deep pipelines may stand in each other.
    static let depthLimit = 16

    struct Configuration: ParameterGroup {
        @Parameter("The pipeline.") var file: FileLocation
        @Parameter("Values for its parameters.") var set: WrittenValue?
    }

    /// Where packets enter and leave an inner pipeline: junctions of the network, by id.
    struct Ports {
        var inputs: [(id: String, vertex: Int)] = []
        var outputs: [(id: String, vertex: Int)] = []
    }

    let file: FileLocation
    /// What the item sets.
    let given: [GivenValue]
    let span: SourceSpan

    /// Reads the parameters of `item`; nil when they are wrong, which is reported.
    init?(_ item: StageItem, hints: KeyHints, _ findings: Findings) {
        let configuration = Configuration()
        guard let entries = item.configuration.entries else {
            findings.error(
                "`pipeline` takes a map, found \(item.configuration.summary)", at: item.configuration.span,
                help: "write `pipeline: { file: other.yaml }`")
            return nil
        }
        let faults = configuration.fill(from: item.configuration, missingAt: item.span) {
            .unknownKey($0, known: $1)
        }
        findings.report(faults)
        guard configuration.$file.isGiven else { return nil }
        guard let values = (configuration.set?.node ?? Node(.null, at: item.span)).entries else {
            let node = entries.first { $0.key == "set" }?.value
            findings.error("`set` takes a map of values", at: node?.span, help: "write `set: { host-id: 2 }`")
            return nil
        }
        file = configuration.file
        given = values.map { GivenValue(name: $0.key, nameSpan: $0.keySpan, value: $0.value, origin: .file) }
        span = entries.first { $0.key == "file" }?.value.span ?? item.span
    }
}

/// `path` without detours: `a/./b/../c` is `a/c`.
func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
        if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
}
