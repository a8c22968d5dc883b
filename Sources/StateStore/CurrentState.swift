import Synchronization
import WatchCore

/// One target's state as it is now. Whoever reads it waits for no disk, and for no other thread.
final class CurrentState: Sendable {
    /// A state, and how many changes led to it: equal numbers mean equal states.
    struct Version: Sendable {
        var state: TargetState
        var number = 0
    }

    private let shared: Mutex<Version>

    /// Begins with what the disk holds.
    init(_ state: TargetState) { shared = Mutex(Version(state: state)) }

    var version: Version { shared.withLock { $0 } }

    /// Changes the state; nothing is written.
    func change(_ change: (inout TargetState) -> Void) {
        shared.withLock { version in
            change(&version.state)
            version.number += 1
        }
    }

    /// Puts `state`, which `change` made of version `number` and which is written now, in its place.
    ///
    /// - Returns: the number of the version that was written; nil when the state has changed meanwhile, and the change has
    ///   been made to that.
    func replace(_ number: Int, with state: TargetState, by change: (inout TargetState) -> Void) -> Int? {
        shared.withLock { version in
            let isUnchanged = version.number == number
            if isUnchanged { version.state = state } else { change(&version.state) }
            version.number += 1
            return isUnchanged ? version.number : nil
        }
    }
}
