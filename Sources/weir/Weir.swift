import ArgumentParser

@main
struct Weir: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Runs packet-processing pipelines that are written in YAML.",
        discussion: """
            EXAMPLES
              weir run host.yaml
              weir run host.yaml -r in.pcap -w out.pcap
              weir check pipelines/*.yaml
              weir describe nlb-filter

            EXIT STATUS
              0 success, 64 wrong usage, 65 bad data, 66 no input, 70 internal error,
              73 cannot create output, 74 input/output error, 77 no permission,
              78 wrong pipeline
            """,
        version: "weir 0.1.0",
        subcommands: [
            RunCommand.self, CheckCommand.self, ShowCommand.self, ListCommand.self, DescribeCommand.self,
        ])
}
