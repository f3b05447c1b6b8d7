import Weir
import WeirConfig

/// Values as they are written in a pipeline.
enum YAMLText {
    /// A text as one scalar: quoted unless it is plainly a word, a number or a path.
    static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { plain.contains($0) } && text.contains { $0 != "-" }
            && !["null", "Null", "NULL", "-"].contains(text)
        // A dollar that is meant is written twice.
        return isPlain ? text : JSONText.string(text.replacing("$", with: "$$")).text
    }

    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./".utf8)

    /// Any value in flow style.
    static func flow(_ node: Node) -> String {
        switch node.content {
        case .null, .unresolved: "null"
        case .scalar(let text, _): scalar(text)
        case .list(let elements): "[" + elements.map(flow).joined(separator: ", ") + "]"
        case .map(let entries):
            "{ " + entries.map { "\(scalar($0.key)): \(flow($0.value))" }.joined(separator: ", ") + " }"
        }
    }
}
