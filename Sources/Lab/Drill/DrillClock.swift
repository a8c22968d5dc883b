import Synchronization
import WatchCore

/// The clock of a lab on which time can be made to go by. The civil time stays right: the checker would notice a server
/// whose clock is off.
final class DrillClock: WatchClock {
    private let system = SystemClock()
    private let skipped = Mutex(Duration.zero)

    var now: Instant { system.now + skipped.withLock { $0 } }
    var wallTime: WallTime { system.wallTime }

    func sleep(until deadline: Instant) async throws {
        try await system.sleep(until: deadline + (.zero - skipped.withLock { $0 }))
    }

    /// Lets time go by.
    func skip(_ time: Duration) { skipped.withLock { $0 += time } }
}
