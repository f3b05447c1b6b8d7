import Weir

/// Finds the items of a file that no packet can reach.
struct Reachability {
    let wiring: Wiring
    let items: [StageItem]
    let document: PipelineDocument

    func check(_ findings: Findings) {
        let roots = items.filter(isRoot)
        guard !roots.isEmpty else {
            return findings.error(
                "the pipeline has no source", at: document.stagesSpan,
                help: "begin it with one, such as `- capture: { file: in.pcap }`")
        }
        // When a wire could not be made out, what it would have reached is not to blame.
        guard !wiring.isIncomplete else { return }
        let fed = closure(of: roots.map(\.id))
        var reached = fed
        let unreached = items.filter { !reached.contains($0.id) }
        let led = Set(unreached.flatMap { item in wiring.edges[item.id]?.filter { $0 != item.id } ?? [] })
        // The first stage of a chain stands for all of it; of a circle any one does.
        for item in unreached.filter({ !led.contains($0.id) }) + unreached where !reached.contains(item.id) {
            findings.error("nothing leads to `\(item.id)`", at: item.span, help: help(for: item))
            reached.formUnion(closure(of: [item.id]))
        }
        for item in items where fed.contains(item.id) {
            guard case .pipeline(let ports)? = wiring.contents[item.id] else { continue }
            for (input, _) in ports.inputs where !wiring.fedInputs.contains("\(item.id).\(input)") {
                findings.error(
                    "nothing leads to the input `\(input)` of `\(item.id)`", at: item.span,
                    help: "lead an output there: `to: { OUTPUT: \(item.id).\(input) }`")
            }
        }
    }

    /// Whether packets begin here, or may do so for all that is known.
    private func isRoot(_ item: StageItem) -> Bool {
        switch wiring.contents[item.id] {
        case .stage(let descriptor, _): descriptor.role == .source
        case .pipeline(let ports): ports.inputs.isEmpty
        case .unknown, nil: true
        }
    }

    private func closure(of ids: [String]) -> Set<String> {
        var reached = Set(ids)
        var ahead = ids
        while let id = ahead.popLast() {
            for target in wiring.edges[id] ?? [] where reached.insert(target).inserted { ahead.append(target) }
        }
        return reached
    }

    private func help(for item: StageItem) -> String {
        let reason = item === items.first ? "no source stands before it" : "the chain before it has ended"
        var place = item.id
        if case .stage(let descriptor, _) = wiring.contents[item.id], let port = descriptor.inputs.first {
            place += ".\(port.name)"
        }
        return "\(reason); lead an output of another stage there: `to: { OUTPUT: \(place) }`"
    }
}
