import WatchCore

/// Something that a service tells its service manager.
///
/// Source: sd_notify(3).
package enum NotifyMessage: Sendable, Hashable {
    /// Start-up is done; it ends a reload, too.
    case ready
    /// What the service is doing, for people.
    case status(String)
    /// The configuration is being read again; `ready` ends that. The time is of `CLOCK_MONOTONIC`, in microseconds.
    case reloading(monotonicMicroseconds: UInt64)
    /// Shutdown has begun.
    case stopping
    /// The service is alive.
    case watchdog
    /// The phase in progress needs this much more time.
    case extendTimeout(Duration)
    /// Why the service fails: an errno value.
    case failure(errno: Int32)
    /// What the process is going to exit with.
    case exitStatus(Int32)

    /// The message as it is sent: one assignment a line, whatever its text holds.
    package var line: String {
        switch self {
        case .ready: "READY=1"
        case .status(let text): "STATUS=\(Self.oneLine(text))"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
        case .stopping: "STOPPING=1"
        case .watchdog: "WATCHDOG=1"
        case .extendTimeout(let time): "EXTEND_TIMEOUT_USEC=\(max(0, time.nanoseconds / 1_000))"
        case .failure(let errno): "ERRNO=\(errno)"
        case .exitStatus(let status): "EXIT_STATUS=\(status)"
        }
    }

    /// A line end in a status would begin a message of its own, and a terminal obeys control characters.
    private static func oneLine(_ text: String) -> String {
        let safe = text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.isWhitespace ? " " : scalar
        }
        return String(String.UnicodeScalarView(safe)).trimmingSpaces
    }
}
