import Weir
import WeirConfig
import WeirIO

/// Any octets as a pipeline file: there is a pipeline, or there are diagnostics, and they can be printed.
func fuzzYAML(_ octets: [UInt8]) {
    let result = PipelineFile.load(bytes: octets, name: "fuzz.yaml", catalogue: catalogue)
    let text = DiagnosticRenderer().text(result.diagnostics)
    precondition((result.pipeline == nil) == (result.failure != nil), "neither a pipeline nor a failure")
    precondition(result.failure == nil || !text.isEmpty, "a failure without a word")
}

private let catalogue = StageCatalogue([
    StageDescriptor(Capture.self), StageDescriptor(Transmit.self), StageDescriptor(Words.self),
])

/// A stage with a parameter of most types, and a named output.
private struct Words: PacketStage {
    struct Configuration: StageConfiguration {
        @Parameter("A number.", default: 1, in: 1...32) var number: Int
        @Parameter("A duration.") var delay: Duration?
        @Parameter("Ranges.", in: 1...4094) var ranges: IntegerRanges?
        @Parameter("A rate.") var rate: Rate?
        @Parameter("Names.", default: []) var names: [String]
        init() {}
    }

    enum Output: String, StageWord { case other = "another way" }
    enum Drop: String, StageWord { case unwanted = "not wanted" }

    static let kind = "words"
    static let summary = "Takes parameters."
    static let example = ""

    init(_ configuration: Configuration) {}

    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}
