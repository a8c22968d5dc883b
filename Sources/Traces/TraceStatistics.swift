/// How full the trace directory is and how writing to it goes; for metrics and `/health`.
package struct TraceStatistics: Sendable, Hashable {
    /// Traces of all targets.
    package var files = 0
    /// Bytes of them.
    package var bytes = 0
    /// Writes, removals and compressions that failed since the start.
    package var errors = 0
    /// The newest failure; nil once a trace was written after it.
    package var failure: TraceFailure?

    /// Nothing yet.
    package init() {}
}
