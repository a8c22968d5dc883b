import Glibc

/// The signals that end a program, taken by waiting instead of by a handler.
package struct EndSignals: Sendable {
    /// Blocks SIGINT, SIGTERM and SIGCHLD in this thread and those that it makes later; call it before any other
    /// thread is there.
    package init() {
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for SIGINT, SIGTERM or, when a child ended, SIGCHLD.
    ///
    /// - Parameter timeout: nil waits without end.
    /// - Returns: the signal; nil when the time is over.
    package func wait(timeout: Duration? = nil) -> Int32? {
        var set = Self.set
        guard let timeout else {
            var signal: Int32 = 0
            return sigwait(&set, &signal) == 0 ? signal : nil
        }
        let parts = timeout.components
        var time = timespec(tv_sec: Int(parts.seconds), tv_nsec: Int(parts.attoseconds / 1_000_000_000))
        let signal = sigtimedwait(&set, nil, &time)
        return signal > 0 ? signal : nil
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGCHLD] { sigaddset(&set, signal) }
        return set
    }
}
