import Weir

/// An item of a list of stages, with its names filled in.
final class StageItem {
    /// The word that says what the item is; nil when that could not be made out, which has been reported.
    let kind: String?
    /// Where the kind stands.
    let span: SourceSpan
    /// The parameters.
    var configuration: Node
    /// The id as it was written, already different in each copy of a repeated item.
    let writtenID: (text: String, span: SourceSpan)?
    /// The id by which other items and the user refer to the stage; assigned once all items are known.
    var id = ""
    /// What makes the default id of a copy different.
    let suffix: String
    let targets: [Target]
    /// Whether `to` could be read, and no output stands in a wrong place.
    let targetsAreSound: Bool
    /// Keys that stand beside the stage without having a meaning there, which is reported.
    let strayKeys: [String]

    /// An output and where it leads.
    struct Target {
        let output: String
        let span: SourceSpan
        let destination: Destination
    }

    enum Destination {
        /// Other items, by id.
        case ids([(text: String, span: SourceSpan)])
        /// A chain of stages of its own.
        case chain([StageItem])
    }

    init(
        kind: String?, span: SourceSpan, configuration: Node, writtenID: (text: String, span: SourceSpan)?,
        suffix: String, targets: [Target]?, strayKeys: [String] = []
    ) {
        self.kind = kind
        self.span = span
        self.configuration = configuration
        self.writtenID = writtenID
        self.suffix = suffix
        self.targets = targets ?? []
        targetsAreSound = targets != nil
        self.strayKeys = strayKeys
    }

    /// The chains inside, those that `to` leads to.
    var chains: [[StageItem]] {
        targets.compactMap { if case .chain(let items) = $0.destination { items } else { nil } }
    }
}

/// Reads lists of stages.
struct ItemReader {
    let catalogue: StageCatalogue
    let findings: Findings

    /// The items that stand in `nodes`, repeated ones as often as they are repeated.
    func items(_ nodes: [Node], in scope: Scope) -> [StageItem] {
        nodes.flatMap { node in
            guard let each = node.entries?.first(where: { $0.key == "each" }) else { return [item(node, in: scope)] }
            guard let scopes = Repetition.scopes(each.value, in: scope, findings) else { return [unknown(node)] }
            return scopes.map { item(node, in: $0) }
        }
    }

    /// What stands for an item that cannot be made out.
    private func unknown(_ node: Node) -> StageItem {
        StageItem(kind: nil, span: node.span, configuration: node, writtenID: nil, suffix: "", targets: nil)
    }

    private func item(_ node: Node, in scope: Scope) -> StageItem {
        if let word = node.text {
            return StageItem(
                kind: word, span: node.span, configuration: Node(.null, at: node.span), writtenID: nil,
                suffix: scope.suffix, targets: [])
        }
        guard case .map(let entries) = node.content, let stage = stage(among: entries) else {
            let help = "write the kind of stage and its parameters: `- counter: {}`"
            findings.error("a stage is expected here, found \(describe(node))", at: node.span, help: help)
            return unknown(node)
        }
        let strays = entries.filter { $0.key != stage.key && !KeyHints.itemKeys.contains($0.key) }
        let hints = KeyHints(catalogue: catalogue)
        let known = KeyHints.itemKeys
        findings.report(strays.map { hints.diagnostic(for: $0, known: known, at: .item(catalogue[stage.key])) })
        let substitution = Substitution(scope: scope, findings: findings)
        let usesBefore = scope.useCountOfRepetition
        let id = entries.first { $0.key == "id" }.flatMap { writtenID(substitution.apply(to: $0.value)) }
        // Copies whose id says nothing of what makes them different are told apart by it.
        let needsSuffix = scope.useCountOfRepetition == usesBefore
        return StageItem(
            kind: stage.key, span: stage.keySpan, configuration: substitution.apply(to: stage.value),
            writtenID: id.map { ($0.text + (needsSuffix ? scope.suffix : ""), $0.span) }, suffix: scope.suffix,
            targets: hasMisplacedTargets(stage, strays)
                ? nil : entries.first { $0.key == "to" }.map { targets($0, in: scope) } ?? [],
            strayKeys: strays.map(\.key))
    }

    /// Whether `to` stands among the parameters of the stage, or an output beside it.
    private func hasMisplacedTargets(_ stage: Node.Entry, _ strays: [Node.Entry]) -> Bool {
        guard let descriptor = catalogue[stage.key] else { return false }
        let isInside = stage.value.entries?.contains { $0.key == "to" } == true
        return (isInside && !descriptor.parameters.contains { $0.key == "to" })
            || descriptor.outputs.contains { output in strays.contains { $0.key == output.name } }
    }

    private func describe(_ node: Node) -> String {
        if case .map(let entries) = node.content, !entries.isEmpty { return "only \(alternatives(entries.map(\.key)))" }
        return node.summary
    }

    /// The entry that is the stage: the first known kind, else the first key that has no other meaning.
    private func stage(among entries: [Node.Entry]) -> Node.Entry? {
        let candidates = entries.filter { !KeyHints.itemKeys.contains($0.key) }
        let isKind = { (entry: Node.Entry) in entry.key == Subpipeline.kind || self.catalogue[entry.key] != nil }
        return candidates.first(where: isKind) ?? candidates.first
    }

    private func writtenID(_ node: Node) -> (text: String, span: SourceSpan)? {
        guard !node.isUnresolved else { return nil }
        guard let text = node.text, text.unicodeScalars.first.map({ isNamePart($0) && $0 != "-" }) == true,
            text.unicodeScalars.allSatisfy(isNamePart)
        else {
            findings.report(
                .error(
                    "expected an id such as `uplink`, found \(node.summary)", at: node,
                    help: ["an id has letters, digits, `-` and `_`"]))
            return nil
        }
        return (text, node.span)
    }
}
