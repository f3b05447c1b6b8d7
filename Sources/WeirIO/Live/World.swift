// One of the files with unsafe code: clocks and poll(2).

import Glibc
import Weir

/// The time of day when the program began to use it, and a monotonic clock from then on: a step of the time of day moves no
/// timer.
enum SystemClock {
    private static let begin = (day: read(CLOCK_REALTIME), monotonic: read(CLOCK_MONOTONIC))

    static var now: Instant { Instant(nanoseconds: begin.day &+ (read(CLOCK_MONOTONIC) &- begin.monotonic)) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Engine.World {
    /// A signal that comes right before a wait is noticed so much later at most.
    private static let longestWait = Duration.milliseconds(250)

    /// The machine's own.
    public static var system: Self {
        Self(now: { SystemClock.now }) { descriptors, deadline in
            var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let remaining = min(deadline - SystemClock.now, longestWait).wholeNanoseconds
            // Rounded up: waking early would be waking twice.
            _ = unsafe poll(&waits, nfds_t(waits.count), Int32((remaining + 999_999) / 1_000_000))
        }
    }
}
