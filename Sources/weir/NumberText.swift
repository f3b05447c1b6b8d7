import Weir

/// `number` with commas: `1,234,567`.
func grouped(_ number: UInt64) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
        if index > 0, index.isMultiple(of: 3) { text = "," + text }
        text = String(digit) + text
    }
    return text
}

/// `value` with three digits that matter: nobody's clock is better than that.
func rounded(_ value: Double) -> UInt64 {
    guard value >= 0, value < 1e18 else { return 0 }
    var unit = 1.0
    while value / unit >= 1000 { unit *= 10 }
    return UInt64((value / unit).rounded()) * UInt64(unit)
}

/// `value` with `places` digits behind the point.
func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "0" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let digits = String(Int64((abs(value) * scale).rounded()))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let text = places == 0 ? padded : padded.dropLast(places) + "." + padded.suffix(places)
    return (value < 0 ? "-" : "") + text
}

extension Duration {
    /// For people: `0.012 s`, `2 min 29.5 s`, `1 h 40 min`.
    var phrase: String {
        let seconds = inSeconds
        if seconds < 60 { return fixed(seconds, places: seconds < 10 ? 3 : 1) + " s" }
        let minutes = Int64(seconds) / 60
        if minutes < 60 { return "\(minutes) min \(fixed(seconds - Double(minutes * 60), places: 1)) s" }
        return minutes < 48 * 60 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes / 1440) d \(minutes / 60 % 24) h"
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
    func rightAligned(to width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
