/// The timers of a loop that waits for events, and for a moment when none comes.
///
/// One that has not rung serves later moments, too: it rings too early then, and the loop sets another. So a loop that
/// hears of something often does not set a timer each time.
package struct LoopTimers: Sendable {
    private var pending: [Instant: WatchTimer] = [:]

    /// No timer yet.
    package init() {}

    /// Sees to it that a timer rings at `moment` or before.
    ///
    /// - Parameters:
    ///   - moment: when at the latest.
    ///   - clock: tells the time.
    ///   - ring: is called with the moment that the timer was set for.
    package mutating func set(
        for moment: Instant, by clock: any WatchClock, ring: @escaping @Sendable (Instant) -> Void
    ) {
        let now = clock.now
        pending = pending.filter { $0.key > now }
        guard pending.keys.allSatisfy({ $0 > moment }) else { return }
        pending[moment] = clock.timer(at: moment) { ring(moment) }
    }

    /// Forgets the timer of `moment`, which has rung.
    package mutating func rang(_ moment: Instant) { pending[moment] = nil }

    /// Ends all timers.
    package mutating func cancel() {
        for timer in pending.values { timer.cancel() }
        pending = [:]
    }
}
