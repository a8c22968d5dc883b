package import WatchCore

/// One target's state in a `StateStore`.
package struct StoredMemory: TargetMemory {
    let store: StateStore
    let target: String
    let current: CurrentState

    package var state: TargetState {
        get async { current.version.state }
    }

    package func update(
        _ durability: StateDurability, _ change: @escaping @Sendable (inout TargetState) -> Void
    ) async throws(MemoryFailure) {
        switch durability {
        case .deferred: current.change(change)
        case .written: try await store.update(target, isSynced: false, change)
        case .synced: try await store.update(target, isSynced: true, change)
        }
    }
}
