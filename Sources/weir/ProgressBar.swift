import Glibc
import Weir

/// How far a run is, on a terminal only.
final class ProgressBar {
    private let clock = ContinuousClock()
    private let started: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant
    private var rounds = 0

    /// Nil when the standard error isn't a terminal.
    init?() {
        guard Terminal.isTerminal(STDERR_FILENO) else { return nil }
        started = clock.now
        shown = started
    }

    /// Called every round; looks at the clock every 256th and prints ten times a second at most.
    func show(_ packets: UInt64, _ time: Instant) {
        rounds &+= 1
        guard rounds & 0xff == 0, clock.now - shown > .milliseconds(100) else { return }
        shown = clock.now
        let seconds = (shown - started).inSeconds
        let rate = UInt64(Double(packets) / max(seconds, 0.001))
        write("\r\u{1b}[K\(packets.grouped) packets, \(rate.grouped) a second")
    }

    func clear() {
        if shown != started { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) {
        Terminal.print(text, to: STDERR_FILENO, terminator: "")
    }
}
