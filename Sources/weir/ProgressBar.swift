import Weir

/// A line on the terminal, while a run goes on, that tells how far it has come.
final class ProgressBar {
    private let watch = ContinuousClock()
    private let began: ContinuousClock.Instant
    private var next: ContinuousClock.Instant
    private var firstTime: Instant?
    private var isShown = false

    /// Nil when standard error is not a terminal.
    init?() {
        guard Terminal.error.isTerminal else { return nil }
        began = watch.now
        next = began + Self.interval
    }

    /// Short runs show none, and long ones ten a second.
    private static let interval = Duration.milliseconds(100)

    func update(packets: UInt64, clock: Instant) {
        let first = firstTime ?? clock
        firstTime = first
        let now = watch.now
        guard now >= next else { return }
        next = now + Self.interval
        let rate = grouped(rounded(Double(packets) / (now - began).inSeconds))
        isShown = true
        try? Terminal.error.write(
            "\r\u{1B}[K\(grouped(packets)) packets, \(rate) packets/s, \((clock - first).phrase) of the capture")
    }

    /// Takes the line away, before something else is written or at the end.
    func clear() {
        if isShown { try? Terminal.error.write("\r\u{1B}[K") }
        isShown = false
    }
}
