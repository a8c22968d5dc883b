import CSystemd
import Glibc

/// Tells the service manager how the service does; does nothing where none listens.
///
/// It takes `NOTIFY_SOCKET` out of the environment, so that no child can speak in the service's name. sd_notify(3) would
/// look the variable up at each call, therefore the messages are sent here.
package struct Notifier: Sendable {
    private let address: NotifyAddress?

    /// Whether a service manager wants to be told.
    package var isEnabled: Bool { address != nil }

    /// Takes over the address of the service manager. To be called at the start, before there are other threads: it
    /// clears the variable.
    package init() {
        address = getenv("NOTIFY_SOCKET").map { NotifyAddress(String(cString: $0)) }
        unsetenv("NOTIFY_SOCKET")
    }

    /// Sends messages, together.
    ///
    /// - Throws: `SystemdError` when the socket is there but does not take them.
    ///
    /// Source: sd_notify(3), NOTES.
    package func send(_ messages: NotifyMessage...) throws(SystemdError) {
        guard let address else { return }
        try address.send(messages.map(\.line).joined(separator: "\n"))
    }

    /// Says that a reload begins.
    ///
    /// - Throws: `SystemdError` when the socket is there but does not take it.
    package func sendReloading() throws(SystemdError) {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        try send(.reloading(monotonicMicroseconds: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000))
    }

    /// Within which time the service manager wants to hear `watchdog`, again and again; it is sent twice as often.
    ///
    /// To be called once, at the start: it clears the variables.
    ///
    /// - Returns: nil when no watchdog watches this process.
    /// - Throws: `SystemdError` when `WATCHDOG_USEC` or `WATCHDOG_PID` are no numbers.
    ///
    /// Source: sd_watchdog_enabled(3).
    package static func takeWatchdogInterval() throws(SystemdError) -> Duration? {
        var microseconds: UInt64 = 0
        let status = sd_watchdog_enabled(1, &microseconds)
        guard status >= 0 else { throw SystemdError(operation: "sd_watchdog_enabled", code: -status) }
        return status > 0 ? .microseconds(Int64(clamping: microseconds)) : nil
    }
}
