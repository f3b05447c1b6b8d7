import Weir

/// What a user should do about a text that libyaml refuses.
func diagnostic(for problem: YAMLProblem, in source: SourceFile) -> Diagnostic {
    let place = clamp(problem.place, in: source)
    if let tab = tabInIndentation(of: place.line, in: source) {
        return .error("a tab cannot indent YAML", at: tab, help: "indent with spaces")
    }
    let span = SourceSpan(source, line: place.line, column: place.column, endColumn: place.column + 1)
    let opening = clamp(problem.contextPlace, in: source)
    let begins = Diagnostic.Note(
        "it begins here",
        at: SourceSpan(source, line: opening.line, column: opening.column, endColumn: opening.column + 1))

    if let bracket = strayBracket(problem, at: place, in: source) {
        return .error("a `\(bracket)` without what it closes", at: span, help: "remove it")
    }
    switch problem.message {
    case "mapping values are not allowed in this context":
        return .error(
            "a `:` makes a key here, where none can be", at: span,
            help: "put a text that holds `: ` in quotes, or check that the line is indented like its neighbours")
    case "did not find expected key":
        return .error(
            "this is neither a further key of the map nor the end of it", at: span,
            help: "indent it like the other keys, and close what is open in quotes or brackets", notes: [begins])
    case "did not find expected '-' indicator":
        return .error(
            "this is neither a further item of the list nor the end of it", at: span,
            help: "begin an item with `- `, indented like the others", notes: [begins])
    case "did not find expected ',' or ']'":
        return .error("the list in `[` goes on with `,` or ends with `]`", at: span, notes: [begins])
    case "did not find expected ',' or '}'":
        return .error("the map in `{` goes on with `,` or ends with `}`", at: span, notes: [begins])
    case "could not find expected ':'":
        return .error(
            "a key without its `:`", at: source.span(ofLine: opening.line),
            help: "write `key: value`, or begin an item of a list with `- `")
    case "found unexpected end of stream":
        return .error("the text in quotes has no end", at: begins.span, help: "close it with the same quote")
    case "block sequence entries are not allowed in this context":
        return .error("a list cannot begin here", at: span, help: "begin each item with `- ` on a line of its own")
    case "found character that cannot start any token":
        return .error("a value cannot begin with this character", at: span, help: "put the text in quotes")
    case "control characters are not allowed":
        return .error(
            "a control character, which YAML does not allow", at: span,
            help: "in double quotes it can be written, as in `\"\\x07\"`")
    case "did not find expected <document start>":
        return .error(
            "this is not part of the value above it", at: span,
            help: "check the indentation of this line and the one before")
    default:
        let context = problem.context.isEmpty ? "" : " " + problem.context
        return .error("this is not YAML: \(problem.message)\(context)", at: span)
    }
}

/// The bracket at `place` that closes nothing, nil when the problem is another.
private func strayBracket(
    _ problem: YAMLProblem, at place: (line: Int, column: Int), in source: SourceFile
) -> Unicode.Scalar? {
    let messages = ["did not find expected key", "did not find expected <document start>"]
    guard messages.contains(problem.message), source.lines.indices.contains(place.line - 1) else { return nil }
    let found = source.lines[place.line - 1].unicodeScalars.dropFirst(place.column - 1).first
    return found == "]" || found == "}" ? found : nil
}

/// `mark` as a place that the text has. libyaml puts some problems behind the last line.
private func clamp(_ mark: YAMLMark, in source: SourceFile) -> (line: Int, column: Int) {
    var line = min(max(mark.line, 1), source.lines.count)
    let isAtEnd = mark.line > source.lines.count || (line == source.lines.count && source.lines[line - 1].isEmpty)
    while isAtEnd, line > 1, source.lines[line - 1].isEmpty { line -= 1 }
    let end = source.lines[line - 1].unicodeScalars.count + 1
    return (line, isAtEnd ? end : min(max(mark.column, 1), end))
}

/// The first tab among the blanks that line `line`, or the one after it, begins with.
private func tabInIndentation(of line: Int, in source: SourceFile) -> SourceSpan? {
    guard source.lines.indices.contains(line - 1) else { return nil }
    let indent = source.lines[line - 1].unicodeScalars.prefix { $0 == " " || $0 == "\t" }
    guard let tab = indent.firstIndex(of: "\t") else { return nil }
    let column = indent.distance(from: indent.startIndex, to: tab) + 1
    return SourceSpan(source, line: line, column: column, endColumn: column + 1)
}
