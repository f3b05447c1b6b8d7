import ArgumentParser
import BuiltinStages
import Weir
import WeirConfig

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the stages there are.",
        discussion: """
            EXAMPLES
              weir list
              weir list --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "How to print the list.") var format: Format = .text

    func run() {
        let stages = StageCatalogue.builtin.kinds.compactMap { StageCatalogue.builtin[$0] }
        switch format {
        case .text:
            let width = stages.map(\.kind.count).max() ?? 0
            for stage in stages {
                Terminal.print(stage.kind.padded(to: width + 2) + stage.summary)
            }
        case .json:
            let objects = stages.map { stage in
                JSONText.object([
                    ("kind", .string(stage.kind)), ("role", .string(stage.role.rawValue)),
                    ("summary", .string(stage.summary)),
                ])
            }
            Terminal.print(JSONText.list(objects).text)
        }
    }
}
