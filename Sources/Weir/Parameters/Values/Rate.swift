/// How much may pass in a second: packets, `10kpps`, or bits, `100Mbps`.
public struct Rate: Hashable, Sendable {
    /// What is counted.
    public enum Measure: Hashable, Sendable { case packets, bits }

    public let measure: Measure
    public let perSecond: Int

    public init(_ perSecond: Int, _ measure: Measure) {
        self.measure = measure
        self.perSecond = perSecond
    }

    public static func packets(_ perSecond: Int) -> Self { Self(perSecond, .packets) }
    public static func bits(_ perSecond: Int) -> Self { Self(perSecond, .bits) }
}

extension Rate: ParameterValue {
    public static var type: ParameterType { ParameterType(.rate, "rate", examples: ["10kpps", "100Mbps"]) }

    private static func units(_ measure: Measure) -> [Quantity.Unit] {
        let name = measure == .packets ? "pps" : "bps"
        return [
            Quantity.Unit(name, 1), Quantity.Unit("k" + name, 1_000), Quantity.Unit("M" + name, 1_000_000),
            Quantity.Unit("G" + name, 1_000_000_000),
        ]
    }

    /// Reads a number with `pps` or `bps`, or with one of these after `k`, `M` or `G`.
    public init(node: Node) throws(ValueError) {
        let units = Self.units(.packets) + Self.units(.bits)
        let (count, unit) = try Quantity.read(node, as: Self.type, units: units, offered: ["pps", "bps"])
        self.init(Int(count), unit.name.hasSuffix("pps") ? .packets : .bits)
    }

    public var canonicalText: String { Quantity.text(Int64(perSecond), units: Self.units(measure)) }
}
