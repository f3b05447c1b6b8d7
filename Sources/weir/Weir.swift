import ArgumentParser

@main
struct Weir: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Runs packet-processing pipelines that are written in YAML.",
        discussion: """
            EXAMPLES
              weir run host.yaml                          run a pipeline
              weir run host.yaml -r in.pcap -w out.pcap   over other files than it names
              weir check host.yaml                        report every problem without running
              weir describe nlb-filter                    all about a stage
            """,
        version: "weir 0.1.0",
        subcommands: [
            RunCommand.self, CheckCommand.self, ShowCommand.self, ListCommand.self, DescribeCommand.self,
        ])
}
