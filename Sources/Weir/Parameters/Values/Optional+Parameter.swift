/// A parameter of optional type need not be given.
extension Optional: ParameterValue where Wrapped: ParameterValue {
    public static var type: ParameterType { Wrapped.type }
    public static var absent: Self? { .some(nil) }

    public init(node: Node) throws(ValueError) { self = try Wrapped(node: node) }

    public var canonicalText: String { self?.canonicalText ?? "" }
}

extension Optional: LimitedParameterValue where Wrapped: LimitedParameterValue {
    public func faults(outside limits: ParameterLimits<Wrapped.Bound>, node: Node) -> [Diagnostic] {
        self?.faults(outside: limits, node: node) ?? []
    }
}
