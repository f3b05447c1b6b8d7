// The system is asked here: write(2), isatty(3) and the environment. That is the unsafe code.

@preconcurrency import Glibc
import ArgumentParser
import Weir

/// One of the two standard streams that are written to, terminal or not.
struct Terminal {
    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let error = Terminal(descriptor: STDERR_FILENO)

    let descriptor: Int32

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Whether to colour what is written; see no-color.org.
    var usesColor: Bool {
        isTerminal && Self.environment["NO_COLOR", default: ""].isEmpty && Self.environment["TERM"] != "dumb"
    }

    /// Writes all of `text`. When nobody reads results any more, as in `weir list | head -1`, the command just ends.
    func write(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                // There is no other place to complain about standard error.
                guard descriptor == STDOUT_FILENO else { return }
                if errno == EPIPE { throw ExitCode.success }
                let reason = unsafe String(cString: strerror(errno))
                try Terminal.error.write("weir: cannot write to standard output: \(reason)\n")
                throw ExitCode(ExitStatus.inputOutput.rawValue)
            }
        }
    }

    /// Says why a stage could not go on.
    func report(_ failure: StageFailure, of stage: String) {
        let help = failure.help.map { "  = \($0)\n" } ?? ""
        try? write("weir: \(stage): \(failure.message)\n\(help)")
    }

    static let environment: [String: String] = {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next?.pointee {
            let parts = unsafe String(cString: entry).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            unsafe next = unsafe next?.advanced(by: 1)
        }
        return variables
    }()
}

/// How text stands out on a terminal.
enum Paint: String {
    case bold = "1"
    case dim = "2"
    case alarm = "1;31"

    /// `text` painted, if `isOn`.
    func callAsFunction(_ text: String, if isOn: Bool) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
