/// A number of bytes, written with a unit: `100B`, `64KiB`, `2MiB`.
public struct ByteCount: Hashable, Sendable {
    public let bytes: Int

    public init(bytes: Int) { self.bytes = bytes }

    public static func bytes(_ count: Int) -> Self { Self(bytes: count) }
    public static func kibibytes(_ count: Int) -> Self { Self(bytes: count << 10) }
    public static func mebibytes(_ count: Int) -> Self { Self(bytes: count << 20) }
}

extension ByteCount: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
}

extension ByteCount: ParameterValue, LimitedParameterValue {
    public typealias Bound = ByteCount
    public static var type: ParameterType {
        ParameterType(.byteCount, "number of bytes", examples: ["64KiB", "2MiB", "100B"])
    }

    private static let binaryUnits = [
        Quantity.Unit("B", 1), Quantity.Unit("KiB", 1 << 10), Quantity.Unit("MiB", 1 << 20),
        Quantity.Unit("GiB", 1 << 30), Quantity.Unit("TiB", 1 << 40),
    ]
    private static let decimalUnits = [
        Quantity.Unit("kB", 1_000), Quantity.Unit("MB", 1_000_000), Quantity.Unit("GB", 1_000_000_000),
    ]

    /// Reads a number with `B`, with `KiB`, `MiB`, `GiB`, `TiB`, or with the decimal `kB`, `MB`, `GB`.
    public init(node: Node) throws(ValueError) {
        let units = Self.binaryUnits + Self.decimalUnits
        bytes = Int(try Quantity.read(node, as: Self.type, units: units, offered: ["B", "KiB"]).count)
    }

    public var canonicalText: String { Quantity.text(Int64(bytes), units: Self.binaryUnits) }
}
