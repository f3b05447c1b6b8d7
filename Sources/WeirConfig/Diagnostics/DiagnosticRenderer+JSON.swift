import Weir

extension DiagnosticRenderer {
    /// `diagnostics` as one JSON array on one line, for editors and scripts.
    public static func json(_ diagnostics: [Diagnostic]) -> String {
        list(
            diagnostics.map { diagnostic in
                let notes = diagnostic.notes.map { object([("message", string($0.message))] + place($0.span)) }
                return object(
                    [("severity", string(diagnostic.severity.rawValue)), ("message", string(diagnostic.text))]
                        + place(diagnostic.span) + [("notes", list(notes))])
            })
    }

    private static func place(_ span: SourceSpan?) -> [(String, String)] {
        guard let span else { return [] }
        let file = [("file", string(span.file.name))]
        guard span.file.kind == .file else { return file }
        return file + [
            ("line", "\(span.line)"), ("column", "\(span.column)"), ("end_line", "\(span.endLine)"),
            ("end_column", "\(span.endColumn)"),
        ]
    }

    private static func list(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { string($0) + ":" + $1 }.joined(separator: ",") + "}"
    }

    private static func string(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case _ where scalar.value < 32:
                "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
