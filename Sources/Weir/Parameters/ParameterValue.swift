/// A type that a parameter can have: it reads itself from what the user wrote and writes itself as the user would.
public protocol ParameterValue: Sendable {
    /// What the type takes, for error messages, documentation and schemas.
    static var type: ParameterType { get }

    /// The value of a parameter that need not be given and has no default; nil when there is no such value.
    static var absent: Self? { get }

    /// Reads the value, and says of every fault where it is and what would be right.
    init(node: Node) throws(ValueError)

    /// The value as a user writes it. Reading the text gives the value again.
    var canonicalText: String { get }
}

extension ParameterValue {
    public static var absent: Self? { nil }
}

/// A value that has one written form, which its type reads and prints, such as an address.
public protocol TextParameterValue: ParameterValue, LosslessStringConvertible {}

extension TextParameterValue {
    public init(node: Node) throws(ValueError) {
        guard let text = node.text, let value = Self(text) else {
            throw ValueError(expected: Self.type, found: node)
        }
        self = value
    }

    public var canonicalText: String { description }
}
