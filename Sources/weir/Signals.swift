// One of the files with unsafe code: signal handlers.

import Glibc
import Synchronization

/// SIGINT and SIGTERM ask a run to end well; a second one ends it at once.
enum Signals {
    private static let stopRequested = Atomic<Bool>(false)

    static var isStopRequested: Bool { stopRequested.load(ordering: .relaxed) }

    static func install() {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { number in
            if Signals.stopRequested.exchange(true, ordering: .relaxed) { _exit(128 + number) }
        }
        // Without SA_RESTART a read(2) that waits returns, so that the run sees the request.
        action.sa_flags = 0
        unsafe sigaction(SIGINT, &action, nil)
        unsafe sigaction(SIGTERM, &action, nil)
        // A program that starts weir may have blocked them, and a blocked signal stays so over exec.
        var requests = sigset_t()
        unsafe sigemptyset(&requests)
        for number in [SIGINT, SIGTERM] { unsafe sigaddset(&requests, number) }
        unsafe sigprocmask(SIG_UNBLOCK, &requests, nil)
        // A closed pipe is an error of the stage that writes to it.
        signal(SIGPIPE, SIG_IGN)
    }
}
