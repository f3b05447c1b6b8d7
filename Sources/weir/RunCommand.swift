import ArgumentParser
import Glibc
import Weir
import WeirConfig

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a pipeline.",
        discussion: """
            -r and -w point captures and transmits elsewhere, as in tcpdump; `-` is the standard input or output. Where a
            pipeline has several, name the stage: -w host=out.pcap.

            EXAMPLES
              weir run host.yaml
              weir run host.yaml --set host-id=2 -r in.pcap -w host=out.pcap
              tcpdump -w - | weir run host.yaml -r - -w - | tshark -r -
              weir run lab.yaml --duration 1h --summary json
            """)

    enum SummaryFormat: String, ExpressibleByArgument, CaseIterable { case table, json, none }
    enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "The pipeline file; `-` is the standard input.") var pipeline: String
    @OptionGroup var parameters: SettingOptions
    @Option(name: .customShort("r"), help: ArgumentHelp("Read a capture from this file.", valueName: "[id=]file"))
    var reads: [String] = []
    @Option(name: .customShort("w"), help: ArgumentHelp("Write a transmit to this file.", valueName: "[id=]file"))
    var writes: [String] = []
    @Option(help: "Seeds the stages' random generators.") var seed: UInt64 = 1
    @Option(help: "End so long after the first packet, on the pipeline's clock: 90s, 10m.") var duration:
        DurationArgument?
    @Option(help: "End after so many packets.") var count: Int?
    @Option(help: "How to print what the run did.") var summary: SummaryFormat = .table
    @Option(help: "Which events to log.") var logLevel: LogLevel = .warning
    @Option(help: "How to log them.") var logFormat: LogFormat = .text

    func validate() throws {
        if let count, count < 0 { throw ValidationError("--count takes a number of packets, 0 or more") }
    }

    func run() throws {
        let rebindings = reads.map { Rebinding(.read, argument: $0) } + writes.map { Rebinding(.write, argument: $0) }
        let resolved = try loadPipeline(pipeline, parameters.settings(rebindings: rebindings))
        Signals.install()
        var options = Engine.Options()
        options.seed = seed
        options.duration = duration?.value
        options.count = count
        options.shouldStop = { Signals.isStopRequested }
        let printer = LogPrinter(pipeline: resolved.name, level: logLevel, asJSON: logFormat == .json)
        options.log = { printer.print($0) }
        let bar = ProgressBar()
        options.progress = bar.map { bar in { bar.show($0, $1) } }
        var engine = Engine(try resolved.makeGraph(), options)
        let outcome = engine.run()
        bar?.clear()
        report(outcome, descriptor: resolved.writesToStandardOutput ? STDERR_FILENO : STDOUT_FILENO)
        if outcome.status != .success { throw outcome.status.exitCode }
    }

    private func report(_ outcome: RunSummary, descriptor: Int32) {
        switch summary {
        case .table: Terminal.print(SummaryTable(outcome).text, to: descriptor)
        case .json: Terminal.print(outcome.json.text, to: descriptor)
        case .none: break
        }
        for (stage, failure) in outcome.failures {
            Terminal.printError("weir: \(stage): \(failure.message)")
            if let help = failure.help { Terminal.printError("weir: \(stage): \(help)") }
        }
        if !outcome.balanced {
            Terminal.printError("weir: the ledger does not balance: packets are unaccounted for. Please report this.")
        }
    }
}

/// A duration as in a pipeline: `90s`.
struct DurationArgument: ExpressibleByArgument {
    let value: Duration

    init?(argument: String) {
        let place = SourceFile(name: "command line", text: argument, kind: .standIn).span(ofLine: 1)
        guard let value = try? Duration(node: Node(.scalar(argument, isPlain: true), at: place)), value > .zero else {
            return nil
        }
        self.value = value
    }
}

extension LogLevel: ExpressibleByArgument {}

extension Rebinding {
    /// Reads `[ID=]FILE`.
    init(_ option: Option, argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !parts[0].contains("/") {
            self.init(option, id: String(parts[0]), String(parts[1]))
        } else {
            self.init(option, argument)
        }
    }
}

extension ResolvedPipeline {
    /// Whether a stage writes packets to the standard output, where nothing else may go then.
    var writesToStandardOutput: Bool {
        stages.contains { stage in
            stage.descriptor.role == .sink
                && stage.configuration.settings.contains {
                    if case .file = $0.descriptor.type.kind { $0.text == "-" } else { false }
                }
        }
    }
}
