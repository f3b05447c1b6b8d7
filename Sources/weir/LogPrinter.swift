import ArgumentParser
import Weir

enum LogFormat: String, CaseIterable, ExpressibleByArgument { case text, json }

/// Writes what stages report to standard error, each event on a line with the time on the pipeline's clock.
struct LogPrinter {
    let format: LogFormat
    let least: LogLevel
    let pipeline: String
    let progress: ProgressBar?

    init(format: LogFormat, least: LogLevel, pipeline: String, above progress: ProgressBar?) {
        self.format = format
        self.least = least
        self.pipeline = pipeline
        self.progress = progress
    }

    func print(_ event: LogEvent) {
        guard event.level >= least else { return }
        progress?.clear()
        try? Terminal.error.write((format == .text ? text(of: event) : json(of: event)) + "\n")
    }

    private func text(of event: LogEvent) -> String {
        let stage = event.stage.map { $0 + " " } ?? ""
        let level = event.level >= .warning ? "\(event.level.rawValue): " : ""
        let fields = event.fields.map { " \($0.key)=\(quotedIfNeeded($0.value))" }.joined()
        return "\(event.time.timestamp) \(stage)\(level)\(event.message)\(fields)"
    }

    private func quotedIfNeeded(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 32 && $0 != "\"" && $0 != "=" }
        return isPlain ? value : JSONText.string(value).text
    }

    private func json(of event: LogEvent) -> String {
        JSONText.object([
            ("time", .string(event.time.timestamp)), ("level", .string(event.level.rawValue)),
            ("pipeline", .string(pipeline)), ("stage", event.stage.map { .string($0) } ?? .null),
            ("message", .string(event.message)), ("fields", .object(event.fields.map { ($0.key, .string($0.value)) })),
        ]).text
    }
}

extension Instant {
    /// The moment in UTC, to the microsecond: `2026-11-24T09:54:00.000000Z`.
    var timestamp: String {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let (days, time) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
        // Years that begin in March end with the leap day; eras of 400 years have all the same length.
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * march + 2) / 5 + 1
        let month = march < 10 ? march + 3 : march - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        func digits(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T"
            + "\(digits(time / 3600, 2)):\(digits(time / 60 % 60, 2)):\(digits(time % 60, 2))."
            + "\(digits(Int(rest) / 1000, 6))Z"
    }
}
