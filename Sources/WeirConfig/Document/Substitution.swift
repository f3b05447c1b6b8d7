import Weir

/// Puts the values of parameters in place of `$name` and `${name}`; `$$` is a dollar.
///
/// A text that is nothing but one name takes over the whole value, a list for example. Keys are left alone.
struct Substitution {
    let scope: Scope
    let findings: Findings

    /// A piece of a text.
    enum Piece: Equatable {
        case text(String)
        /// A name behind a dollar. In braces it ends where they end, else as late as it can.
        case name(String, inBraces: Bool)
        /// A dollar that nothing follows which could be a name.
        case loneDollar
    }

    /// `node` with every name replaced; what cannot be replaced is reported and left unresolved.
    func apply(to node: Node) -> Node {
        switch node.content {
        case .null, .unresolved: return node
        case .scalar(let text, _): return text.utf8.contains(UInt8(ascii: "$")) ? fill(text, in: node) : node
        case .list(let elements): return replacing(node, with: .list(elements.map { apply(to: $0) }))
        case .map(let entries):
            return replacing(
                node,
                with: .map(
                    entries.map { Node.Entry(key: $0.key, keySpan: $0.keySpan, value: apply(to: $0.value)) }))
        }
    }

    private func replacing(_ node: Node, with content: Node.Content) -> Node {
        var node = node
        node.content = content
        return node
    }

    private func fill(_ text: String, in node: Node) -> Node {
        let pieces = Self.pieces(of: text)
        var result = ""
        var filled = replacing(node, with: .unresolved)
        var isComplete = true
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .loneDollar:
                isComplete = false
                findings.error(
                    "a `$` begins the name of a parameter", at: node.span, help: "write `$$` for a dollar")
            case .name(let name, let inBraces):
                guard let value = value(of: name, inBraces: inBraces, in: node) else {
                    isComplete = false
                    continue
                }
                if pieces.count == 1 {
                    return Node(value.content, at: node.span, provenance: value.provenance, home: value.home)
                }
                guard !value.isUnresolved, let text = value.text else {
                    isComplete = false
                    if !value.isUnresolved {
                        findings.error(
                            "`$\(name)` is \(value.summary), which cannot be part of a text", at: node.span)
                    }
                    continue
                }
                result += text
                filled.provenance += value.provenance
            }
        }
        if isComplete { filled.content = .scalar(result, isPlain: false) }
        return filled
    }

    private func value(of name: String, inBraces: Bool, in node: Node) -> Node? {
        if let value = scope.use(name) { return value }
        let shorter = inBraces ? nil : scope.names.filter { name.hasPrefix($0) }.max { $0.count < $1.count }
        let near = nearest(name, scope.names)
        // What was probably meant is not to be called unused as well.
        _ = (shorter ?? near).flatMap(scope.use)
        let help =
            if let shorter {
                "write `${\(shorter)}` where the name ends before other letters"
            } else if let near {
                "did you mean `$\(near)`?"
            } else {
                "declare it under `parameters`, or write `$$` for a dollar"
            }
        findings.error(
            "there is no parameter \(quoted(name))", at: place(of: inBraces ? "${\(name)" : "$\(name)", in: node.span),
            help: help)
        return nil
    }

    /// Where `use` stands in the text at `span`; the whole span when it cannot be found there.
    private func place(of use: String, in span: SourceSpan) -> SourceSpan {
        guard span.endLine == span.line, span.file.lines.indices.contains(span.line - 1) else { return span }
        let line = span.file.lines[span.line - 1]
        let scalars = line.unicodeScalars
        guard let start = scalars.index(scalars.startIndex, offsetBy: span.column - 1, limitedBy: scalars.endIndex),
            let found = line[start...].firstRange(of: use)
        else { return span }
        let column = scalars.distance(from: scalars.startIndex, to: found.lowerBound) + 1
        guard column < span.endColumn else { return span }
        return SourceSpan(span.file, line: span.line, column: column, endColumn: column + use.unicodeScalars.count)
    }

    /// Cuts `text` at its dollars.
    static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text.unicodeScalars[...]
        while let dollar = rest.firstIndex(of: "$") {
            if dollar > rest.startIndex { pieces.append(.text(String(rest[..<dollar]))) }
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                pieces.append(.text("$"))
                rest = rest.dropFirst()
            } else if rest.first == "{", let brace = rest.firstIndex(of: "}") {
                let name = String(rest[rest.index(after: rest.startIndex)..<brace])
                pieces.append(isParameterName(name) ? .name(name, inBraces: true) : .loneDollar)
                rest = rest[rest.index(after: brace)...]
            } else if let first = rest.first, isNameStart(first) {
                let name = rest.prefix(while: isNamePart)
                pieces.append(.name(String(name), inBraces: false))
                rest = rest[name.endIndex...]
            } else {
                pieces.append(.loneDollar)
            }
        }
        return rest.isEmpty ? pieces : pieces + [.text(String(rest))]
    }

    /// Every name that `nodes` refer to.
    static func names(in nodes: [Node]) -> Set<String> {
        nodes.reduce(into: []) { names, node in
            switch node.content {
            case .null, .unresolved: break
            case .list(let elements): names.formUnion(Self.names(in: elements))
            case .map(let entries): names.formUnion(Self.names(in: entries.map(\.value)))
            case .scalar(let text, _):
                for case .name(let name, _) in pieces(of: text) { names.insert(name) }
            }
        }
    }
}
