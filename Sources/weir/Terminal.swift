// One of the files with unsafe code: writing to a descriptor and asking what it is.

import Glibc

/// Where output goes.
enum Terminal {
    static func print(_ text: String, to descriptor: Int32 = STDOUT_FILENO, terminator: String = "\n") {
        var text = text + terminator
        text.withUTF8 { octets in
            guard let start = octets.baseAddress else { return }
            var written = 0
            while written < octets.count {
                let count = unsafe write(descriptor, start + written, octets.count - written)
                if count < 0, errno != EINTR { return }
                written += max(count, 0)
            }
        }
    }

    static func printError(_ text: String) { print(text, to: STDERR_FILENO) }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Colours only where a person looks, and not against their will (https://no-color.org).
    static var errorsUseColor: Bool { unsafe getenv("NO_COLOR") == nil && isTerminal(STDERR_FILENO) }

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
