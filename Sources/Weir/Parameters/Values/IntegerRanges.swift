/// Whole numbers from 0 to 65535 written as numbers and ranges, such as VLANs or ports: `10,20-29`.
public struct IntegerRanges: Hashable, Sendable {
    /// The ranges in ascending order, none touching the next.
    public let ranges: [ClosedRange<Int>]

    /// The union of `ranges`, which are to be within 0...65535.
    public init(_ ranges: [ClosedRange<Int>]) {
        self.ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
    }

    /// Whether `number` is in one of the ranges.
    ///
    /// - Complexity: O(number of ranges). A stage that asks for each packet keeps a table of its own.
    public func contains(_ number: Int) -> Bool { ranges.contains { $0.contains(number) } }

    /// How many numbers there are.
    public var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// The numbers in ascending order.
    public var numbers: [Int] { ranges.flatMap { Array($0) } }

    public var isEmpty: Bool { ranges.isEmpty }
}

extension IntegerRanges: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Int...) { self.init(elements.map { $0...$0 }) }
}

extension IntegerRanges: ParameterValue, LimitedParameterValue {
    public static var type: ParameterType {
        ParameterType(.integerRanges, "list of numbers and ranges", examples: ["10", "10,20-29"])
    }

    /// Reads `10,20-29` in one scalar, or a list of such scalars.
    public init(node: Node) throws(ValueError) {
        var ranges: [ClosedRange<Int>] = []
        var faults: [Diagnostic] = []
        for element in node.elements {
            do {
                ranges += try Self.ranges(in: element)
            } catch {
                faults += error.diagnostics
            }
        }
        if node.elements.isEmpty { throw ValueError(expected: Self.type, found: node) }
        guard faults.isEmpty else { throw ValueError(faults) }
        self.init(ranges)
    }

    private static func ranges(in node: Node) throws(ValueError) -> [ClosedRange<Int>] {
        guard let text = node.text else { throw ValueError(expected: type, found: node) }
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
            guard 1...2 ~= ends.count, let first = ends[0], let last = ends[ends.count - 1] else {
                throw ValueError(expected: type, found: node)
            }
            guard first <= last else {
                throw ValueError(
                    "the range `\(first)-\(last)` is upside down", at: node, help: "write `\(last)-\(first)`")
            }
            guard last <= 65535 else { throw ValueError("`\(last)` is more than 65535", at: node) }
            ranges.append(first...last)
        }
        return ranges
    }

    /// The number in `text`, which may have blanks around it; nil for anything else.
    private static func number(_ text: Substring) -> Int? {
        let digits = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        guard 1...9 ~= digits.count, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(String(digits))
    }

    /// Each element of the list that is outside of the limits, at its own place.
    public func faults(outside limits: ParameterLimits<Int>, node: Node) -> [Diagnostic] {
        node.elements.compactMap { element in
            let outside = (try? Self.ranges(in: element))?.first {
                !limits.contains($0.lowerBound) || !limits.contains($0.upperBound)
            }
            return outside.map { .outside(ParameterRange(limits), IntegerRanges([$0]).canonicalText, at: element) }
        }
    }

    public var canonicalText: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}
