import ArgumentParser
import BuiltinStages
import Weir
import WeirConfig

/// What `run` and `show` take to find their pipeline.
struct PipelineOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The pipeline; - is standard input.", valueName: "pipeline.yaml"))
    var path: String

    @OptionGroup var settings: SettingOptions

    /// The pipeline. What is wrong with it goes to standard error, and ends the command.
    func load(rebindings: [Rebinding] = []) throws -> ResolvedPipeline {
        let result = PipelineFile.load(
            path: path, catalogue: .builtin, settings: settings.settings(rebindings: rebindings))
        let renderer = DiagnosticRenderer(usesColor: Terminal.error.usesColor)
        try Terminal.error.write(renderer.text(result.diagnostics))
        guard let pipeline = result.pipeline else { throw ExitCode(result.status.rawValue) }
        return pipeline
    }
}

/// `--set`, and the environment beside it.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set a parameter of the pipeline; WEIR_NAME in the environment does the same.", valueName: "name=value"))
    var assignments: [String] = []

    func validate() throws {
        for assignment in assignments where !assignment.dropFirst().contains("=") {
            throw ValidationError("--set takes NAME=VALUE, found '\(assignment)'")
        }
    }

    func settings(rebindings: [Rebinding] = []) -> PipelineFile.Settings {
        let values = assignments.map { assignment in
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: String(parts[1]))
        }
        return PipelineFile.Settings(values: values, environment: Terminal.environment, rebindings: rebindings)
    }
}

extension PipelineFile.Result {
    /// How a command ends that got this.
    var status: ExitStatus {
        switch failure {
        case nil: .success
        case .noInput: .noInput
        case .noPermission: .noPermission
        case .invalid: .badConfiguration
        }
    }
}

extension ExitStatus {
    /// Ends the command, unless this is success.
    func exit() throws {
        if self != .success { throw ExitCode(rawValue) }
    }
}
