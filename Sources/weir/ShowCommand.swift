import ArgumentParser
import Weir
import WeirConfig

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a pipeline with everything filled in, and where each value came from.",
        discussion: """
            What is printed is a pipeline again: parameters are replaced by their values, defaults are written out, \
            pipelines inside it are flattened, every wire is named, and relative paths start from the working folder.

            EXAMPLES
              weir show host.yaml --set host-id=2
              WEIR_HOST_ID=3 weir show host.yaml
              weir show host.yaml | weir check -
            """)

    @Argument(help: "The pipeline file; `-` is the standard input.") var pipeline: String
    @OptionGroup var parameters: SettingOptions

    func run() throws {
        Terminal.print(ResolvedYAML(try loadPipeline(pipeline, parameters.settings())).text)
    }
}
