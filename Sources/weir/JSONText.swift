/// A JSON value whose members keep their order: readers of a summary expect the same order every time.
indirect enum JSONText {
    case null
    case bool(Bool)
    case string(String)
    /// A number as it is to be written.
    case number(String)
    case list([JSONText])
    case object([(String, JSONText)])

    static func count(_ value: UInt64) -> JSONText { .number(String(value)) }

    /// The value on one line.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .string(let value): Self.quoted(value)
        case .number(let text): text
        case .list(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.0) + ":" + $0.1.text }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case _ where scalar.value < 32: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
