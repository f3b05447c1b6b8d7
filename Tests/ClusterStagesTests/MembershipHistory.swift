import Weir

/// Hosts of a cluster that come and go at random, drain, and change their weights: one step each second.
struct MembershipHistory {
    /// What a step says.
    struct Step {
        var up: [Int]
        var drainstop: [Int] = []
        /// Hosts that drain for port 443 only.
        var drain: [Int] = []
        /// For the rules that don't name the host.
        var weights: [Int: Int] = [:]
    }

    static let ports: [UInt16] = [80, 443]

    let hosts: [Int]
    /// The rule for port 443 gives this host a weight of its own.
    let heavy: (host: Int, weight: Int)
    private(set) var steps: [Step] = []

    init(steps count: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func some<Element>(_ elements: [Element], atLeast least: Int) -> [Element] {
            let number = Int.random(in: least...elements.count, using: &random)
            return [Element](elements.shuffled(using: &random).prefix(number))
        }
        func oneIn(_ number: Int) -> Bool { Int.random(in: 1...number, using: &random) == 1 }
        hosts = [Int](Array(1...32).shuffled(using: &random).prefix(Int.random(in: 2...7, using: &random))).sorted()
        heavy = (some(hosts, atLeast: 1)[0], Int.random(in: 0...100, using: &random))
        while steps.count < count {
            var step = Step(up: some(hosts, atLeast: 1).sorted())
            if oneIn(3) { step.drainstop = some(step.up, atLeast: 1).sorted() }
            if oneIn(3) { step.drain = some(step.up, atLeast: 1).sorted() }
            if oneIn(2) {
                for host in some(hosts, atLeast: 1) {
                    step.weights[host] = oneIn(5) ? 0 : Int.random(in: 1...100, using: &random)
                }
            }
            // Somebody is left for every port.
            if Self.ports.allSatisfy({ weights(in: step, port: $0).values.contains { $0 > 0 } }) { steps.append(step) }
        }
    }

    /// The hosts that take new connections to a port, and with which weight; before the first step all of them.
    private func weights(in step: Step, port: UInt16) -> [Int: Int] {
        let takers = step.up.filter {
            !step.drainstop.contains($0) && !(port == 443 && step.drain.contains($0))
        }
        return weights(of: takers, port: port, given: step.weights)
    }

    private func weights(of hosts: [Int], port: UInt16, given: [Int: Int]) -> [Int: Int] {
        Dictionary(
            uniqueKeysWithValues: hosts.map {
                ($0, port == 443 && $0 == heavy.host ? heavy.weight : given[$0] ?? 50)
            })
    }

    /// The maps for a port: the first one, and the one after each step.
    func maps(port: UInt16) -> [MapModel] {
        var map = MapModel(weights: weights(of: hosts, port: port, given: [:]))
        return [map]
            + steps.map { step in
                map.move(to: weights(in: step, port: port))
                return map
            }
    }

    /// The parameters of the filter of one of the hosts.
    func parameters(host: Int) -> String {
        """
        cluster: 10.0.0.100, host-id: \(host), hosts: \(list(hosts)), hash: toeplitz,
        rules:
        [{ ports: 80, affinity: none }, { ports: 443, affinity: none, weights: { \(heavy.host): \(heavy.weight) } }],
        changes: [\(zip(1..., steps).map { "{ at: \($0)s, \(text($1)) }" }.joined(separator: ", "))]
        """
    }

    private func text(_ step: Step) -> String {
        var parts = ["up: \(list(step.up))"]
        if !step.drainstop.isEmpty { parts.append("drainstop: \(list(step.drainstop))") }
        if !step.drain.isEmpty {
            parts.append("drain: [\(step.drain.map { "{ host: \($0), ports: 443 }" }.joined(separator: ", "))]")
        }
        if !step.weights.isEmpty {
            let weights = step.weights.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            parts.append("weights: { \(weights.joined(separator: ", ")) }")
        }
        return parts.joined(separator: ", ")
    }

    private func list(_ hosts: [Int]) -> String { "[\(hosts.map(String.init).joined(separator: ", "))]" }
}
