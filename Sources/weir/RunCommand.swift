import ArgumentParser
import Glibc
import Weir
import WeirConfig
import WeirIO

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a pipeline.",
        usage: "weir run [options] <pipeline>",
        discussion: """
            -r and -w point captures and transmits elsewhere, as in tcpdump; - is the standard input or output. Where a \
            pipeline has several, name the stage: -w host=out.pcap. A file with = in its name is written ./a=b.pcap.

            The summary goes to the standard output, or to the standard error when packets go to the standard output. \
            SIGINT and SIGTERM end a run well: what was read goes through, files are closed, the summary is printed, \
            and the status is 0. A second signal ends it at once.

            EXAMPLES
              weir run host.yaml
              weir run host.yaml --set host-id=2 -r in.pcap -w host=out.pcap
              tcpdump -U -w - | weir run host.yaml -r - -w - | tshark -r -
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
    @Option(
        name: .customShort("i"),
        help: ArgumentHelp(
            "Capture from this network interface; with an id, also send by it.", valueName: "[id=]interface"))
    var interfaces: [String] = []
    @Option(help: "Seeds the stages' random generators.") var seed: UInt64 = 1
    @Option(
        help: "End so long after the first packet, on the pipeline's clock: 90s, 10m.",
        transform: Duration.init(argument:))
    var duration: Duration?
    @Option(help: "End after so many packets.") var count: Int?
    @Option(help: "How to print what the run did.") var summary: SummaryFormat = .table
    @Option(help: "Which events to log.") var logLevel: LogLevel = .warning
    @Option(help: "How to log them.") var logFormat: LogFormat = .text

    func validate() throws {
        if let count, count < 0 { throw ValidationError("--count takes a number of packets, 0 or more") }
    }

    func run() throws {
        let rebindings =
            reads.map { Rebinding(.read, argument: $0) } + writes.map { Rebinding(.write, argument: $0) }
            + interfaces.map { Rebinding(.interface, argument: $0) }
        let resolved = try loadPipeline(pipeline, parameters.settings(rebindings: rebindings))
        Signals.install()
        var options = Engine.Options()
        options.seed = seed
        options.duration = duration
        options.count = count
        options.shouldStop = { Signals.isStopRequested }
        options.world = .system
        let bar = ProgressBar()
        let printer = LogPrinter(pipeline: resolved.name, level: logLevel, asJSON: logFormat == .json, bar: bar)
        options.log = { printer.print($0) }
        options.progress = bar.map { bar in { bar.show($0, $1) } }
        var engine = Engine(try resolved.makeGraph(), options)
        let outcome = engine.run()
        bar?.clear()
        report(outcome, descriptor: resolved.writesToStandardOutput ? STDERR_FILENO : STDOUT_FILENO)
        if outcome.status != .success { throw outcome.status.exitCode }
    }

    private func report(_ outcome: RunSummary, descriptor: Int32) {
        switch summary {
        case .table:
            let table = SummaryTable(outcome, usesColor: Terminal.usesColor(descriptor))
            Terminal.print(table.text, to: descriptor)
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
