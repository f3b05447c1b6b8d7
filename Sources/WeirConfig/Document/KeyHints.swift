import Weir

/// Says of a key that is not known where it stands, where it belongs.
struct KeyHints {
    let catalogue: StageCatalogue

    /// Where a key was found.
    enum Level {
        /// At the top of the file.
        case top
        /// Beside the stage of an item.
        case item(StageDescriptor?)
        /// Among the parameters of a stage.
        case stage(StageDescriptor)
    }

    /// The keys that an item may have beside its stage.
    static let itemKeys = ["id", "to", "each"]

    /// `entry` is none of the `known` keys of its place.
    func diagnostic(for entry: Node.Entry, known: [String], at level: Level) -> Diagnostic {
        guard let place = place(of: entry.key, at: level) else {
            return .unknownKey(entry, known: known)
        }
        return .unknown(entry, help: place)
    }

    /// Where `key` has a meaning, nil when it has none anywhere.
    private func place(of key: String, at level: Level) -> String? {
        switch level {
        case .top:
            if Self.itemKeys.contains(key) { return "`\(key)` belongs to an item of `stages`" }
            if catalogue[key] != nil { return "a stage is an item of `stages`: `- \(key): …`" }
            return owners(of: key)
        case .item(let descriptor):
            if let descriptor, descriptor.parameters.contains(where: { $0.key == key }) {
                let kind = descriptor.kind
                return "`\(key)` is a parameter of `\(kind)`: move it inside, `\(kind): { \(key): … }`"
            }
            if let descriptor, descriptor.outputs.contains(where: { $0.name == key }) {
                return "`\(key)` is an output of `\(descriptor.kind)`: write `to: { \(key): … }`"
            }
            if catalogue[key] != nil { return "an item has one stage: begin another item, `- \(key): …`" }
            return topKey(key) ?? owners(of: key)
        case .stage(let descriptor):
            if Self.itemKeys.contains(key) {
                let kind = descriptor.kind
                return "`\(key)` stands beside `\(kind):`, not inside it: indent it as `\(kind)` is"
            }
            if (descriptor.outputs + descriptor.drops).contains(where: { $0.name == key }) {
                return "`\(key)` is an output of `\(descriptor.kind)`: write `to: { \(key): … }` beside it"
            }
            return owners(of: key) ?? topKey(key)
        }
    }

    private func topKey(_ key: String) -> String? {
        PipelineDocument.keys.contains(key) ? "`\(key)` belongs to the top of the file, without indentation" : nil
    }

    /// The stages that have a parameter `key`.
    private func owners(of key: String) -> String? {
        let kinds = catalogue.kinds.filter { catalogue[$0]?.parameters.contains { $0.key == key } == true }
        return kinds.isEmpty ? nil : "`\(key)` is a parameter of \(alternatives(Array(kinds.prefix(3))))"
    }
}

extension Diagnostic {
    fileprivate static func unknown(_ entry: Node.Entry, help: String) -> Diagnostic {
        .error("unknown key \(quoted(entry.key))", at: entry.keySpan, help: help)
    }
}
