import Weir
import WeirWire

/// A cluster with random rules, and a random history of who is up.
struct RandomCluster {
    /// From `time` on.
    struct Step {
        let time: Duration
        let up: [Int]
        let drainstop: [Int]
        /// For port 443.
        let drain: [Int]
        let weights: [Int: Int]
    }

    /// What rules may be for; no two of these overlap.
    static let ports = ["80", "443", "53", "500", "1723", "3389", "8000-8099"]

    let hosts: [Int]
    let addresses: [AnyIPAddress]
    let mode: ClusterMode?
    /// Flows that are remembered at most.
    let connections: Int
    private(set) var steps: [Step] = []
    private var settings: [String] = []
    /// The weights that rules give to hosts.
    private var ruleWeights: [[Int: Int]] = []

    /// Whether nothing is forgotten before its time.
    var remembers: Bool { connections > 1000 && !steps.isEmpty }

    init(using random: inout SeededRandom) {
        func oneIn(_ number: Int) -> Bool { Int.random(in: 1...number, using: &random) == 1 }
        func some<Element>(_ elements: [Element], atLeast least: Int) -> [Element] {
            [Element](elements.shuffled(using: &random).prefix(Int.random(in: least...elements.count, using: &random)))
        }
        func any<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }

        let hash = any(["fast", "fast", "toeplitz", "cluster-match"])
        let isMatch = hash == "cluster-match"
        let count = oneIn(6) ? Int.random(in: 1...32, using: &random) : Int.random(in: 1...6, using: &random)
        hosts = isMatch ? Array(1...count) : Array((1...32).shuffled(using: &random).prefix(count)).sorted()
        addresses = [.ipv4(clusterIPv4)] + some([.ipv6(clusterIPv6), .ipv4(IPv4Address(10, 0, 0, 101))], atLeast: 0)
        mode = any([nil, .multicast])
        connections = any([1_000_000, 1_000_000, 0, 1, 3, 10, 40])
        let affinities = isMatch ? ["single"] : ["none", "single", "network"]

        settings = ["hash: \(hash)", "connections: \(connections)", "cleanup-delay: \(any([0, 5, 300]))s"]
        if hash != "toeplitz" { settings.append("seed: \(any([0, 1, 0xffff_ffff]))") }
        if let mode { settings.append("mode: \(mode.rawValue)") }
        if oneIn(4) {
            settings.append("affinity: \(any(affinities))")
        } else {
            var rules: [String] = []
            for address in [nil] + addresses.map({ $0 as AnyIPAddress? }) where address == nil || oneIn(2) {
                for ports in some(Self.ports, atLeast: 0) {
                    var rule = ["ports: \(ports)", "protocol: \(any(["tcp", "udp", "both"]))"]
                    if let address { rule.append("address: '\(address)'") }
                    switch Int.random(in: 0..<6, using: &random) {
                    case 0: rule.append("filtering: disabled")
                    case 1: rule.append("filtering: single, handling: \(Self.list(some(hosts, atLeast: 1)))")
                    default:
                        let affinity = any(affinities)
                        rule.append("affinity: \(affinity)")
                        if affinity != "none", oneIn(2) { rule.append("timeout: \(any([1, 30, 3600]))s") }
                        guard !isMatch, oneIn(2) else { break }
                        var weights: [Int: Int] = [:]
                        for host in some(hosts, atLeast: 1) { weights[host] = any([0, 1, 50, 99, 100]) }
                        if hosts.allSatisfy({ weights[$0] == 0 }) { weights[hosts[0]] = 7 }
                        ruleWeights.append(weights)
                        rule.append("weights: \(Self.map(weights))")
                    }
                    rules.append("{ \(rule.joined(separator: ", ")) }")
                }
            }
            settings.append("rules: [\(rules.joined(separator: ", "))]")
        }

        guard !oneIn(5) else { return }
        var time = Duration.zero
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            time += .seconds(oneIn(8) ? 1000 : Int.random(in: 1...12, using: &random))
            let up = some(hosts, atLeast: 1).sorted()
            var weights: [Int: Int] = [:]
            if oneIn(3) { for host in some(hosts, atLeast: 1) { weights[host] = any([0, 1, 80]) } }
            steps.append(
                Step(
                    time: time, up: up, drainstop: oneIn(2) ? some(up, atLeast: 0) : [],
                    drain: oneIn(3) ? some(up, atLeast: 0) : [], weights: weights))
        }
    }

    // MARK: What is expected

    private func step(at time: Duration) -> Step? { steps.last { $0.time <= time } }

    func isUp(_ host: Int, at time: Duration) -> Bool { step(at: time).map { $0.up.contains(host) } ?? true }

    /// Whether the host was up all the time.
    func isUp(_ host: Int, from: Duration, through: Duration) -> Bool {
        isUp(host, at: from) && steps.allSatisfy { $0.time < from || $0.time > through || $0.up.contains(host) }
    }

    /// Whether there is surely somebody to take a new connection, whatever its port.
    func isServed(at time: Duration) -> Bool {
        let step = step(at: time)
        return (step?.up ?? hosts).contains { host in
            !(step?.drainstop.contains(host) ?? false) && !(step?.drain.contains(host) ?? false)
                && step?.weights[host] != 0 && ruleWeights.allSatisfy { $0[host] != 0 }
        }
    }

    /// The same for as long as fragments are held or remembered.
    func isServed(around time: Duration) -> Bool {
        isServed(at: time - .seconds(30))
            && steps.allSatisfy { abs(($0.time - time).components.seconds) > 30 || isServed(at: $0.time) }
    }

    // MARK: YAML

    /// The parameters of one host's filter.
    func parameters(host: Int) -> String {
        let cluster = addresses.map { "'\($0)'" }.joined(separator: ", ")
        var all = ["cluster: [\(cluster)]", "host-id: \(host)", "hosts: \(Self.list(hosts))"] + settings
        if !steps.isEmpty { all.append("changes: [\(steps.map(Self.text).joined(separator: ", "))]") }
        return all.joined(separator: ", ")
    }

    private static func text(_ step: Step) -> String {
        var parts = ["at: \(step.time.components.seconds)s", "up: \(list(step.up))"]
        if !step.drainstop.isEmpty { parts.append("drainstop: \(list(step.drainstop))") }
        if !step.drain.isEmpty {
            parts.append("drain: [\(step.drain.map { "{ host: \($0), ports: 443 }" }.joined(separator: ", "))]")
        }
        if !step.weights.isEmpty { parts.append("weights: \(map(step.weights))") }
        return "{ \(parts.joined(separator: ", ")) }"
    }

    private static func list(_ numbers: [Int]) -> String { "[\(numbers.map(String.init).joined(separator: ", "))]" }

    private static func map(_ weights: [Int: Int]) -> String {
        "{ \(weights.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) }"
    }
}
