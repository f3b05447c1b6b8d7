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

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @Argument(help: "The kind of stage, as `weir list` names it.") var kind: String
    @Option(help: "How to print it.") var format: Format = .text

    func validate() throws {
        let kinds = StageCatalogue.builtin.kinds
        guard !kinds.contains(kind) else { return }
        let near = nearest(kind, kinds).map { "did you mean '\($0)'?" } ?? "'weir list' names those there are"
        throw ValidationError("there is no stage '\(kind)'; \(near)")
    }

    func run() {
        guard let stage = StageCatalogue.builtin[kind] else { return }
        let reference = StageReference(stage)
        switch format {
        case .text: Terminal.print(reference.text)
        case .markdown: Terminal.print(reference.markdown)
        case .json: Terminal.print(stage.json.text)
        }
    }
}
