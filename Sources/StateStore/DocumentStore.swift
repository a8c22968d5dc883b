internal import JSONReader
package import WatchCore

/// What the daemon remembers besides its targets: small JSON documents by name, in the directory `daemon` of the state
/// directory. Each is replaced as a whole, with mode 0600; what cannot be read is set aside and reported.
///
/// Open it after the `StateStore` of the same directory, whose lock covers it. The work goes on a thread of its own.
package actor DocumentStore {
    private let executor: ThreadExecutor
    private let folder: Folder
    private let clock: any WatchClock
    private let report: @Sendable (String) -> Void

    /// Opens the directory; makes it when it is not there. Blocks.
    ///
    /// - Parameters:
    ///   - directory: path of the state directory.
    ///   - clock: names the files that are set aside.
    ///   - report: told, in one line, of each file that was set aside; called on the store's thread.
    /// - Throws: `StateStoreError`: `system`, `noThread`.
    package init(
        directory: String, clock: any WatchClock = SystemClock(),
        report: @escaping @Sendable (String) -> Void
    ) throws(StateStoreError) {
        do { executor = try ThreadExecutor() } catch {
            throw StateStoreError(code: .noThread, message: error.message)
        }
        folder = try Folder("daemon", in: try Folder(directory))
        try folder.remove(folder.names().filter { $0.hasSuffix(Folder.temporarySuffix) })
        self.clock = clock
        self.report = report
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A document as it was last written.
    ///
    /// - Parameter name: a file name without ending.
    /// - Returns: nil when there is none, or none that can be read: that one was set aside then.
    /// - Throws: `StateStoreError.system`.
    package func read(_ name: String) throws(StateStoreError) -> JSON? {
        let file = name + ".json"
        guard let bytes = try folder.contents(of: file) else { return nil }
        do { return try JSON(parsing: bytes) } catch {
            let aside = "\(file).corrupt-\(clock.wallTime.fileStamp)"
            try folder.rename(file, to: aside)
            report(
                "\(folder.path(of: file)) is not usable (no whole JSON text: line \(error.line)); it was set aside as "
                    + "\(aside), and what it remembered is gone")
            return nil
        }
    }

    /// Gives a document this content, all or nothing, and waits until it is on the disk.
    ///
    /// - Throws: `StateStoreError.system`; the document is as it was then.
    package func write(_ name: String, _ content: JSON) throws(StateStoreError) {
        try folder.replace(name + ".json", with: content.bytes())
    }
}
