import Weir

/// `each: { host: 1-8 }`: repeats an item as if it were written once for each value, with `$host` set to it.
///
/// Several names give all combinations, the last one changing fastest.
struct Repetition {
    /// No pipeline is meant to have more copies of an item than these.
    private static let limit = 1024

    /// The scopes in which an item with `each: node` stands; nil when `each` is wrong, which is reported.
    static func scopes(_ node: Node, in scope: Scope, _ findings: Findings) -> [Scope]? {
        let substitution = Substitution(scope: scope, findings: findings)
        guard case .map(let entries) = node.content, !entries.isEmpty else {
            findings.error(
                "`each` takes names with their values, found \(node.summary)", at: node.span,
                help: "write `each: { host: 1-8 }`, and `$host` in the item")
            return nil
        }
        var scopes = [scope]
        for entry in entries {
            guard isParameterName(entry.key) else {
                findings.error("\(quoted(entry.key)) cannot be a name behind `$`", at: entry.keySpan)
                return nil
            }
            guard let values = values(substitution.apply(to: entry.value), findings) else { return nil }
            guard scopes.count * values.count <= limit else {
                findings.error("more than \(limit) copies of an item", at: entry.keySpan)
                return nil
            }
            scopes = scopes.flatMap { outer in
                values.map { text in
                    let provenance = Provenance(parameter: entry.key, origin: .file, span: entry.value.span)
                    let value = Node(.scalar(text, isPlain: true), at: entry.value.span, provenance: [provenance])
                    return Scope([entry.key: value], inside: outer, suffix: "-" + text)
                }
            }
        }
        return scopes
    }

    /// The values in a list of words, numbers and ranges such as `1-8`.
    private static func values(_ node: Node, _ findings: Findings) -> [String]? {
        guard !node.isUnresolved else { return nil }
        var values: [String] = []
        for element in node.elements {
            guard let text = element.text, !text.isEmpty else {
                findings.error(
                    "`each` takes words, numbers and ranges such as `1-8`, found \(element.summary)", at: element.span)
                return nil
            }
            guard text.utf8.allSatisfy({ "0123456789,- ".utf8.contains($0) }) else {
                values.append(text)
                continue
            }
            do {
                values += try IntegerRanges(node: element).numbers.map(\.description)
            } catch {
                findings.report(error.diagnostics)
                return nil
            }
        }
        if values.isEmpty { findings.error("`each` has no values here, so the item would be nowhere", at: node.span) }
        return values.isEmpty ? nil : values
    }
}
