import ArgumentParser

/// `weir`: the verbs, each in a file of its own.
@main
struct WeirCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Runs packet-processing pipelines that are written in YAML.",
        discussion: """
            Examples:
              weir run pipelines/fixed-igmp.yaml
              tcpdump -U -w - | weir run host.yaml -r - -w - | tcpdump -n -r -
              weir check pipelines/*.yaml
              weir describe nlb-filter

            Exit status: 0 success, 64 wrong usage, 65 bad data, 66 no input, 69 unavailable, 70 internal error,
            73 cannot create output, 74 input/output error, 77 no permission, 78 wrong pipeline.
            """,
        version: "weir 0.1.0",
        subcommands: [Run.self, Check.self, Show.self, List.self, Describe.self])

    /// Like the synthesized `main`, but a reader of our output that ends early is an error to handle, not a death.
    static func main() {
        Signals.ignoreClosedPipes()
        main(nil)
    }
}
