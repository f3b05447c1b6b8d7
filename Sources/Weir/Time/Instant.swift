/// A point on a pipeline's clock, in nanoseconds since the clock's epoch (for captures 1970-01-01 UTC).
@frozen
public struct Instant: Hashable, Comparable, Sendable {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Later than every event: the deadline of what isn't scheduled.
    public static let never = Instant(nanoseconds: .max)

    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// `never` when the sum is beyond the clock's range.
    @inlinable
    public static func + (instant: Instant, delay: Duration) -> Instant {
        instant.after(nanoseconds: delay.wholeNanoseconds)
    }

    /// The instant so many nanoseconds later; `never` when that is beyond the clock's range.
    @inlinable
    public func after(nanoseconds delay: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(delay)
        return overflow ? .never : Instant(nanoseconds: sum)
    }

    /// The time from `earlier` to `later`, zero when it is negative.
    @inlinable
    public static func - (later: Instant, earlier: Instant) -> Duration {
        let difference = later > earlier ? later.nanoseconds - earlier.nanoseconds : 0
        let (seconds, nanoseconds) = difference.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Duration(
            secondsComponent: Int64(seconds), attosecondsComponent: Int64(nanoseconds) * 1_000_000_000)
    }
}

extension Duration {
    /// This duration in nanoseconds, from 0 to 2^64 - 1; what lies outside becomes the nearer end.
    @inlinable
    public var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, tooLong) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return tooLong || overflow ? .max : sum
    }

    /// This duration in seconds, for printing.
    public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
