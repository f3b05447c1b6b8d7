import Weir

/// VLANs and what they become, written as a map: `{ 20: 10, 21: 11 }` (IEEE 802.1Q §6.9, the VID translation table).
public struct VLANTranslation: Hashable, Sendable {
    /// By the identifier before, 1 to 4094: the one after, in the same range.
    public let identifiers: [Int: Int]

    /// A translation of identifiers from 1 to 4094.
    public init(_ identifiers: [Int: Int]) { self.identifiers = identifiers }
}

extension VLANTranslation: ParameterValue {
    public static var type: ParameterType {
        ParameterType(.custom, "map of VLANs", examples: ["{ 20: 10 }", "{ 20: 10, 21: 11 }"])
    }

    public init(node: Node) throws(ValueError) {
        guard case .map(let entries) = node.content, !entries.isEmpty else {
            throw ValueError(expected: Self.type, found: node)
        }
        var identifiers: [Int: Int] = [:]
        var faults: [Diagnostic] = []
        for entry in entries {
            guard let before = Int(entry.key), Self.range.contains(before), entry.key == "\(before)" else {
                faults.append(.error("expected \(Self.words), found `\(entry.key)`", at: entry.keySpan))
                continue
            }
            guard let text = entry.value.text, let after = Int(text), Self.range.contains(after) else {
                faults.append(.error("expected \(Self.words), found \(entry.value.summary)", at: entry.value))
                continue
            }
            identifiers[before] = after
        }
        guard faults.isEmpty else { throw ValueError(faults) }
        self.init(identifiers)
    }

    private static let range = 1...4094
    private static let words = "a VLAN from 1 to 4094"

    public var canonicalText: String {
        let pairs = identifiers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return "{ " + pairs.joined(separator: ", ") + " }"
    }
}
