import ArgumentParser
import BuiltinStages
import Weir

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Prints all about a stage: parameters, outputs, drop reasons, counters and an example that runs.",
        discussion: """
            EXAMPLES
              weir describe nlb-filter
              weir describe nlb-filter --format markdown
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown }

    @Argument(help: "The kind of stage, as `weir list` names it.") var kind: String
    @Option(help: "How to print it.") var format: Format = .text

    func run() throws {
        guard let stage = StageCatalogue.builtin[kind] else {
            let suggestion = nearest(kind, StageCatalogue.builtin.kinds)
            throw ValidationError(
                "there is no stage '\(kind)'" + (suggestion.map { "; did you mean '\($0)'?" } ?? "; see `weir list`"))
        }
        let reference = StageReference(stage)
        Terminal.print(format == .text ? reference.text : reference.markdown)
    }
}
