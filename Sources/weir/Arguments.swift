import ArgumentParser
import Weir
import WeirConfig

extension LogLevel: ExpressibleByArgument {}

extension Duration {
    /// Reads a duration as in a pipeline, `90s`, and says in the same words what is wrong with one.
    init(argument: String) throws {
        let place = SourceFile(name: "command line", text: argument, kind: .standIn).span(ofLine: 1)
        do {
            try self.init(node: Node(.scalar(argument, isPlain: true), at: place))
        } catch {
            let faults = error.diagnostics.flatMap { [$0.message] + $0.notes.map(\.message) }
            throw ValidationError(faults.joined(separator: "; ").replacing("`", with: "'"))
        }
    }
}

extension Rebinding {
    /// Reads `[ID=]FILE`. What stands before the first `=` is an id unless it has a slash.
    init(_ option: Option, argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !parts[0].contains("/") {
            self.init(option, id: String(parts[0]), String(parts[1]))
        } else {
            self.init(option, argument)
        }
    }
}
