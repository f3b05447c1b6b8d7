import ArgumentParser
import BuiltinStages
import Weir
import WeirConfig

/// What all verbs take that read a pipeline file.
struct SettingOptions: ParsableArguments {
    @Option(name: .customLong("set"), help: ArgumentHelp("Set a parameter of the pipeline.", valueName: "name=value"))
    var values: [String] = []

    /// The settings, or a usage error for one without `=`.
    func settings(rebindings: [Rebinding] = []) throws -> PipelineFile.Settings {
        let pairs = try values.map { text in
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw ValidationError("--set takes NAME=VALUE, as in --set host-id=2; found '\(text)'")
            }
            return (name: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
        }
        return PipelineFile.Settings(values: pairs, environment: Terminal.environment, rebindings: rebindings)
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
    if !result.diagnostics.isEmpty {
        Terminal.printError(DiagnosticRenderer(usesColor: Terminal.errorsUseColor).text(result.diagnostics))
    }
    guard let pipeline = result.pipeline else {
        throw (result.failure ?? .invalid).status.exitCode
    }
    return pipeline
}
