package import WatchCore

/// One target's state in a `StateStore`.
package struct StoredMemory: TargetMemory {
    let store: StateStore
    let target: String
    let written: WrittenState

    package var state: TargetState {
        get async { written.state }
    }

    package func update(_ change: @Sendable (inout TargetState) -> Void) async throws(MemoryFailure) {
        try await store.update(target, change)
    }
}
