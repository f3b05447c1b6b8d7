extension Duration: ParameterValue, LimitedParameterValue {
    public typealias Bound = Duration
    public static var type: ParameterType { ParameterType(.duration, "duration", examples: ["60s", "250ms"]) }

    private static let units = [
        Quantity.Unit("ns", 1), Quantity.Unit("us", 1_000), Quantity.Unit("ms", 1_000_000),
        Quantity.Unit("s", 1_000_000_000), Quantity.Unit("m", 60_000_000_000), Quantity.Unit("h", 3_600_000_000_000),
        Quantity.Unit("d", 86_400_000_000_000),
    ]

    /// Reads a number with one of `ns`, `us`, `ms`, `s`, `m`, `h`, `d`. Only `0` needs no unit.
    public init(node: Node) throws(ValueError) {
        let isZero = node.text == "0"
        self =
            isZero
            ? .zero
            : .nanoseconds(try Quantity.read(node, as: Self.type, units: Self.units, offered: ["s", "ms"]).count)
    }

    public var canonicalText: String {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflows) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflows ? "\(seconds)s" : sum == 0 ? "0" : Quantity.text(sum, units: Self.units)
    }
}
