import Weir

extension DiagnosticRenderer {
    /// `diagnostics` as one JSON array on one line, for editors and scripts.
    public static func json(_ diagnostics: [Diagnostic]) -> String {
        JSONText.list(
            diagnostics.map { diagnostic in
                let notes = diagnostic.notes.map {
                    JSONText.object([("message", .string($0.message))] + place($0.span))
                }
                return .object(
                    [("severity", .string(diagnostic.severity.rawValue)), ("message", .string(diagnostic.text))]
                        + place(diagnostic.span) + [("notes", .list(notes))])
            }
        ).text
    }

    private static func place(_ span: SourceSpan?) -> [(String, JSONText)] {
        guard let span else { return [] }
        let file = [("file", JSONText.string(span.file.name))]
        guard span.file.kind == .file else { return file }
        return file + [
            ("line", .integer(Int64(span.line))), ("column", .integer(Int64(span.column))),
            ("end_line", .integer(Int64(span.endLine))), ("end_column", .integer(Int64(span.endColumn))),
        ]
    }
}
