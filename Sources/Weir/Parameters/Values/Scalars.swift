extension Bool: ParameterValue {
    public static var type: ParameterType { ParameterType(.boolean, "truth value", examples: ["true", "false"]) }

    public init(node: Node) throws(ValueError) {
        switch node.text {
        case "true": self = true
        case "false": self = false
        case let text?:
            guard let meant = Self.otherLanguages[text.lowercased()] else { fallthrough }
            throw ValueError(expected: Self.type, found: node, help: "write `\(meant)`")
        default: throw ValueError(expected: Self.type, found: node)
        }
    }

    /// Words that mean a truth value elsewhere, and only there.
    private static let otherLanguages = [
        "yes": true, "on": true, "y": true, "1": true, "true": true,
        "no": false, "off": false, "n": false, "0": false, "false": false,
    ]

    public var canonicalText: String { description }
}

extension Int: ParameterValue, LimitedParameterValue {
    public typealias Bound = Int
    public static var type: ParameterType { ParameterType(.integer, "whole number", examples: ["10"]) }

    /// Reads decimal digits, also after `0x` hexadecimal and after `0o` octal ones, with or without a sign.
    public init(node: Node) throws(ValueError) {
        guard let text = node.text else { throw ValueError(expected: Self.type, found: node) }
        let isHexadecimal = text.hasPrefix("0x")
        let digits = isHexadecimal || text.hasPrefix("0o") ? text.dropFirst(2) : Substring(text)
        let signIsWrong = digits.count < text.count && (digits.hasPrefix("-") || digits.hasPrefix("+"))
        let radix = digits.count == text.count ? 10 : isHexadecimal ? 16 : 8
        if !signIsWrong, let value = Int(digits, radix: radix) {
            self = value
        } else if let value = Int(text.filter { $0 != "_" && $0 != "," }), text.first?.isNumber == true {
            throw ValueError(expected: Self.type, found: node, help: "write `\(value)`")
        } else if !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            throw ValueError("the number \(quoted(text)) is too large", at: node)
        } else {
            throw ValueError(expected: Self.type, found: node)
        }
    }

    public var canonicalText: String { description }
}

extension Double: ParameterValue, LimitedParameterValue {
    public typealias Bound = Double
    public static var type: ParameterType { ParameterType(.number, "number", examples: ["0.5", "10"]) }

    public init(node: Node) throws(ValueError) {
        guard let text = node.text, let first = text.utf8.first, let value = Double(text), value.isFinite,
            "+-.0123456789".utf8.contains(first), !text.utf8.contains(where: { "xXpP".utf8.contains($0) })
        else { throw ValueError(expected: Self.type, found: node) }
        self = value
    }

    public var canonicalText: String { Int(exactly: self)?.description ?? description }
}

extension String: ParameterValue {
    public static var type: ParameterType { ParameterType(.text, "text", article: "a", examples: []) }

    public init(node: Node) throws(ValueError) {
        guard let text = node.text else { throw ValueError(expected: Self.type, found: node) }
        self = text
    }

    public var canonicalText: String { self }
}
