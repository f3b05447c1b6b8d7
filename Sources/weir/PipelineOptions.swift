import ArgumentParser
import BuiltinStages
import Weir
import WeirConfig

/// What all verbs take that read a pipeline file.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set a parameter of the pipeline; so does WEIR_NAME in the environment.", valueName: "name=value"))
    var values: [String] = []

    private var pairs: [(name: String, value: String)?] {
        values.map { text in
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
            return (name: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
        }
    }

    func validate() throws {
        for (text, pair) in zip(values, pairs) where pair == nil {
            throw ValidationError("--set takes NAME=VALUE, as in --set host-id=2; found '\(text)'")
        }
    }

    func settings(rebindings: [Rebinding] = []) -> PipelineFile.Settings {
        PipelineFile.Settings(
            values: pairs.compactMap { $0 }, environment: Terminal.environment, rebindings: rebindings)
    }
}

extension PipelineFile.Failure {
    var status: ExitStatus {
        switch self {
        case .noInput: .noInput
        case .noPermission: .noPermission
        case .invalid: .badConfiguration
        }
    }
}

extension ExitStatus {
    var exitCode: ExitCode { ExitCode(rawValue) }
}

/// Reads a pipeline and prints what is to be said about it; ends the program when there is none.
func loadPipeline(_ path: String, _ settings: PipelineFile.Settings) throws -> ResolvedPipeline {
    let result = PipelineFile.load(path: path, catalogue: .builtin, settings: settings)
    Terminal.printError(result.diagnostics)
    guard let pipeline = result.pipeline else {
        throw (result.failure ?? .invalid).status.exitCode
    }
    return pipeline
}

extension Terminal {
    /// Prints what is to be said about a pipeline, each with the line that it speaks of.
    static func printError(_ diagnostics: [Diagnostic]) {
        printError(DiagnosticRenderer(usesColor: usesColor(2)).text(diagnostics), terminator: "")
    }
}
