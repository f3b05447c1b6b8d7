import Weir

/// What `to` may hold:
///
/// | written | means |
/// |---|---|
/// | `to: uplink` | the unnamed output leads to `uplink` |
/// | `to: [a, b]` | the unnamed output leads to both, each gets every packet |
/// | `to: { reports: uplink }` | the output, or drop reason, `reports` leads to `uplink` |
/// | `to: { reports: [a, b] }` | it leads to both |
/// | `to: { reports: [counter: {}, discard: {}] }` | it leads into a chain of stages of its own |
///
/// A list of words is a list of ids. A list with a map in it is a chain; a word in it is a stage without parameters.
extension ItemReader {
    /// Where the outputs lead; nil when that could not be read.
    func targets(_ to: Node.Entry, in scope: Scope) -> [StageItem.Target]? {
        guard case .map(let entries) = to.value.content else {
            let next = StageDescriptor.next
            return destination(to.value, in: scope).map {
                [StageItem.Target(output: next, span: to.keySpan, destination: $0)]
            }
        }
        let targets = entries.map { entry in
            destination(entry.value, in: scope).map {
                StageItem.Target(output: entry.key, span: entry.keySpan, destination: $0)
            }
        }
        if entries.isEmpty { expected("where each output leads", found: to.value) }
        return targets.isEmpty || targets.contains { $0 == nil } ? nil : targets.compactMap { $0 }
    }

    private func destination(_ node: Node, in scope: Scope) -> StageItem.Destination? {
        let substitution = Substitution(scope: scope, findings: findings)
        switch node.content {
        case .scalar:
            let value = substitution.apply(to: node)
            guard !value.isUnresolved else { return nil }
            return ids(value.elements)
        case .list(let elements) where elements.contains { if case .map = $0.content { true } else { false } }:
            return .chain(items(elements, in: scope))
        case .list(let elements) where !elements.isEmpty:
            let values = elements.map { substitution.apply(to: $0) }
            return values.contains { $0.isUnresolved } ? nil : ids(values)
        case .map:
            expected("an id or a list", found: node, help: "a chain of stages is a list: `[counter: {}, discard: {}]`")
            return nil
        case .list, .null, .unresolved:
            expected("the id of a stage, or a list of ids or of stages", found: node)
            return nil
        }
    }

    private func ids(_ nodes: [Node]) -> StageItem.Destination? {
        let ids = nodes.compactMap { node in node.text.map { (text: $0, span: node.span) } }
        guard ids.count == nodes.count else {
            for node in nodes where node.text == nil { expected("the id of a stage", found: node) }
            return nil
        }
        return .ids(ids)
    }

    private func expected(_ what: String, found node: Node, help: String? = nil) {
        findings.error("`to` takes \(what), found \(node.summary)", at: node.span, help: help)
    }
}
