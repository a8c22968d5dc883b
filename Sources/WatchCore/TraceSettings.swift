/// Where the daemon keeps its traces, and how many.
package struct TraceSettings: Sendable, Hashable {
    /// The directory that holds one directory for each target.
    package var directory: String
    /// Every trace is kept for this time; afterwards failing ones and one healthy an hour.
    package var keepAll: Duration = .seconds(48 * 3_600)
    /// No trace is kept longer than this time.
    package var keep: Duration = .seconds(30 * 86_400)
    /// Traces of one target.
    package var maxFiles = 10_000
    /// Bytes of one target's traces: 200 MiB.
    package var maxSize = 200 << 20
    /// Bytes of all traces: 2 GiB.
    package var maxTotalSize = 2 << 30
    /// Bytes left free on the file system: 500 MiB.
    package var minFree = 500 << 20

    /// The defaults.
    ///
    /// - Parameter directory: the directory that holds one directory for each target.
    package init(directory: String) {
        self.directory = directory
    }
}
