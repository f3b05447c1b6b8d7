import Weir

/// What has been found wrong so far. The same fault, met again in a repeated item, counts once.
final class Findings {
    /// More errors, or warnings, than these are not of use to anyone; the first ones are.
    private static let limit = 200

    private(set) var all: [Diagnostic] = []
    private var seen: Set<Diagnostic> = []
    private var errorCount = 0

    /// Whether further errors would be left out, so that there is no use in looking for more.
    var isFull: Bool { errorCount >= Self.limit }

    func report(_ diagnostic: Diagnostic) {
        let isError = diagnostic.severity == .error
        // However many warnings there are, an error is not lost behind them.
        guard (isError ? errorCount : all.count - errorCount) < Self.limit else { return }
        guard seen.insert(diagnostic).inserted else { return }
        all.append(diagnostic)
        if isError { errorCount += 1 }
    }

    func report(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics { report(diagnostic) }
    }

    func error(_ message: String, at span: SourceSpan?, help: String? = nil, notes: [Diagnostic.Note] = []) {
        report(Diagnostic(.error, message, at: span, notes: (help.map { [Diagnostic.Note($0)] } ?? []) + notes))
    }

    func warning(_ message: String, at span: SourceSpan?, help: String) {
        report(Diagnostic(.warning, message, at: span, notes: [Diagnostic.Note(help)]))
    }

    var hasErrors: Bool { errorCount > 0 }

    /// The findings in the order of the text, file by file; those without a place come first, and those of the command
    /// line last.
    var inOrder: [Diagnostic] {
        var ranks: [SourceFile: Int] = [:]
        for case let span? in all.map(\.span) where ranks[span.file] == nil {
            ranks[span.file] = ranks.count + (span.file.kind == .standIn ? 1_000_000 : 1)
        }
        func key(_ diagnostic: Diagnostic) -> (Int, Int, Int) {
            diagnostic.span.map { (ranks[$0.file] ?? 0, $0.line, $0.column) } ?? (0, 0, 0)
        }
        return all.enumerated().sorted { left, right in
            let (first, second) = (key(left.element), key(right.element))
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }
}
