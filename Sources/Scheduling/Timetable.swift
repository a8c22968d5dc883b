import WatchCore

/// When one target's runs of one kind are due.
struct Timetable: Sendable {
    /// A failed run is repeated after this time.
    static let repetitionDelay = Duration.seconds(60)

    private(set) var interval: Duration
    /// The next regular run.
    private(set) var regular: Instant
    /// The repetition of a failed run, when one is to come.
    private(set) var repetition: Instant?
    /// The run that goes on, or went last, is itself a repetition.
    private var isRepeating = false

    init(interval: Duration, first: Instant) {
        self.interval = interval
        regular = first
    }

    /// When the next run is due, of either sort.
    var due: Instant { min(regular, repetition ?? regular) }

    /// A run begins. `wait` is the interval with its jitter.
    mutating func begin(at now: Instant, wait: Duration) {
        isRepeating = regular > now
        repetition = nil
        if !isRepeating { regular = now + wait }
    }

    /// A run has ended. Regular runs that came due meanwhile are left out, not made up for.
    mutating func end(_ ending: Ending, at now: Instant) {
        skipMissed(now)
        let again = now + Self.repetitionDelay
        if ending == .failed && !isRepeating && again < regular { repetition = again }
    }

    /// Another interval is configured: the next run comes no later than it says.
    mutating func change(interval: Duration, at now: Instant) {
        guard interval != self.interval else { return }
        self.interval = interval
        regular = min(regular, now + interval)
    }

    /// The next run is due now, unless it was before.
    mutating func hasten(at now: Instant) { regular = min(regular, now) }

    private mutating func skipMissed(_ now: Instant) {
        guard regular <= now else { return }
        let step = max(1, interval.nanoseconds)
        regular = now + .nanoseconds(step - (now - regular).nanoseconds % step)
    }
}
