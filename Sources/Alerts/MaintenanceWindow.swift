package import WatchCore

/// A time at which nobody wants alerts, known in advance.
package struct MaintenanceWindow: Sendable, Hashable {
    /// When it begins, UTC.
    package enum Start: Sendable, Hashable {
        /// Once.
        case at(WallTime)
        /// Every week, on these days (0 is Sunday) so many minutes after midnight.
        case weekly(days: Set<Int>, minute: Int)
    }

    package var start: Start
    package var length: Duration
    /// Names; nil: all targets.
    package var targets: Set<String>?
    package var reason: String

    /// A window.
    package init(start: Start, length: Duration, targets: Set<String>? = nil, reason: String = "") {
        self.start = start
        self.length = length
        self.targets = targets
        self.reason = reason
    }

    /// Whether the window is open for a target.
    package func covers(_ target: String, at now: WallTime) -> Bool {
        guard targets?.contains(target) ?? true else { return false }
        switch start {
        case .at(let begin): return now >= begin && now - begin < length
        case .weekly(let days, let minute):
            let day = Self.day
            let today = now.nanoseconds / day - (now.nanoseconds < 0 ? 1 : 0)
            // A window may last over midnight, and no longer than a week.
            return (0...7).contains { back in
                let begin = (today - Int64(back)) * day + Int64(minute) * 60_000_000_000
                // The first of January 1970 was a Thursday.
                let weekday = Int((((today - Int64(back)) + 4) % 7 + 7) % 7)
                let age = now.nanoseconds - begin
                return days.contains(weekday) && age >= 0 && age < length.nanoseconds
            }
        }
    }

    private static let day: Int64 = 86_400_000_000_000
}
