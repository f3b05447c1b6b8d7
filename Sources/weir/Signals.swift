// Signal handlers are installed here: C function pointers, which is the unsafe code.

import Glibc
import Synchronization

/// SIGINT and SIGTERM ask a run to stop; a second one ends the process at once.
enum Signals {
    private static let stopRequested = Atomic<Bool>(false)

    static var stopIsRequested: Bool { stopRequested.load(ordering: .relaxed) }

    /// From now on the first signal is a request. A system call that waits is interrupted by it.
    static func stopOnRequest() {
        // Made before a signal handler can meet it, which must not make anything.
        stopRequested.store(false, ordering: .relaxed)
        var action = unsafe sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in
            Signals.stopRequested.store(true, ordering: .relaxed)
            unsafe signal(SIGINT, SIG_DFL)
            unsafe signal(SIGTERM, SIG_DFL)
        }
        unsafe sigaction(SIGINT, &action, nil)
        unsafe sigaction(SIGTERM, &action, nil)
    }

    /// A pipe that nobody reads from is reported by write(2) instead, so that a run can say so and account for all.
    static func ignoreClosedPipes() { unsafe signal(SIGPIPE, SIG_IGN) }
}
