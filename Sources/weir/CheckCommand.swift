import ArgumentParser
import BuiltinStages
import Weir
import WeirConfig

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reports every problem of pipeline files, without running them.",
        discussion: """
            What `check` passes, `run` does not refuse, short of the files and devices themselves.

            EXAMPLES
              weir check host.yaml
              weir check --format json pipelines/*.yaml
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "Pipeline files.") var pipelines: [String]
    @OptionGroup var parameters: SettingOptions
    @Option(help: "How to print what was found.") var format: Format = .text

    func run() throws {
        let settings = parameters.settings()
        let results = pipelines.map { ($0, PipelineFile.load(path: $0, catalogue: .builtin, settings: settings)) }
        switch format {
        case .json: Terminal.print(DiagnosticRenderer.json(results.flatMap(\.1.diagnostics)))
        case .text: results.forEach(printText)
        }
        if let failure = results.lazy.compactMap(\.1.failure).first { throw failure.status.exitCode }
    }

    private func printText(_ path: String, _ result: PipelineFile.Result) {
        Terminal.printError(result.diagnostics)
        if let pipeline = result.pipeline { Terminal.print("\(path): ok (\(pipeline.stages.count) stages)") }
    }
}
