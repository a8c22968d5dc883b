import Config
import WatchCore

/// Reads the configuration on a thread of its own, since it waits for the disk; the thread ends with the reader.
actor ConfigurationReader {
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let executor: ThreadExecutor
    private let file: String

    /// A reader of one file.
    ///
    /// - Parameter file: its path.
    /// - Throws: `ThreadFailure` when the system gives no further thread.
    init(file: String) throws(ThreadFailure) {
        executor = try ThreadExecutor()
        self.file = file
    }

    /// The file as it is now, with the files that it names.
    ///
    /// - Throws: `ConfigurationError` with all that is wrong.
    func load() throws(ConfigurationError) -> (configuration: Configuration, warnings: [ConfigurationProblem]) {
        try ConfigurationFile.load(file)
    }
}
