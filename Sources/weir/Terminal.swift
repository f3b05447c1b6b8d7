// One of the files with unsafe code: writing to a descriptor, asking what it is, and reading the environment.

import Glibc
import Weir

/// Where output goes.
enum Terminal {
    /// Writes all of `text`. A result that cannot be written ends the program: nobody is to take a part for the whole.
    static func print(_ text: String, to descriptor: Int32 = STDOUT_FILENO, terminator: String = "\n") {
        var text = text + terminator
        let code = text.withUTF8 { octets -> Int32 in
            guard let start = octets.baseAddress else { return 0 }
            var written = 0
            while written < octets.count {
                let count = unsafe write(descriptor, start + written, octets.count - written)
                if count < 0, errno != EINTR { return errno }
                written += max(count, 0)
            }
            return 0
        }
        // Who reads no further, as in `weir run P.yaml | head -3`, has what they wanted.
        guard code != 0, code != EPIPE, descriptor == STDOUT_FILENO else { return }
        printError("weir: cannot write to standard output: \(unsafe String(cString: strerror(code)))")
        exit(ExitStatus.inputOutput.rawValue)
    }

    static func printError(_ text: String, terminator: String = "\n") {
        print(text, to: STDERR_FILENO, terminator: terminator)
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Colours only where a person looks, and not against their will (https://no-color.org).
    static func usesColor(_ descriptor: Int32) -> Bool {
        isTerminal(descriptor) && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }

    /// The environment as a dictionary.
    static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let parts = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            unsafe entry += 1
        }
        return variables
    }
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
