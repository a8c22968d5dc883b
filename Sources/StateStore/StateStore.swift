internal import JSONReader
internal import Synchronization
package import WatchCore

/// The targets' states on disk: one file a target, one writing process.
///
/// All of it runs on a thread of its own. Files have mode 0600 and are replaced as a whole; what cannot be read is set
/// aside and reported, never dropped.
package actor StateStore {
    private struct Entry {
        var state: TargetState
        /// False when the file may hold something else, so that the next update writes in any case.
        var isOnDisk: Bool
    }

    private static let schemaVersion = 1

    private let executor: ThreadExecutor
    private let lock: StateLock
    private let folder: Folder
    private let clock: any WatchClock
    private let report: @Sendable (StateStoreWarning) -> Void
    private var entries: [String: Entry] = [:]
    private let lastWriteSucceeded = Atomic(true)

    /// Opens the state directory and takes its lock; makes the directory when it is not there. Blocks: call it before
    /// the daemon's tasks start.
    ///
    /// - Parameters:
    ///   - directory: path of the state directory; its parent must exist.
    ///   - clock: names the files that are set aside.
    ///   - report: told of each file that was set aside; called on the store's thread.
    /// - Throws: `StateStoreError`: `locked` when another process has the directory, `foreignVersion` when a later
    ///   program wrote it, `system` when it cannot be made, opened or written, `noThread`.
    package init(
        directory: String, clock: any WatchClock = SystemClock(),
        report: @escaping @Sendable (StateStoreWarning) -> Void
    ) throws(StateStoreError) {
        do { executor = try ThreadExecutor() } catch {
            throw StateStoreError(code: .noThread, message: error.message)
        }
        let root = try Folder(directory)
        lock = try StateLock(of: root)
        try Self.checkVersion(of: root)
        folder = try Folder("targets", in: root)
        try folder.remove(folder.names().filter { $0.hasSuffix(Folder.temporarySuffix) })
        self.clock = clock
        self.report = report
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Whether the last write succeeded; true before the first one.
    package nonisolated var isWritable: Bool { lastWriteSucceeded.load(ordering: .relaxed) }

    /// The memory of one target, read from its file at the first call.
    ///
    /// A request that was under way when the file was written is given up (`TargetState.giveUpIntent`).
    ///
    /// - Parameter target: the target's name.
    /// - Throws: `StateStoreError`: `system` when the file is there and cannot be read or set aside, `invalidName`.
    package func memory(for target: String) throws(StateStoreError) -> StoredMemory {
        if entries[target] == nil { entries[target] = try load(target) }
        return StoredMemory(store: self, target: target)
    }

    /// Removes the states of targets that are no longer configured.
    ///
    /// - Parameter names: the targets that stay.
    /// - Returns: the names of the targets whose files were removed.
    /// - Throws: `StateStoreError.system` when a file cannot be removed.
    @discardableResult
    package func forget(targetsOtherThan names: Set<String>) throws(StateStoreError) -> [String] {
        let stored = try folder.names().filter { $0.hasSuffix(Self.suffix) }
        let gone = stored.map { String($0.dropLast(Self.suffix.count)) }.filter { !names.contains($0) }
        try folder.remove(gone.map { $0 + Self.suffix })
        entries = entries.filter { names.contains($0.key) }
        return gone
    }

    func state(of target: String) -> TargetState { entries[target]?.state ?? TargetState() }

    func update(_ target: String, _ change: @Sendable (inout TargetState) -> Void) throws(MemoryFailure) {
        guard let entry = entries[target] else {
            throw MemoryFailure("\(folder.path(of: target + Self.suffix)): the target is no longer configured")
        }
        var state = entry.state
        change(&state)
        if state == entry.state && entry.isOnDisk { return }
        entries[target]?.isOnDisk = false
        do {
            try folder.replace(target + Self.suffix, with: Self.encode(state))
        } catch {
            lastWriteSucceeded.store(false, ordering: .relaxed)
            throw MemoryFailure(error.message)
        }
        lastWriteSucceeded.store(true, ordering: .relaxed)
        entries[target] = Entry(state: state, isOnDisk: true)
    }
}

extension StateStore {
    private static let suffix = ".json"

    private static func encode(_ state: TargetState) -> [UInt8] {
        JSON.object([JSON.Member("version", .integer(schemaVersion))] + (state.json.members ?? [])).bytes(indent: 1)
    }

    private static func decode(_ bytes: [UInt8]) throws(StateFormatError) -> TargetState {
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch {
            // Only the line: the parser's message may quote a token.
            throw StateFormatError(description: "no whole JSON text: line \(error.line)")
        }
        let version = try StateFields(json).integer("version")
        guard version == schemaVersion else {
            throw StateFormatError(description: "schema version \(version), and this program knows \(schemaVersion)")
        }
        return try TargetState(json: json)
    }

    private func load(_ target: String) throws(StateStoreError) -> Entry {
        guard !target.isEmpty, !target.hasPrefix("."), !target.contains("/"), !target.contains("\0") else {
            throw StateStoreError(code: .invalidName, message: "the target name \"\(target)\" is no file name")
        }
        let file = target + Self.suffix
        guard let bytes = try folder.contents(of: file) else { return Entry(state: TargetState(), isOnDisk: false) }
        do {
            var state = try Self.decode(bytes)
            let isOnDisk = state.intent == nil
            state.giveUpIntent()
            return Entry(state: state, isOnDisk: isOnDisk)
        } catch {
            try setAside(file, because: error.description)
            return Entry(state: TargetState(), isOnDisk: false)
        }
    }

    private func setAside(_ file: String, because reason: String) throws(StateStoreError) {
        let names = Set(try folder.names())
        let base = "\(file).corrupt-\(clock.wallTime.fileStamp)"
        var name = base
        var number = 2
        while names.contains(name) {
            name = "\(base)-\(number)"
            number += 1
        }
        try folder.rename(file, to: name)
        report(StateStoreWarning(file: folder.path(of: file), setAside: folder.path(of: name), reason: reason))
    }

    /// The directory as a whole has a version too: a later program may keep more in it than the targets' files.
    private static func checkVersion(of root: Folder) throws(StateStoreError) {
        let name = "version"
        guard let content = try root.contents(of: name) else {
            return try root.replace(name, with: Array("\(schemaVersion)\n".utf8))
        }
        let text = String(decoding: content, as: UTF8.self).trimmingSpaces
        guard text == String(schemaVersion) else {
            throw StateStoreError(
                code: .foreignVersion,
                message: "\(root.path(of: name)): the state has schema version \"\(text.prefix(20))\" and this program "
                    + "knows \(schemaVersion): use the program that wrote it, or another directory")
        }
    }
}
