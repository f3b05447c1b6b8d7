/// All that is known of a parameter without a value: what documentation, `describe` and schemas are made from.
public struct ParameterDescriptor: Sendable {
    /// What happens when the parameter is not given.
    public enum Absence: Hashable, Sendable {
        /// That is an error.
        case required
        /// The parameter has no value then, which the stage provides for.
        case none
        /// It has this value, written as a user would.
        case defaultsTo(String)
    }

    /// The word in the file: `host-id`.
    public let key: String
    /// One sentence.
    public let help: String
    public let type: ParameterType
    public let absence: Absence
    /// The limits of the value, nil when the type alone decides.
    public let range: ParameterRange?

    public init(key: String, help: String, type: ParameterType, absence: Absence, range: ParameterRange? = nil) {
        self.key = key
        self.help = help
        self.type = type
        self.absence = absence
        self.range = range
    }

    /// The parameters of a group, in the order of declaration.
    public static func all(of group: (some ParameterGroup).Type) -> [Self] {
        group.init().declaredParameters.map { $0.parameter.descriptor(property: $0.property) }
    }

    public var isRequired: Bool { absence == .required }

    /// The type in a word or two: `duration`.
    public var typeDescription: String { type.name }

    /// The default as text: `required`, `none`, or the value.
    public var defaultText: String {
        switch absence {
        case .required: "required"
        case .none: "none"
        case .defaultsTo(let text): text
        }
    }

    /// The limits or the words to choose from, nil when there are neither.
    public var choicesText: String? {
        if case .word(let words) = type.kind { return alternatives(words) }
        return range?.phrase
    }
}
