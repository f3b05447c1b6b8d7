import Weir

/// Leads every output of the items of one file to where the order of the list and `to` say.
struct Wiring {
    let contents: [String: ItemContent]
    let ids: Identifiers
    /// The kinds of stage that there are.
    let kinds: [String]
    let findings: Findings

    /// Which item leads to which, by id.
    private(set) var edges: [String: [String]] = [:]
    /// Which inputs of inner pipelines something leads to, as `id.input`.
    private(set) var fedInputs: Set<String> = []
    /// Whether some wire could not be made out, so that what is not reached may be due to it.
    private(set) var isIncomplete = false

    init(contents: [String: ItemContent], ids: Identifiers, kinds: [String], findings: Findings) {
        self.contents = contents
        self.ids = ids
        self.kinds = kinds
        self.findings = findings
    }

    /// A way out of an item: the vertex and its output, nil for an item that is not known.
    typealias Outlet = (vertex: Int, output: String)?

    /// Wires the items of `chain`, and of the chains inside it.
    mutating func connect(_ chain: [StageItem], in network: inout Network) {
        for (index, item) in chain.enumerated() {
            let outputs = ItemOutputs(item, contents[item.id] ?? .unknown)
            for target in item.targets {
                let outlet = outputs.outlet(target.output)
                if !outputs.accepts(target.output) {
                    isIncomplete = true
                    findings.report(outputs.unknown(target))
                }
                lead(outlet, of: item, to: target.destination, in: &network)
            }
            if !item.targetsAreSound { isIncomplete = true }
            let following = index + 1 < chain.count ? chain[index + 1] : nil
            if outputs.hasOpenNext {
                leadNext(outputs.outlet(StageDescriptor.next), of: item, to: following, in: &network)
            }
            findings.report(outputs.unwired)
        }
    }

    private mutating func lead(
        _ outlet: Outlet, of item: StageItem, to destination: StageItem.Destination, in network: inout Network
    ) {
        switch destination {
        case .ids(let references):
            for (text, span) in references {
                let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
                guard let name = parts.first, let target = ids.items[name] else {
                    isIncomplete = true
                    guard !findings.isFull else { continue }
                    findings.error("there is no stage with the id \(quoted(text))", at: span, help: idHelp(text, item))
                    continue
                }
                let input = parts.count > 1 ? parts[1] : nil
                enter(target, input: input, from: outlet, of: item, at: span, in: &network)
            }
        case .chain(let chain):
            guard let first = chain.first else { return }
            enter(first, input: nil, from: outlet, of: item, at: first.span, in: &network)
            connect(chain, in: &network)
        }
    }

    private func idHelp(_ text: String, _ item: StageItem) -> String {
        if let near = nearest(text, ids.names.filter { $0 != item.id }) { return "did you mean `\(near)`?" }
        if kinds.contains(text) {
            return "to put a stage there write a list: `[\(text): {}]`"
        }
        return "the ids are \(alternatives(Array(ids.names.filter { $0 != item.id }.prefix(12))))"
    }

    /// The unnamed output of `item` leads to the next item of the list.
    private mutating func leadNext(
        _ outlet: Outlet, of item: StageItem, to following: StageItem?, in network: inout Network
    ) {
        guard let following else {
            if outlet != nil {
                findings.error(
                    "the packets of `\(item.id)` lead nowhere: the chain ends here", at: item.span,
                    help: Self.endOfChain)
            }
            return
        }
        guard let refusal = refusal(of: following) else {
            return enter(following, input: nil, from: outlet, of: item, at: nil, in: &network)
        }
        guard outlet != nil else { return }
        findings.error(
            "the packets of `\(item.id)` lead nowhere: the next item, `\(following.id)`, \(refusal.reason)",
            at: item.span, help: refusal.help)
        // They were meant for one of its ports.
        if refusal.isHub { isIncomplete = true }
    }

    private static let endOfChain = "end the chain with `- discard`, or name a stage: `to: ID`"

    /// Why packets don't go from an item to this one behind it; nil when they do.
    private func refusal(of item: StageItem) -> (reason: String, help: String, isHub: Bool)? {
        switch contents[item.id] {
        case .stage(let descriptor, _) where descriptor.role == .hub:
            let port = descriptor.inputs.first?.name ?? ""
            return ("takes packets by its ports only", "name one: `to: \(item.id).\(port)`", true)
        case .stage(let descriptor, _) where descriptor.role == .source: return ("is a source", Self.endOfChain, false)
        case .pipeline(let ports) where ports.inputs.isEmpty: return ("is a source", Self.endOfChain, false)
        case .stage, .pipeline, .unknown, nil: return nil
        }
    }

    /// Leads `outlet` into `target`. `span` is where that is written, nil when it follows from the order.
    private mutating func enter(
        _ target: StageItem, input: String?, from outlet: Outlet, of item: StageItem, at span: SourceSpan?,
        in network: inout Network
    ) {
        edges[item.id, default: []].append(target.id)
        let place = span ?? item.span
        let vertex: Int
        var port: String?
        switch contents[target.id] {
        case .stage(let descriptor, let stage):
            guard descriptor.role != .source else {
                isIncomplete = true
                return findings.error("`\(target.id)` is a source: nothing can be sent to it", at: place)
            }
            if let ports = descriptor.portsPhrase(of: target.id) {
                guard let input, descriptor.inputs.contains(where: { $0.name == input }) else {
                    isIncomplete = true
                    return findings.report(.noPort(input, of: target.id, ports: ports, at: place))
                }
                port = input
            } else if let input {
                findings.error(
                    "`\(target.id)` has no input \(quoted(input))", at: place, help: "write `\(target.id)`")
                return
            }
            vertex = stage
        case .pipeline(let ports):
            let names = ports.inputs.map(\.id)
            let sole = names.count == 1 ? ports.inputs[0] : nil
            let chosen = input.map { name in ports.inputs.first { $0.id == name } } ?? sole
            guard let chosen else {
                isIncomplete = true
                return findings.report(.noInput(input, of: target.id, names: names, at: place))
            }
            fedInputs.insert(target.id + "." + chosen.id)
            vertex = chosen.vertex
        case .unknown, nil: return
        }
        if let outlet { network.connect(outlet.vertex, outlet.output, to: vertex, input: port, at: span) }
    }
}

extension StageDescriptor {
    /// The ports of a hub in words, each after `id.` if there is one: "`lan.port1` to `lan.port4`". Nil for other stages.
    func portsPhrase(of id: String? = nil) -> String? {
        guard role == .hub, let first = inputs.first?.name, let last = inputs.last?.name else { return nil }
        let prefix = id.map { "\($0)." } ?? ""
        return first == last ? "`\(prefix)\(first)`" : "`\(prefix)\(first)` to `\(prefix)\(last)`"
    }
}

extension Diagnostic {
    fileprivate static func noPort(_ port: String?, of id: String, ports: String, at span: SourceSpan) -> Self {
        let help = "it takes packets by \(ports)"
        guard let port else { return .error("which port of `\(id)` is meant?", at: span, help: help) }
        return .error("`\(id)` has no port \(quoted(port))", at: span, help: help)
    }

    fileprivate static func noInput(_ input: String?, of id: String, names: [String], at span: SourceSpan) -> Self {
        let paths = names.prefix(12).map { "\(id).\($0)" }
        guard let input else {
            return names.isEmpty
                ? .error("the pipeline `\(id)` has no capture, so nothing can be sent to it", at: span)
                : .error("`\(id)` has several inputs", at: span, help: "name one: \(alternatives(paths))")
        }
        let near = nearest(input, names).map { "did you mean `\(id).\($0)`?" }
        return .error(
            "`\(id)` has no input \(quoted(input))", at: span,
            help: near ?? (names.isEmpty ? "it has no capture" : "its inputs are \(alternatives(paths))"))
    }
}
