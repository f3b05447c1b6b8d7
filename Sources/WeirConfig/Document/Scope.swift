import Weir

/// The values that `$name` can stand for in a part of a file.
final class Scope {
    private var values: [String: Node]
    private let parent: Scope?
    /// Which of the values have been used.
    private(set) var used: Set<String> = []
    /// What makes the ids of a repeated item different: `-1`, `-2`.
    let suffix: String

    init(_ values: [String: Node], inside parent: Scope? = nil, suffix: String = "") {
        self.values = values
        self.parent = parent
        self.suffix = (parent?.suffix ?? "") + suffix
    }

    /// The value of `name`, which counts as used from now on.
    func use(_ name: String) -> Node? {
        guard let value = values[name] else { return parent?.use(name) }
        used.insert(name)
        return value
    }

    var names: [String] { (Array(values.keys) + (parent?.names ?? [])).sorted() }

    /// How many of the repeated items' values have been used so far.
    var useCountOfRepetition: Int { suffix.isEmpty ? 0 : used.count + (parent?.useCountOfRepetition ?? 0) }
}

/// A value that was given to a parameter from outside the file that declares it.
struct GivenValue {
    let name: String
    /// Where the name stands.
    let nameSpan: SourceSpan
    let value: Node
    let origin: Origin
}

/// A parameter of a pipeline with the value in force.
public struct ResolvedParameter: Sendable {
    public let name: String
    public let typeDescription: String
    public let help: String
    /// The value, and who decided on it.
    public let value: Node
    public var origin: Origin { value.origin }
}

extension PipelineDocument {
    /// Gives each parameter its value: what was given, else the default. All values are checked.
    ///
    /// - Parameter isInside: whether the pipeline is a stage of another, which decides who can set its parameters.
    func makeScope(given: [GivenValue], isInside: Bool, _ findings: Findings) -> (Scope, [ResolvedParameter]) {
        let names = parameters.map(\.name)
        for value in given where !names.contains(value.name) {
            let near = nearest(value.name, names).map { "did you mean `\($0)`?" }
            findings.error(
                "the pipeline has no parameter \(quoted(value.name))", at: value.nameSpan,
                help: near ?? (names.isEmpty ? "it declares none" : "it has \(alternatives(names))"))
        }
        var values: [String: Node] = [:]
        var resolved: [ResolvedParameter] = []
        for declaration in parameters {
            let value = value(of: declaration, given: given, isInside: isInside, findings)
            values[declaration.name] = value
            resolved.append(
                ResolvedParameter(
                    name: declaration.name, typeDescription: declaration.type?.canonicalText ?? "",
                    help: declaration.help, value: value))
        }
        return (Scope(values), resolved)
    }

    private func value(
        of declaration: ParameterDeclaration, given: [GivenValue], isInside: Bool, _ findings: Findings
    ) -> Node {
        let chosen = given.last { $0.name == declaration.name }
        let unresolved = Node(.unresolved, at: declaration.span)
        guard let type = declaration.type else { return unresolved }
        // The default is checked even when it is not used: it is part of the file.
        let faults = declaration.fallback.map { type.faults(of: $0).map { $0.inside(declaration.name) } } ?? []
        findings.report(faults)
        if let fallback = declaration.fallback, let name = Substitution.names(in: [fallback]).min() {
            findings.error(
                "a default cannot refer to other parameters, found `$\(name)`", at: fallback.span,
                help: "write the value, and set it from outside where it differs")
            return unresolved
        }
        guard var value = chosen?.value ?? declaration.fallback else {
            let outside = "`--set \(declaration.name)=…` or `\(declaration.environmentVariable)`"
            findings.error(
                "the parameter `\(declaration.name)` has no value", at: declaration.span,
                help: "give it a `default`, or set it with "
                    + (isInside ? "`set: { \(declaration.name): … }`" : outside))
            return unresolved
        }
        if chosen != nil {
            guard !value.isUnresolved else { return unresolved }
            let wrong = type.faults(of: value).map { fault in
                var fault = fault.inside(declaration.name)
                fault.notes.append(Diagnostic.Note("the parameter is declared here", at: declaration.span))
                return fault
            }
            findings.report(wrong)
            guard wrong.isEmpty else { return unresolved }
        } else if !faults.isEmpty {
            return unresolved
        }
        let provenance = Provenance(
            parameter: declaration.name, origin: chosen?.origin ?? .pipelineDefault, span: value.span)
        value.provenance.insert(provenance, at: 0)
        return value
    }

    /// Warns of parameters that nothing refers to.
    func reportUnused(in scope: Scope, _ findings: Findings) {
        let used = scope.used.union(Substitution.names(in: tests))
        for declaration in parameters where !used.contains(declaration.name) {
            findings.warning(
                "the parameter `\(declaration.name)` is not used", at: declaration.span,
                help: "refer to it as `$\(declaration.name)`, or remove it")
        }
    }
}
