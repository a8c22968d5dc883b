import WatchCore

/// What the run keeps on disk, in as few writes as what must not be lost allows.
extension FlowRun {
    /// Keeps a change, and those that waited, before going on; when it cannot be kept, nothing is sent.
    package func remember(_ change: @escaping FlowRun.Change) async throws(Halted) {
        let changes = waiting + [change]
        do throws(MemoryFailure) {
            try await environment.memory.update { state in
                for change in changes { change(&state) }
            }
            waiting = []
        } catch {
            throw halt(.stateWritable, "nothing was sent: \(error.message)", step: step)
        }
    }

    /// Keeps a change with the next write, at the end of the run at the latest. A crash before that leaves on disk what
    /// the last write said was under way.
    package func rememberSoon(_ change: @escaping FlowRun.Change) { waiting.append(change) }

    /// Keeps what still waits.
    func rememberWhatWaits() async {
        if !waiting.isEmpty { try? await remember { _ in } }
    }
}
