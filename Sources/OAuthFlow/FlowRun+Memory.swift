package import WatchCore

/// What the run keeps on disk, in as few writes as what must not be lost allows.
extension FlowRun {
    /// Keeps a change, and those that waited, before going on; when it cannot be kept, nothing is sent.
    ///
    /// - Parameter durability: `.synced` before something is sent that must not be sent twice; `.written` for what came
    ///   of it, since a power failure leaves on disk that it was under way, and that is true.
    package func remember(
        _ durability: StateDurability = .synced, _ change: @escaping FlowRun.Change
    ) async throws(Halted) {
        let changes = waiting + [change]
        do throws(MemoryFailure) {
            try await environment.memory.update(durability) { state in
                for change in changes { change(&state) }
            }
            waiting = []
        } catch {
            throw halt(.stateWritable, "nothing was sent: \(error.message)", step: step)
        }
    }

    /// Keeps a change with the next write, which at the latest is that of the run's result. A crash before that leaves on
    /// disk what the last write said was under way.
    package func rememberSoon(_ change: @escaping FlowRun.Change) { waiting.append(change) }

    /// Leaves what still waits to whoever writes the run's result.
    func handOverWhatWaits() async {
        if !waiting.isEmpty { try? await remember(.deferred) { _ in } }
    }
}
