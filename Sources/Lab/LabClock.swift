import Synchronization
import WatchCore

/// The clock of a lab, on which time can be made to go by. The civil time stays right: the checker would notice a server
/// whose clock is off.
final class LabClock: WatchClock {
    private let base: any WatchClock
    private let skipped = Mutex(Duration.zero)

    /// A clock that runs with `base` until time is skipped.
    init(_ base: any WatchClock) { self.base = base }

    var now: Instant { base.now + skipped.withLock { $0 } }
    var wallTime: WallTime { base.wallTime }

    func sleep(until deadline: Instant) async throws {
        try await base.sleep(until: deadline + (.zero - skipped.withLock { $0 }))
    }

    /// Lets time go by.
    func skip(_ time: Duration) { skipped.withLock { $0 += time } }
}
