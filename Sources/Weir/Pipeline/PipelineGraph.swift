/// Stages and the wires between them, before they run.
public struct PipelineGraph {
    struct Vertex {
        let id: String
        let stage: AnyStage
        let descriptor: StageDescriptor
    }

    struct Wire: Hashable {
        let from: Int
        let output: String
        let to: Int
        /// The number of the input there, 0 for the unnamed one as for the first port.
        let input: Int
    }

    public let name: String
    private(set) var vertices: [Vertex] = []
    private(set) var wires: [Wire] = []

    public init(name: String) { self.name = name }

    /// Adds a stage; its number is what `connect` takes.
    public mutating func add(id: String, stage: AnyStage, descriptor: StageDescriptor) -> Int {
        vertices.append(Vertex(id: id, stage: stage, descriptor: descriptor))
        return vertices.count - 1
    }

    /// Leads an output to a stage: `next`, a named output, or a drop reason, whose packets are then not dropped. An
    /// output that leads to several stages gives each of them every packet. `input` names a port there.
    public mutating func connect(_ from: Int, output: String, to: Int, input: String? = nil) {
        let number = vertices[to].descriptor.inputs.firstIndex { $0.name == input } ?? 0
        wires.append(Wire(from: from, output: output, to: to, input: number))
    }

    /// For each vertex its place in an order in which every wire leads forward, except those that close a loop
    /// (reverse postorder of a depth-first walk, without recursion). Second: whether there is a loop.
    func ranks() -> (ranks: [Int], isCyclic: Bool) {
        let successors = Dictionary(grouping: wires, by: \.from).mapValues { $0.map(\.to) }
        var state = [Int](repeating: 0, count: vertices.count)  // 0 new, 1 on the walk's path, 2 done
        var ranks = [Int](repeating: 0, count: vertices.count)
        var next = vertices.count
        var isCyclic = false
        for root in vertices.indices.reversed() where state[root] == 0 {
            var path = [(vertex: root, tried: 0)]
            state[root] = 1
            while let (vertex, tried) = path.last {
                let targets = successors[vertex] ?? []
                // Later wires are walked first, so that earlier ones end up with lower ranks.
                if tried < targets.count {
                    path[path.count - 1].tried += 1
                    let target = targets[targets.count - 1 - tried]
                    if state[target] == 1 { isCyclic = true }
                    guard state[target] == 0 else { continue }
                    state[target] = 1
                    path.append((target, 0))
                } else {
                    state[vertex] = 2
                    next -= 1
                    ranks[vertex] = next
                    path.removeLast()
                }
            }
        }
        return (ranks, isCyclic)
    }
}
