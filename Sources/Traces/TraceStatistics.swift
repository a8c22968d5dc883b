/// How full the trace directory is and how writing to it goes; for metrics and `/health`.
package struct TraceStatistics: Sendable, Hashable {
    /// Traces of all targets.
    package var files = 0
    /// Bytes of them.
    package var bytes = 0
    /// What each target has of them, by its directory's name.
    package var targets: [String: Usage] = [:]
    /// Writes, removals and compressions that failed since the start.
    package var errors = 0
    /// The newest failure; nil once a trace was written after it.
    package var failure: TraceFailure?

    /// The traces of one target.
    package struct Usage: Sendable, Hashable {
        package var files = 0
        /// Bytes.
        package var bytes = 0

        /// None yet.
        package init() {}

        init(files: Int, bytes: Int) {
            self.files = files
            self.bytes = bytes
        }
    }

    /// Nothing yet.
    package init() {}
}
