import CSystemd
import Glibc

/// Tells the service manager how the service does; does nothing where none listens.
///
/// sd_notify(3) looks up `NOTIFY_SOCKET` at each call, so the variable stays in the environment. That harms nobody:
/// the daemon starts no children, and systemd takes messages from the main process only (`NotifyAccess=main`, the
/// default of `Type=notify`). Removing it would race with threads that read the environment.
package struct Notifier: Sendable {
    /// Whether a service manager wants to be told.
    package let isEnabled: Bool

    /// Looks whether a service manager listens.
    package init() { isEnabled = getenv("NOTIFY_SOCKET") != nil }

    /// Sends messages, together.
    ///
    /// - Throws: `SystemdError` when the socket is there but does not take them.
    ///
    /// Source: sd_notify(3).
    package func send(_ messages: NotifyMessage...) throws(SystemdError) {
        guard isEnabled else { return }
        let status = sd_notify(0, messages.map(\.line).joined(separator: "\n"))
        guard status >= 0 else { throw SystemdError(operation: "sd_notify", code: -status) }
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
    /// - Returns: nil when no watchdog watches this process.
    /// - Throws: `SystemdError` when `WATCHDOG_USEC` or `WATCHDOG_PID` are no numbers.
    ///
    /// Source: sd_watchdog_enabled(3).
    package static func watchdogInterval() throws(SystemdError) -> Duration? {
        var microseconds: UInt64 = 0
        let status = sd_watchdog_enabled(0, &microseconds)
        guard status >= 0 else { throw SystemdError(operation: "sd_watchdog_enabled", code: -status) }
        return status > 0 ? .microseconds(Int64(clamping: microseconds)) : nil
    }
}
