import Synchronization
import WatchCore

/// A clock that stands until it is moved.
final class SettableClock: WatchClock {
    private let moment = Mutex(Instant(nanoseconds: 1_000_000_000))

    var now: Instant { moment.withLock { $0 } }
    var wallTime: WallTime { WallTime(nanoseconds: 784_111_777_000_000_000 + now.nanoseconds - 1_000_000_000) }

    /// Nothing in the lab waits on this clock.
    func sleep(until deadline: Instant) async throws { throw CancellationError() }

    func advance(by duration: Duration) { moment.withLock { $0 = $0 + duration } }
}
