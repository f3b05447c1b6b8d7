/// How much an event matters.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, warning, error

    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Something that a stage or the engine reports: a change of state, never a single packet.
public struct LogEvent: Sendable {
    public var level: LogLevel
    /// The stage's id, nil for the engine.
    public var stage: String?
    public var time: Instant
    public var message: String
    public var fields: [(key: String, value: String)]
}

extension Duration {
    /// This duration as the log shows it: in seconds, rounded to the millisecond, as in `75.836s`. A negative one is
    /// `0.000s`.
    public var logText: String {
        let milliseconds = (wholeNanoseconds / 500_000 + 1) / 2
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        return "\(seconds).\(String(1000 + rest).dropFirst())s"
    }
}
