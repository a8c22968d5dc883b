import Synchronization
import WatchCore

/// One target's state as it was last written. Whoever reads it waits for no disk, and for no other thread.
final class WrittenState: Sendable {
    private let shared: Mutex<TargetState>

    /// Begins with what the disk holds.
    init(_ state: TargetState) { shared = Mutex(state) }

    /// The store alone sets it, once the new state is on the disk.
    var state: TargetState {
        get { shared.withLock { $0 } }
        set { shared.withLock { $0 = newValue } }
    }
}
