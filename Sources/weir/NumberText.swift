import Weir

extension UInt64 {
    /// With a comma between groups of three digits.
    var grouped: String {
        let digits = String(self)
        return digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
        }.joined()
    }

    /// With three digits that matter: no clock knows the speed of a run better than that.
    var roughly: UInt64 {
        var unit: UInt64 = 1
        while self / unit >= 1000 { unit *= 10 }
        return (self / unit) * unit
    }
}

extension String {
    func padded(to width: Int, rightAligned: Bool = false) -> String {
        let padding = String(repeating: " ", count: Swift.max(0, width - count))
        return rightAligned ? padding + self : self + padding
    }
}

extension Double {
    /// With so many decimals.
    func rounded(to decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = UInt64(clamping: Int64((Swift.min(Swift.max(self, 0), 1e12) * scale).rounded()))
        let fraction = String(scaled % UInt64(scale))
        return "\(scaled / UInt64(scale))." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}

extension Duration {
    /// For people: `0.012 s`, `2 min 29.5 s`, `1 h 40 min`, `3 d 2 h`.
    var phrase: String {
        let seconds = inSeconds
        if seconds < 59.95 { return seconds.rounded(to: seconds < 9.9995 ? 3 : 1) + " s" }
        let minutes = UInt64(seconds + 0.05) / 60
        if minutes < 60 { return "\(minutes) min \((seconds - Double(minutes * 60)).rounded(to: 1)) s" }
        return minutes < 2880 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes / 1440) d \(minutes / 60 % 24) h"
    }
}
