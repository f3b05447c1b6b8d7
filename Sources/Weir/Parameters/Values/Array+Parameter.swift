extension Array: ParameterValue where Element: ParameterValue {
    public static var type: ParameterType {
        let element = Element.type
        let pair = element.examples.prefix(2).joined(separator: ", ")
        return ParameterType(
            .list(element), "list of \(element.plural)", examples: pair.isEmpty ? [] : ["[\(pair)]"])
    }

    /// Reads a list, or one value that stands for a list of one.
    public init(node: Node) throws(ValueError) {
        if case .null = node.content { throw ValueError(expected: Self.type, found: node) }
        var elements: [Element] = []
        var faults: [Diagnostic] = []
        for element in node.elements {
            do {
                elements.append(try Element(node: element))
            } catch {
                faults += error.diagnostics
            }
        }
        guard faults.isEmpty else { throw ValueError(faults) }
        self = elements
    }

    public var canonicalText: String { "[" + map(\.canonicalText).joined(separator: ", ") + "]" }
}

extension Array: LimitedParameterValue where Element: LimitedParameterValue {
    public func faults(outside limits: ParameterLimits<Element.Bound>, node: Node) -> [Diagnostic] {
        zip(self, node.elements).flatMap { $0.faults(outside: limits, node: $1) }
    }
}
