/// Moments of the last 24 hours, kept in civil time so that they outlive a restart.
///
/// Civil time may be set back, and then a stamp lies ahead. Up to a day ahead it still counts, so that turning the
/// clock does not refill a budget. Further ahead it counts no more, so that a clock that was wrong by years once
/// does not empty a budget for years.
extension [WallTime] {
    /// The stamps that count at `now`, oldest first.
    func inRollingDay(_ now: WallTime) -> [WallTime] {
        filter { $0 + .day > now && now + .day > $0 }.sorted()
    }

    /// Adds `now`, forgets what counts no more, and pulls stamps that lie ahead back to `now`.
    mutating func appendInRollingDay(_ now: WallTime) {
        // More than any budget asks about; it bounds the file that keeps them.
        let remembered = 64
        self = inRollingDay(now).map { Swift.min($0, now) }.suffix(remembered - 1) + [now]
    }
}

extension Duration {
    /// 24 hours.
    static var day: Duration { .seconds(86_400) }
}
