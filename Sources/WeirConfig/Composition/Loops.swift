import Weir

/// Finds packets that would go in a circle.
struct Loops {
    /// More circles than these are hardly told apart.
    private static let limit = 10

    let stages: [Network.Vertex]

    /// Reports each loop that no file allows. Returns whether there is any loop.
    func check(_ wires: [Network.Wire], topAllowsLoops: Bool, _ findings: Findings) -> Bool {
        var wires = wires
        var found = false
        for _ in 0..<Self.limit {
            guard let loop = firstLoop(wires) else { break }
            found = true
            guard let closing = loop.last(where: { $0.span != nil }) ?? loop.last else { break }
            let units = Set(loop.map { stages[$0.from].unit })
            let isAllowed = topAllowsLoops || (units.count == 1 && stages[closing.from].unitAllowsLoops)
            if !isAllowed {
                let path = (loop.map { stages[$0.from].id } + [stages[loop[0].from].id]).joined(separator: " → ")
                findings.error(
                    "packets would go in a circle: \(path)", at: closing.span ?? stages[closing.from].span,
                    help: "if that is meant, write `loops: allowed` at the top of the file")
            }
            wires.removeAll { $0 == closing }
        }
        return found
    }

    /// The wires of a loop in their order, found by a depth-first walk without recursion.
    private func firstLoop(_ wires: [Network.Wire]) -> [Network.Wire]? {
        let outgoing = Dictionary(grouping: wires, by: \.from)
        enum State { case new, onPath, done }
        var states = [State](repeating: .new, count: stages.count)
        for root in stages.indices where states[root] == .new {
            var path: [(stage: Int, tried: Int)] = [(root, 0)]
            var taken: [Network.Wire] = []
            states[root] = .onPath
            while let (stage, tried) = path.last {
                let choices = outgoing[stage] ?? []
                guard tried < choices.count else {
                    states[stage] = .done
                    path.removeLast()
                    _ = taken.popLast()
                    continue
                }
                path[path.count - 1].tried += 1
                let wire = choices[tried]
                switch states[wire.to] {
                case .done: break
                case .onPath:
                    let start = path.firstIndex { $0.stage == wire.to } ?? 0
                    return Array(taken[start...]) + [wire]
                case .new:
                    states[wire.to] = .onPath
                    path.append((wire.to, 0))
                    taken.append(wire)
                }
            }
        }
        return nil
    }
}
