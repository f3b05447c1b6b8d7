// How addresses are read from text: strictly, and without a trap for any text.

/// A cursor over the UTF-8 of an address. Each method takes what it names, or returns nil; the caller then gives up.
struct TextScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    /// Whether all of the text has been taken.
    var isAtEnd: Bool { rest.isEmpty }

    /// Takes `character` if it comes next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next = rest.first, UInt32(next) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    /// Takes as many digits of `radix` as there are, at least one and at most `maximumDigits`.
    mutating func number(radix: UInt32, maximumDigits: Int) -> (value: UInt32, digits: Int, first: UInt32)? {
        var (value, digits, first): (UInt32, Int, UInt32) = (0, 0, 0)
        while let next = rest.first, let digit = Self.digit(next), digit < radix {
            guard digits < maximumDigits else { return nil }
            if digits == 0 { first = digit }
            value = value &* radix &+ digit
            digits += 1
            rest.removeFirst()
        }
        return digits > 0 ? (value, digits, first) : nil
    }

    private static func digit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(character &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(character &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }

    /// Takes a decimal number of up to three digits, without leading zeros and no larger than `maximum`.
    mutating func decimal(maximum: UInt32) -> UInt32? {
        guard let (value, digits, first) = number(radix: 10, maximumDigits: 3) else { return nil }
        return value <= maximum && (digits == 1 || first != 0) ? value : nil
    }

    /// Takes a slash and a prefix length.
    mutating func prefixLength() -> Int? {
        guard take("/") else { return nil }
        return decimal(maximum: 128).map(Int.init)
    }

    /// Takes an address in the form a.b.c.d.
    mutating func ipv4Address() -> IPv4Address? {
        var address: UInt32 = 0
        for index in 0..<4 {
            guard index == 0 || take("."), let octet = decimal(maximum: 255) else { return nil }
            address = address << 8 | octet
        }
        return IPv4Address(rawValue: address)
    }

    /// Takes an address in one of the forms of RFC 4291 §2.2: eight groups, a run of them as `::`, or with the last
    /// two written as an IPv4 address.
    mutating func ipv6Address() -> IPv6Address? {
        var groups: [UInt16] = []
        var gap: Int?
        if take(":") {
            guard take(":") else { return nil }
            gap = 0
        }
        while let next = rest.first, Self.digit(next) != nil {
            guard groups.count < 8 else { return nil }
            var embedded = self
            if let address = embedded.ipv4Address() {
                self = embedded
                groups.append(UInt16(truncatingIfNeeded: address.rawValue >> 16))
                groups.append(UInt16(truncatingIfNeeded: address.rawValue))
                break
            }
            guard let group = number(radix: 16, maximumDigits: 4) else { return nil }
            groups.append(UInt16(truncatingIfNeeded: group.value))
            guard take(":") else { break }
            if take(":") {
                guard gap == nil else { return nil }
                gap = groups.count
            } else if rest.first.flatMap(Self.digit) == nil {
                return nil
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        func half(_ groups: ArraySlice<UInt16>) -> UInt64 { groups.reduce(0) { $0 << 16 | UInt64($1) } }
        return IPv6Address(high: half(groups[..<4]), low: half(groups[4...]))
    }

    /// Takes an address of six octets, two hexadecimal digits each, with `-` or with `:` between all of them.
    mutating func macAddress() -> MACAddress? {
        var address: UInt64 = 0
        var separator: Unicode.Scalar = "-"
        for index in 0..<6 {
            if index == 1, rest.first == UInt8(ascii: ":") { separator = ":" }
            guard index == 0 || take(separator), let octet = number(radix: 16, maximumDigits: 2), octet.digits == 2
            else { return nil }
            address = address << 8 | UInt64(octet.value)
        }
        return MACAddress(rawValue: address)
    }
}
