import Glibc

/// A moment on a clock that neither jumps nor stops in suspend (`CLOCK_BOOTTIME`).
///
/// Source: clock_gettime(2).
package struct Instant: Sendable, Hashable, Comparable {
    /// Nanoseconds since boot.
    package var nanoseconds: Int64

    /// A moment `nanoseconds` after boot.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
    package static func + (a: Instant, b: Duration) -> Instant {
        Instant(nanoseconds: a.nanoseconds.clampedSum(b.nanoseconds))
    }
    package static func - (a: Instant, b: Instant) -> Duration {
        .nanoseconds(a.nanoseconds.clampedDifference(b.nanoseconds))
    }
}

/// A moment in civil time, UTC. It may jump; it is for people, files and what must outlive a restart.
///
/// Reaches from 1677 to 2262. What lies outside becomes the end of that range, for such times come from servers:
/// certificates that end in the year 9999, tokens that live for centuries.
package struct WallTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package var nanoseconds: Int64

    /// A moment `nanoseconds` after the epoch.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// A moment `seconds` after the epoch.
    package init(seconds: Double) {
        nanoseconds = Int64(exactly: (seconds * 1e9).rounded()) ?? (seconds < 0 ? .min : .max)
    }

    /// Seconds since the epoch, with fraction.
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    package static func < (a: WallTime, b: WallTime) -> Bool { a.nanoseconds < b.nanoseconds }
    package static func + (a: WallTime, b: Duration) -> WallTime {
        WallTime(nanoseconds: a.nanoseconds.clampedSum(b.nanoseconds))
    }
    package static func - (a: WallTime, b: WallTime) -> Duration {
        .nanoseconds(a.nanoseconds.clampedDifference(b.nanoseconds))
    }
}

extension Duration {
    /// The whole duration in nanoseconds; beyond 292 years, the most that fits.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        return whole.clampedSum(attoseconds / 1_000_000_000)
    }

    /// The whole duration in seconds, with fraction.
    package var seconds: Double { Double(nanoseconds) / 1e9 }
}

extension Int64 {
    fileprivate func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    fileprivate func clampedDifference(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : difference
    }
}

/// The two clocks and the way to wait, injected so that tests own the time.
package protocol WatchClock: Sendable {
    /// The moment on the clock that neither jumps nor stops.
    var now: Instant { get }
    /// The civil time, UTC.
    var wallTime: WallTime { get }
    /// Waits until `deadline`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    func sleep(until deadline: Instant) async throws
    /// Calls `ring` once, at `deadline` or soon after it, unless the timer is cancelled before.
    func timer(at deadline: Instant, _ ring: @escaping @Sendable () -> Void) -> WatchTimer
}

extension WatchClock {
    /// A timer that is a task which sleeps.
    package func timer(at deadline: Instant, _ ring: @escaping @Sendable () -> Void) -> WatchTimer {
        let task = Task {
            try await sleep(until: deadline)
            ring()
        }
        return WatchTimer { task.cancel() }
    }
}

/// A timer that was set.
package struct WatchTimer: Sendable {
    /// It rings no more, unless it rings just now.
    package let cancel: @Sendable () -> Void

    /// A timer that `cancel` ends.
    package init(_ cancel: @escaping @Sendable () -> Void) { self.cancel = cancel }
}

/// The clocks of this machine.
package struct SystemClock: WatchClock {
    /// The clocks of this machine.
    package init() {}

    package var now: Instant { Instant(nanoseconds: Self.read(CLOCK_BOOTTIME)) }
    package var wallTime: WallTime { WallTime(nanoseconds: Self.read(CLOCK_REALTIME)) }

    package func sleep(until deadline: Instant) async throws {
        // ContinuousClock is CLOCK_BOOTTIME on Linux too, so the wait survives a suspend.
        try await Task.sleep(for: deadline - now, tolerance: nil, clock: .continuous)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
