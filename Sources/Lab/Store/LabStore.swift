import Synchronization

/// What the lab remembers, behind one lock. The same store given to another server is that server's memory.
package final class LabStore: Sendable {
    private let state = Mutex(LabState())

    /// An empty memory.
    package init() {}

    /// Counters, as they are now.
    package var stats: LabStats { withLock { $0.currentStats } }

    func withLock<Result, Failure>(
        _ body: (inout LabState) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try state.withLock { (state) throws(Failure) in try body(&state) }
    }
}
