import Weir

/// The outputs of an item, and which of them `to` names.
struct ItemOutputs {
    private let item: StageItem
    private let content: ItemContent
    /// The outputs that have to lead somewhere.
    private let outputs: [String]
    /// The drop reasons, which may.
    private let drops: [String]
    /// Whether there is an unnamed output.
    private let hasNext: Bool

    init(_ item: StageItem, _ content: ItemContent) {
        self.item = item
        self.content = content
        switch content {
        case .stage(let descriptor, _):
            outputs = descriptor.outputs.map(\.name)
            drops = descriptor.drops.map(\.name)
            hasNext = descriptor.role.hasNext
        case .pipeline(let ports):
            outputs = ports.outputs.count == 1 ? [] : ports.outputs.map(\.id)
            drops = []
            hasNext = ports.outputs.count == 1
        case .unknown:
            (outputs, drops, hasNext) = ([], [], true)
        }
    }

    /// The name of an inner pipeline's only transmit, which is also its unnamed output.
    private var soleOutput: String? {
        if case .pipeline(let ports) = content, ports.outputs.count == 1 { ports.outputs[0].id } else { nil }
    }

    private var isUnknown: Bool { if case .unknown = content { true } else { false } }

    /// Whether `to` may name `output`.
    func accepts(_ output: String) -> Bool {
        isUnknown || outputs.contains(output) || drops.contains(output)
            || (hasNext && (output == StageDescriptor.next || output == soleOutput))
    }

    /// Where the packets of `output` come out; nil when that is not known.
    func outlet(_ output: String) -> Wiring.Outlet {
        guard accepts(output) else { return nil }
        switch content {
        case .stage(_, let vertex): return (vertex, output)
        case .pipeline(let ports):
            let port = ports.outputs.first { $0.id == output || ports.outputs.count == 1 }
            return port.map { ($0.vertex, StageDescriptor.next) }
        case .unknown: return nil
        }
    }

    /// Whether the unnamed output leads to the next item of the list.
    var hasOpenNext: Bool {
        hasNext && item.targetsAreSound
            && !item.targets.contains { $0.output == StageDescriptor.next || $0.output == soleOutput }
    }

    /// The named outputs that lead nowhere. None while it is unclear what `to` means.
    var unwired: [Diagnostic] {
        guard item.targetsAreSound, item.targets.allSatisfy({ accepts($0.output) }) else { return [] }
        return outputs.filter { output in !item.targets.contains { $0.output == output } }.map { output in
            .error(
                "the output `\(output)` of `\(item.id)` leads nowhere", at: item.span,
                help: "write `to: { \(output): ID }` beside `\(item.kind ?? item.id):`, "
                    + "or `to: { \(output): [discard: {}] }`")
        }
    }

    /// `target` names an output that there is not.
    func unknown(_ target: StageItem.Target) -> Diagnostic {
        let names = (hasNext ? [StageDescriptor.next] : []) + outputs + [soleOutput].compactMap { $0 } + drops
        let descriptor: StageDescriptor? = if case .stage(let descriptor, _) = content { descriptor } else { nil }
        let isSink = descriptor?.role == .sink
        let help =
            // Of one number the nearest other one is no guess.
            if let ports = descriptor?.portsPhrase(), target.output.last?.isNumber ?? false {
                "packets leave it by \(ports)"
            } else if let near = nearest(target.output, names) {
                "did you mean `\(near)`?"
            } else if isSink {
                "`\(item.kind ?? item.id)` is a sink: no packets leave it"
            } else if names.isEmpty {
                "it has no transmit, so no packets leave it"
            } else {
                "packets leave it by \(descriptor?.portsPhrase() ?? alternatives(names))"
            }
        return .error("`\(item.id)` has no output \(quoted(target.output))", at: target.span, help: help)
    }
}
