import WatchCore

extension TraceStore {
    /// Writes one trace to a file of the caller's choice, in the place of one that may be there; mode 0600.
    ///
    /// - Throws: `TraceFailure`; no part of a file remains then.
    package static func write(_ document: TraceDocument, to path: String) async throws(TraceFailure) {
        try await OneShotWriter().replace(path, with: document)
    }

    /// Writes one trace under its own name, which no file has yet; mode 0600.
    ///
    /// - Parameter directory: where to; it must exist.
    /// - Returns: the path of the file.
    /// - Throws: `TraceFailure`; no part of a file remains then.
    package static func write(_ document: TraceDocument, in directory: String) async throws(TraceFailure) -> String {
        try await OneShotWriter().create(in: directory, document)
    }
}

/// Writes a file on a thread of its own.
private actor OneShotWriter {
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let executor: ThreadExecutor

    init() throws(TraceFailure) { executor = try ThreadExecutor.forTraces() }

    func replace(_ path: String, with document: TraceDocument) throws(TraceFailure) {
        try TraceFile().replace(path, with: document.bytes)
    }

    func create(in directory: String, _ document: TraceDocument) throws(TraceFailure) -> String {
        let name = try TraceFile().create(document.bytes, in: directory) { attempt in
            TraceName(document.startedAt, sequence: attempt).text
        }
        return directory == "." ? name : "\(directory)/\(name)"
    }
}

extension ThreadExecutor {
    /// A thread for files.
    static func forTraces() throws(TraceFailure) -> ThreadExecutor {
        do throws(ThreadFailure) {
            return try ThreadExecutor()
        } catch {
            throw TraceFailure("start", "the thread for traces", reason: error.message)
        }
    }
}
