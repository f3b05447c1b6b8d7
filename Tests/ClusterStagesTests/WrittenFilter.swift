import BuiltinStages
import NLBFilter
import Testing
import Weir
import WeirConfig
import WeirTesting

extension StageRun {
    /// Adds an `nlb-filter` as a user writes it, without the braces around its parameters.
    mutating func addFilter(_ parameters: String, id: String = NLBFilter.kind) throws {
        let result = PipelineFile.load(
            text: """
                weir: 1
                stages:
                  - capture: { file: nothing.pcap }
                  - nlb-filter: { \(parameters) }
                  - discard
                """,
            name: "test.yaml", catalogue: .builtin)
        let pipeline = try #require(result.pipeline, "\n\(DiagnosticRenderer().text(result.diagnostics))")
        let written = try #require(pipeline.stages[1].configuration as? NLBFilter.Configuration)
        try add(pipeline.stages[1].descriptor, id: id) { $0 = written }
    }
}
