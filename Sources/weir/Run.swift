import ArgumentParser
import BuiltinStages
import Weir
import WeirConfig

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a pipeline until its input ends.",
        discussion: """
            Examples:
              weir run pipelines/fixed-igmp.yaml
              weir run host.yaml -r traffic.pcap -w host=kept.pcap --set host-id=2
              tcpdump -U -w - | weir run host.yaml -r - -w - | tcpdump -n -r -
              weir run host.yaml --duration 10m --summary json | jq .packets

            The summary goes to standard output, or to standard error when a transmit writes its packets there; the log \
            goes to standard error. Interrupted by SIGINT or SIGTERM, a run lets what it has read through, closes its \
            files, prints the summary and ends with status 0; a second signal ends it at once.
            """)

    @OptionGroup var pipeline: PipelineOptions

    @Option(
        name: [.customShort("r"), .customLong("read")],
        help: ArgumentHelp(
            "Read the capture ID, or the only one, from FILE; - is standard input.", valueName: "[id=]file"))
    var read: [String] = []

    @Option(
        name: [.customShort("w"), .customLong("write")],
        help: ArgumentHelp(
            "Write the transmit ID, or the only one, to FILE; - is standard output.", valueName: "[id=]file"))
    var write: [String] = []

    @Option(help: "Seed of all random decisions: the same seed and input give the same output.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp("End so long after the first packet, such as 10m or 90s.", valueName: "time"),
        transform: Duration.init(argument:))
    var duration: Duration?

    @Option(help: ArgumentHelp("End after so many packets.", valueName: "number"))
    var count: Int?

    @Option(help: "How to print the summary.")
    var summary: SummaryFormat = .table

    @Option(help: ArgumentHelp("The least that the log tells of.", valueName: "level"))
    var logLevel: LogLevel = .info

    @Option(help: "How to write the log.")
    var logFormat: LogFormat = .text

    func validate() throws {
        if let count, count < 0 { throw ValidationError("--count takes a number of packets, found \(count)") }
    }

    func run() throws {
        let rebindings = read.map { Rebinding(.read, argument: $0) } + write.map { Rebinding(.write, argument: $0) }
        let resolved = try pipeline.load(rebindings: rebindings)
        let progress = ProgressBar()
        let log = LogPrinter(format: logFormat, least: logLevel, pipeline: resolved.name, above: progress)
        var options = Engine.Options()
        options.seed = seed
        options.duration = duration
        options.count = count
        options.log = log.print
        options.shouldStop = { Signals.stopIsRequested }
        options.progress = progress?.update
        Signals.stopOnRequest()
        var engine = Engine(try resolved.makeGraph(), options)
        let result = engine.run()
        progress?.clear()
        for (stage, failure) in result.failures { Terminal.error.report(failure, of: stage) }
        let terminal = resolved.writesToStandardOutput ? Terminal.error : Terminal.output
        try terminal.write(summary.text(of: result, usesColor: terminal.usesColor))
        try result.status.exit()
    }
}

extension ResolvedPipeline {
    /// Whether a stage sends packets to standard output, where nothing else may be written then.
    fileprivate var writesToStandardOutput: Bool {
        stages.contains { stage in
            stage.descriptor.role == .sink
                && stage.configuration.settings.contains {
                    if case .file = $0.descriptor.type.kind { $0.text == "-" } else { false }
                }
        }
    }
}
