import Weir

/// Writes diagnostics for people, with the line that each speaks of:
///
///     pipeline.yaml:7:32: error: `report-interval`: a duration needs a unit, found `60`
///      7 |   - igmp-responder: { report-interval: 60 }
///        |                                        ^~
///        = write `60s` or `60ms`
public struct DiagnosticRenderer: Sendable {
    /// How much of a long line is shown before and after the place.
    private static let window = 100

    /// Whether to use the colours of a terminal.
    public var usesColor: Bool

    public init(usesColor: Bool = false) { self.usesColor = usesColor }

    /// All of `diagnostics`, each ending with a line break.
    public func text(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { text($0) }.joined()
    }

    /// One diagnostic with its notes, ending with a line break.
    public func text(_ diagnostic: Diagnostic) -> String {
        let color: Color = diagnostic.severity == .error ? .red : .magenta
        var text = headline(
            diagnostic.severity.rawValue, color, diagnostic.text, at: diagnostic.span)
        let margin = String(repeating: " ", count: diagnostic.span.map(gutter) ?? 2)
        for note in diagnostic.notes where note.span == nil {
            let lines = note.message.split(separator: "\n", omittingEmptySubsequences: false)
            text += lines.enumerated().map { margin + ($0 == 0 ? "= " : "  ") + $1 + "\n" }.joined()
        }
        for note in diagnostic.notes where note.span != nil {
            text += headline("note", .cyan, note.message, at: note.span)
        }
        return text
    }

    private func headline(_ word: String, _ color: Color, _ message: String, at span: SourceSpan?) -> String {
        let place = span.map { paint($0.location + ": ", .bold) } ?? ""
        let line = place + paint(word + ": ", color) + paint(message, .bold) + "\n"
        return line + (span.map { excerpt($0, color) } ?? "")
    }

    /// How wide what stands before the bar beside an excerpt is, with a blank.
    private func gutter(_ span: SourceSpan) -> Int { span.file.kind == .file ? String(span.line).count + 2 : 3 }

    /// The line of `span` with its place underlined; empty when the text has no such line.
    private func excerpt(_ span: SourceSpan, _ color: Color) -> String {
        guard span.file.lines.indices.contains(span.line - 1) else { return "" }
        let line = span.file.lines[span.line - 1].unicodeScalars.map(Self.visible)
        guard !line.isEmpty else { return "" }
        let place = min(span.column - 1, line.count)
        let end = span.endLine > span.line ? line.count : min(span.endColumn - 1, line.count)
        let first = place > Self.window ? place - Self.window : 0
        let last = min(line.count, max(end, place) + Self.window, first + 3 * Self.window)
        let shown = (first > 0 ? "…" : "") + line[first..<last].joined() + (last < line.count ? "…" : "")
        let indent = String(repeating: " ", count: place - first + (first > 0 ? 1 : 0))
        let underline = "^" + String(repeating: "~", count: max(0, min(end, last) - place - 1))
        let isFile = span.file.kind == .file
        let number = isFile ? " \(span.line) | " : "   "
        let blank = isFile ? String(repeating: " ", count: gutter(span)) + "| " : "   "
        return number + shown + "\n" + blank + indent + paint(underline, color) + "\n"
    }

    /// A scalar as it is shown, one column wide.
    private static func visible(_ scalar: Unicode.Scalar) -> String {
        if scalar == "\t" { return " " }
        return scalar.value < 32 || 127..<160 ~= scalar.value ? "\u{FFFD}" : String(scalar)
    }

    /// What a terminal calls the colours.
    private enum Color: String {
        case red = "1;31"
        case magenta = "1;35"
        case cyan = "1;36"
        case bold = "1"
    }

    private func paint(_ text: String, _ color: Color) -> String {
        usesColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}
