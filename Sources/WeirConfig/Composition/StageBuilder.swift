import Weir

/// Makes the configuration of an item, and tries whether the stage accepts it.
struct StageBuilder {
    let catalogue: StageCatalogue
    let findings: Findings

    /// The descriptor of the item's kind; nil when there is none, which is reported with what it might have been.
    func descriptor(of item: StageItem, ids: Identifiers) -> StageDescriptor? {
        guard let kind = item.kind else { return nil }
        if let descriptor = catalogue[kind] { return descriptor }
        guard !findings.isFull else { return nil }
        let help =
            if ids.items[kind]?.writtenID != nil {
                "`\(kind)` is the id of a stage; to lead there, write `to: \(kind)` in the item before"
            } else if let near = nearest(kind, catalogue.kinds + [Subpipeline.kind]) {
                correction(of: kind, to: near)
            } else {
                "`weir list` shows the stages that there are"
            }
        findings.error("there is no stage \(quoted(kind))", at: item.span, help: help)
        return nil
    }

    /// The item's parameters, nil when one of them is wrong or they do not fit each other.
    func configuration(of item: StageItem, as descriptor: StageDescriptor) -> (any StageConfiguration)? {
        guard !isUnresolved(item.configuration) else { return nil }
        let configuration = descriptor.makeConfiguration()
        let hints = KeyHints(catalogue: catalogue)
        if item.configuration.entries == nil {
            findings.error(
                "`\(descriptor.kind)` takes a map of parameters, found \(item.configuration.summary)",
                at: item.configuration.span, help: example(of: descriptor))
            return nil
        }
        let faults = configuration.fill(from: item.configuration, missingAt: item.span, excused: item.strayKeys) {
            hints.diagnostic(for: $0, known: $1, at: .stage(descriptor))
        }
        findings.report(faults)
        guard faults.isEmpty, !item.configuration.isUnresolved else { return nil }
        do {
            _ = try descriptor.makeStage(configuration)
            findings.report(descriptor.warnings(configuration).map { diagnostic(.warning, $0, of: item) })
            return configuration
        } catch let error as ConfigurationError {
            findings.report(diagnostic(.error, error, of: item))
        } catch {
            findings.error("`\(descriptor.kind)` cannot be made: \(error)", at: item.span)
        }
        return nil
    }

    private func isUnresolved(_ node: Node) -> Bool { if case .unresolved = node.content { true } else { false } }

    private func example(of descriptor: StageDescriptor) -> String {
        guard let parameter = descriptor.parameters.first else { return "it has none: write `\(descriptor.kind): {}`" }
        let value = parameter.type.examples.first ?? "…"
        return "write `\(descriptor.kind): { \(parameter.key): \(value) }`"
    }

    /// What a stage says of its parameters, at its place.
    private func diagnostic(
        _ severity: Diagnostic.Severity, _ error: ConfigurationError, of item: StageItem
    ) -> Diagnostic {
        var diagnostic = Diagnostic.error(
            error.message, at: item.place(of: error.parameter), help: error.help.map { [$0] } ?? [])
        diagnostic.severity = severity
        diagnostic.parameter = error.parameter
        diagnostic.notes += error.related.map { related in
            Diagnostic.Note(
                related.message, at: item.configuration.descendant(related.parameter)?.span ?? item.span)
        }
        return diagnostic
    }
}

extension Node {
    /// The value that `path`, such as `rules[2].ports`, leads to; as far along it as there are values.
    func descendant(_ path: String) -> Node? {
        let steps = path.split { $0 == "." || $0 == "[" || $0 == "]" }
        var node: Node?
        for step in steps {
            let parent = node ?? self
            let child =
                if let index = Int(step) {
                    parent.elements.indices.contains(index) ? parent.elements[index] : nil
                } else {
                    parent.entries?.first { $0.key == step }?.value
                }
            guard let child else { return node }
            node = child
        }
        return node
    }
}
