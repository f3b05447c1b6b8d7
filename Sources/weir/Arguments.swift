import ArgumentParser
import Weir
import WeirConfig

extension LogLevel: @retroactive ExpressibleByArgument {}

extension Duration {
    /// Reads a duration as in YAML, with the same words about what is wrong.
    init(argument: String) throws {
        let source = SourceFile(name: "command line", text: argument, kind: .standIn)
        do {
            try self.init(node: Node(.scalar(argument, isPlain: true), at: source.span(ofLine: 1)))
        } catch {
            let faults = error.diagnostics.map { ([$0.message] + $0.notes.map(\.message)).joined(separator: "; ") }
            throw ValidationError(faults.joined(separator: "; ").replacing("`", with: "'"))
        }
    }
}

extension Rebinding {
    /// Reads `ID=FILE` or `FILE`. What stands before the first `=` is an id when it can be one, so that a file with a
    /// `=` in its name is written with its folder: `./a=b.pcap`.
    init(_ option: Option, argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isID = parts[0].utf8.allSatisfy { isNamePart($0) } && !parts[0].isEmpty
        if parts.count == 2, isID {
            self.init(option, id: parts[0], parts[1])
        } else {
            self.init(option, argument)
        }
    }
}

private func isNamePart(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
