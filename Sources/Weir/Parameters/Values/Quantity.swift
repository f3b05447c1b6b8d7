/// A number with a unit, such as `250ms` or `1.5MiB`, counted in the smallest unit of its kind.
enum Quantity {
    /// A unit and how many of the smallest unit it is.
    struct Unit: Sendable {
        let name: String
        let size: Int64

        init(_ name: String, _ size: Int64) {
            self.name = name
            self.size = size
        }
    }

    /// Reads the quantity in `node`, which is exact: a fraction has to be a whole number of the smallest unit.
    ///
    /// - Parameters:
    ///   - units: the units, the smallest first.
    ///   - offered: the units to propose when there is none.
    static func read(
        _ node: Node, as type: ParameterType, units: [Unit], offered: [String]
    ) throws(ValueError) -> (count: Int64, unit: Unit) {
        guard let text = node.text else { throw ValueError(expected: type, found: node) }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let word = text[number.endIndex...].drop { $0 == " " }
        guard let decimal = Decimal(number) else { throw ValueError(expected: type, found: node) }
        guard let unit = units.first(where: { $0.name == word }) else {
            throw ValueError([.wrongUnit(String(word), of: number, in: node, type, units: units, offered: offered)])
        }
        guard let count = decimal.multiplied(by: unit.size) else {
            let smallest = units.first?.name ?? ""
            throw ValueError(
                "\(quoted(text)) cannot be held as a whole number of `\(smallest)`", at: node,
                help: "it is too large or too finely divided")
        }
        return (count, unit)
    }

    /// `count` of the smallest unit, written in the largest of `units` that it is a whole number of.
    static func text(_ count: Int64, units: [Unit]) -> String {
        let unit = units.last { count.isMultiple(of: $0.size) && count != 0 } ?? units.first ?? Unit("", 1)
        return "\(count / unit.size)\(unit.name)"
    }
}

/// A decimal number without a sign: digits, and perhaps a point and more digits.
private struct Decimal {
    var digits: Int64 = 0
    /// What the digits are to be divided by.
    var divisor: Int64 = 1

    init?(_ text: Substring) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard 1...2 ~= parts.count, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= 18, let digits = Int64(parts[0] + fraction) else { return nil }
        self.digits = digits
        for _ in fraction.utf8 { divisor *= 10 }
    }

    /// The product, nil unless it is a whole number that can be held.
    func multiplied(by size: Int64) -> Int64? {
        let product = digits.multipliedFullWidth(by: size)
        guard product.high < divisor / 2 || (product.high == 0 && product.low < UInt64(Int64.max)) else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return remainder == 0 ? quotient : nil
    }
}

extension Diagnostic {
    /// The number stands without a unit, or with one that is none.
    fileprivate static func wrongUnit(
        _ word: String, of number: Substring, in node: Node, _ type: ParameterType, units: [Quantity.Unit],
        offered: [String]
    ) -> Self {
        if word.isEmpty {
            let proposals = alternatives(offered.map { number + $0 })
            return .error("\(type.noun) needs a unit, found \(node.summary)", at: node, help: ["write \(proposals)"])
        }
        let names = units.map(\.name)
        // `S` for `s`, `sec` for `s`, `K` for `KiB`.
        let small = word.lowercased()
        let near =
            names.first { $0.lowercased() == small } ?? names.first { small.hasPrefix($0) }
            ?? names.first { $0.lowercased().hasPrefix(small) } ?? nearest(word, names)
        let help = near.map { "write `\(number)\($0)`" } ?? "the units are \(alternatives(names))"
        return .error("unknown unit \(quoted(word)) in \(node.summary)", at: node, help: [help])
    }
}
