/// A choice between words: an enum with text cases. `case igmpMulticast` is written `igmp-multicast`.
///
/// ```swift
/// enum TagAction: String, CaseIterable, ParameterWord { case strip, keep, push }
/// ```
public protocol ParameterWord: ParameterValue, CaseIterable, RawRepresentable where RawValue == String {}

extension ParameterWord {
    public static var type: ParameterType {
        let words = allCases.map(\.canonicalText)
        return ParameterType(.word(words), "word", examples: Array(words.prefix(1)))
    }

    public init(node: Node) throws(ValueError) {
        if let word = Self.allCases.first(where: { $0.canonicalText == node.text }) {
            self = word
        } else if let text = node.text, let near = nearest(text, Self.allCases.map(\.canonicalText)) {
            throw ValueError(expected: Self.type, found: node, help: "did you mean `\(near)`?")
        } else {
            throw ValueError(expected: Self.type, found: node)
        }
    }

    public var canonicalText: String { kebabCase(rawValue) }
}
