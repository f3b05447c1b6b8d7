/// What a parameter takes, for people (``phrase``) and for machines (``kind``).
public struct ParameterType: Sendable {
    public indirect enum Kind: Sendable {
        case boolean, integer, number, text
        case duration, byteCount, rate
        case ipv4Address, ipv6Address, ipv4Prefix, ipv6Prefix, macAddress
        case integerRanges, file
        /// One of these words.
        case word([String])
        case list(ParameterType)
        case group([ParameterDescriptor])
        /// A form that only the stage knows, written as a scalar.
        case custom
    }

    public let kind: Kind
    /// The name of the type: `duration`.
    public let name: String
    /// How the values look, the most usual one first.
    public let examples: [String]

    private let article: String

    /// - Parameter article: `a`, `an` or `the`, as the name wants it; empty when the name stands for several.
    public init(_ kind: Kind, _ name: String, article: String = "a", examples: [String]) {
        self.kind = kind
        self.name = name
        self.article = article
        self.examples = examples
    }

    /// The type with its article: "a duration".
    public var noun: String {
        if case .word(let words) = kind { return alternatives(words) }
        return article.isEmpty ? name : "\(article) \(name)"
    }

    /// Several values of the type: "durations".
    public var plural: String {
        if case .group = kind { return "maps" }
        if name.hasPrefix("list of ") { return "lists" + name.dropFirst("list".count) }
        return name + (name.hasSuffix("s") ? "es" : "s")
    }

    /// The type inside a sentence: "a duration such as `60s` or `250ms`".
    public var phrase: String {
        if case .word = kind { return noun }
        return examples.isEmpty ? noun : "\(noun) such as \(alternatives(examples))"
    }
}

/// `words` in backticks with "or" before the last: "`a`, `b` or `c`".
package func alternatives(_ words: [String]) -> String {
    let quoted = words.map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
}
