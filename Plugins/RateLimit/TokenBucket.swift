import Weir

/// A token bucket: fills at a steady rate up to its depth, and what passes takes tokens out.
///
/// Counted in tokens times 10^9, so that a nanosecond adds a whole number, the rate, and nothing is ever rounded away.
struct TokenBucket {
    private static let scale: UInt64 = 1_000_000_000

    /// Tokens a second.
    private let rate: UInt64
    private let depth: UInt64
    private var level: UInt64
    /// The latest time stamp seen; nil before the first.
    private var latest: UInt64?

    /// A full bucket. `depth` is at most 2^63 / 10^9 tokens, 9.2 thousand million.
    init(rate: UInt64, depth: UInt64) {
        self.rate = rate
        self.depth = min(depth, TokenBucket.deepest) * TokenBucket.scale
        level = self.depth
    }

    static let deepest: UInt64 = UInt64(Int64.max) / scale

    /// Takes `tokens` at `time` when there are as many. Time stamps that go back add nothing.
    mutating func take(_ tokens: UInt64, at time: Instant) -> Bool {
        refill(until: time.nanoseconds)
        let (cost, tooMuch) = tokens.multipliedReportingOverflow(by: TokenBucket.scale)
        guard !tooMuch, cost <= level else { return false }
        level -= cost
        return true
    }

    private mutating func refill(until time: UInt64) {
        guard let latest else { return self.latest = time }
        guard time > latest else { return }
        self.latest = time
        let (gain, overflow) = (time - latest).multipliedReportingOverflow(by: rate)
        // Both are below 2^63 in the sum, since the level is at most the depth.
        level = overflow || gain >= depth ? depth : min(level + gain, depth)
    }
}
