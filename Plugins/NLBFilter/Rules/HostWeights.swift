import Weir

/// Load weights of hosts by their ids, as YAML has them: `{ 1: 100, 2: 50 }`.
public struct HostWeights: Hashable, Sendable, ParameterValue {
    /// What a host has that isn't named, as in NLB.
    static let usual = 50

    /// By id.
    public let weights: [Int: Int]

    public init(_ weights: [Int: Int]) { self.weights = weights }

    public static var type: ParameterType {
        ParameterType(.custom, "map of host ids and weights", examples: ["{ 1: 100, 2: 50 }"])
    }

    public init(node: Node) throws(ValueError) {
        guard case .map(let entries) = node.content, !entries.isEmpty else {
            throw ValueError(expected: Self.type, found: node)
        }
        var weights: [Int: Int] = [:]
        var faults: [Diagnostic] = []
        for entry in entries {
            if let host = Int(entry.key), 1...BucketMap.largestHostID ~= host {
                do {
                    weights[host] = try Self.weight(entry.value)
                } catch {
                    faults += error.diagnostics
                }
            } else {
                faults.append(.error("expected a host id from 1 to 32, found `\(entry.key)`", at: entry.keySpan))
            }
        }
        guard faults.isEmpty else { throw ValueError(faults) }
        self.weights = weights
    }

    /// The first host that is named and not among `hosts`.
    func stranger(to hosts: IntegerRanges) -> Int? { weights.keys.sorted().first { !hosts.contains($0) } }

    private static func weight(_ node: Node) throws(ValueError) -> Int {
        guard let weight = node.text.flatMap({ Int($0) }), 0...100 ~= weight else {
            throw ValueError("expected a weight from 0 to 100, found \(node.summary)", at: node)
        }
        return weight
    }

    public var canonicalText: String {
        "{ " + weights.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + " }"
    }
}
