import Weir
import WeirConfig

extension StageDescriptor {
    /// All about the stage as one object, for programs.
    var json: JSONText {
        func names(_ words: [StageName]) -> JSONText {
            .list(words.map { .object([("name", .string($0.name)), ("help", .string($0.help))]) })
        }
        return .object([
            ("kind", .string(kind)), ("role", .string(role.rawValue)), ("summary", .string(summary)),
            ("details", .string(details)), ("parameters", .list(parameters.map(\.json))), ("outputs", names(outputs)),
            ("drops", names(drops)), ("counters", names(counters)),
            ("port_counters", names(portCounters)), ("example", .string(example)),
        ])
    }
}

extension ParameterDescriptor {
    fileprivate var json: JSONText {
        var members: [(String, JSONText)] = [
            ("key", .string(key)), ("help", .string(help)), ("type", .string(typeDescription)),
            ("required", .boolean(isRequired)),
        ]
        if case .defaultsTo(let text) = absence { members.append(("default", .string(text))) }
        if case .word(let words) = type.kind { members.append(("choices", .list(words.map { .string($0) }))) }
        if let lower = range?.lower { members.append(("minimum", .string(lower))) }
        if let upper = range?.upper { members.append(("maximum", .string(upper))) }
        if let parts = type.parts { members.append(("parameters", .list(parts.map(\.json)))) }
        return .object(members)
    }
}
