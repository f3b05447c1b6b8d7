import Glibc
import Weir

/// How far a run is, on a terminal only.
final class ProgressBar {
    private let clock = ContinuousClock()
    private let started: ContinuousClock.Instant
    private var next: ContinuousClock.Instant
    private var isShown = false

    /// Ten times a second at most.
    private static let interval = Duration.milliseconds(100)

    /// Nil when the standard error isn't a terminal.
    init?() {
        guard Terminal.isTerminal(STDERR_FILENO) else { return nil }
        started = clock.now
        next = started + Self.interval
    }

    /// Called every round.
    func show(_ packets: UInt64, _ time: Instant) {
        let now = clock.now
        guard now >= next else { return }
        next = now + Self.interval
        let rate = UInt64(Double(packets) / (now - started).inSeconds)
        write("\r\u{1b}[K\(packets.grouped) packets, \(rate.roughly.grouped) packets/s")
        isShown = true
    }

    /// Takes the line away.
    func clear() {
        if isShown { write("\r\u{1b}[K") }
        isShown = false
    }

    private func write(_ text: String) { Terminal.printError(text, terminator: "") }
}
