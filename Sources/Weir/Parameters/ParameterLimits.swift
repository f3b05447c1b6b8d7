/// The smallest and the largest value that a parameter takes.
public struct ParameterLimits<Bound: Comparable & Sendable>: Sendable {
    public let lower: Bound?
    public let upper: Bound?

    init(_ range: ClosedRange<Bound>) { (lower, upper) = (range.lowerBound, range.upperBound) }
    init(_ range: PartialRangeFrom<Bound>) { (lower, upper) = (range.lowerBound, nil) }

    public func contains(_ value: Bound) -> Bool {
        (lower.map { $0 <= value } ?? true) && (upper.map { value <= $0 } ?? true)
    }
}

/// The limits of a parameter as text, for people and for schemas.
public struct ParameterRange: Hashable, Sendable {
    /// The smallest value, nil when there is none.
    public let lower: String?
    /// The largest value, nil when there is none.
    public let upper: String?

    init<Bound: ParameterValue>(_ limits: ParameterLimits<Bound>) {
        lower = limits.lower?.canonicalText
        upper = limits.upper?.canonicalText
    }

    /// The range inside a sentence: "from 1 to 32", "1 or more".
    public var phrase: String {
        switch (lower, upper) {
        case (let lower?, let upper?): "from \(lower) to \(upper)"
        case (let lower?, nil): "\(lower) or more"
        case (nil, let upper?): "\(upper) or less"
        case (nil, nil): "any"
        }
    }
}

/// A value that a parameter can limit with `in:`, itself or element by element.
public protocol LimitedParameterValue: ParameterValue {
    associatedtype Bound: ParameterValue & Comparable

    /// What of the value, which was read from `node`, is outside `limits`.
    func faults(outside limits: ParameterLimits<Bound>, node: Node) -> [Diagnostic]
}

extension LimitedParameterValue where Bound == Self {
    public func faults(outside limits: ParameterLimits<Self>, node: Node) -> [Diagnostic] {
        limits.contains(self) ? [] : [.outside(ParameterRange(limits), canonicalText, at: node)]
    }
}

extension Diagnostic {
    /// `text`, at `node`, is outside `range`.
    static func outside(_ range: ParameterRange, _ text: String, at node: Node) -> Self {
        .error("expected \(range.phrase), found \(quoted(text))", at: node)
    }
}
