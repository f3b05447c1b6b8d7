import Weir

/// All stages of a pipeline, those of the pipelines inside it included, and the wires between them.
struct Network {
    struct Vertex {
        let id: String
        let role: Role
        /// Where the stage stands.
        let span: SourceSpan
        /// Which use of which file it belongs to, and whether that file allows loops.
        let unit: Int
        let unitAllowsLoops: Bool
    }

    enum Role {
        case stage(StageDescriptor, any StageConfiguration)
        /// Where an inner pipeline has a capture or a transmit: packets only pass through.
        case junction
    }

    struct Wire: Hashable {
        let from: Int
        let output: String
        let to: Int
        /// The input there; nil for the unnamed one.
        let input: String?
        /// Where the wire is written; nil when it follows from the order of the list.
        let span: SourceSpan?
    }

    private(set) var vertices: [Vertex] = []
    private(set) var wires: [Wire] = []

    mutating func add(_ vertex: Vertex) -> Int {
        vertices.append(vertex)
        return vertices.count - 1
    }

    mutating func connect(_ from: Int, _ output: String, to: Int, input: String?, at span: SourceSpan?) {
        wires.append(Wire(from: from, output: output, to: to, input: input, span: span))
    }

    /// The same stages without junctions: each wire into one leads on to where the junction leads.
    func withoutJunctions() -> (stages: [Vertex], wires: [Wire]) {
        let outgoing = Dictionary(grouping: wires, by: \.from)
        var place: [Int: Int] = [:]
        for (index, vertex) in vertices.enumerated() {
            if case .stage = vertex.role { place[index] = place.count }
        }
        var direct: [Wire] = []
        for wire in wires {
            guard let from = place[wire.from] else { continue }
            var visited: Set<Int> = []
            var ahead = [(to: wire.to, input: wire.input, span: wire.span)]
            while let step = ahead.popLast() {
                if let to = place[step.to] {
                    direct.append(Wire(from: from, output: wire.output, to: to, input: step.input, span: step.span))
                } else if visited.insert(step.to).inserted {
                    ahead += (outgoing[step.to] ?? []).reversed().map { ($0.to, $0.input, step.span ?? $0.span) }
                }
            }
        }
        return (vertices.indices.filter { place[$0] != nil }.map { vertices[$0] }, direct)
    }
}
