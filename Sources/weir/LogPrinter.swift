import Glibc
import Weir
import WeirConfig

/// Prints what stages and the engine report, on the standard error.
struct LogPrinter {
    let pipeline: String
    let level: LogLevel
    let asJSON: Bool
    /// What stands on the line that the event is printed on.
    let bar: ProgressBar?

    func print(_ event: LogEvent) {
        guard event.level >= level else { return }
        bar?.clear()
        Terminal.printError(asJSON ? json(event).text : text(event))
    }

    private func text(_ event: LogEvent) -> String {
        let fields = event.fields.map { " \($0.key)=\($0.value)" }.joined()
        return "\(time(event.time)) \(event.level.rawValue) \(event.stage ?? pipeline): \(event.message)\(fields)"
    }

    private func json(_ event: LogEvent) -> JSONText {
        .object(
            [
                ("time", .string(time(event.time))), ("level", .string(event.level.rawValue)),
                ("pipeline", .string(pipeline)), ("stage", event.stage.map { .string($0) } ?? .string("")),
                ("message", .string(event.message)),
            ] + event.fields.map { ($0.key, JSONText.string($0.value)) })
    }

    /// The time on the pipeline's clock as RFC 3339 has it, in UTC with microseconds.
    private func time(_ instant: Instant) -> String {
        let (days, second) = Int(instant.nanoseconds / 1_000_000_000).quotientAndRemainder(dividingBy: 86_400)
        let date = Self.date(ofDay: days)
        let micros = Int(instant.nanoseconds % 1_000_000_000 / 1000)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)).\(padded(micros, 6))Z"
    }

    /// The date in the Gregorian calendar of a day counted from 1970-01-01: years begin in March, so that the leap day is
    /// the last of one.
    private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (day + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isNextYear = month >= 10
        return (
            era * 400 + year + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}
