import Glibc
internal import Synchronization
package import WatchCore

/// The targets' states on disk: two files a target, written in turn, one writing process.
///
/// All of it runs on a thread of its own. Files have mode 0600, and whatever cuts a write off, the state before it is
/// whole; what cannot be read is set aside and reported, never dropped.
package actor StateStore {
    /// A class, so that a write changes it in place.
    private final class Entry {
        let current: CurrentState
        var slots: StateSlots
        /// Which version of the state was written last; nil when the file may hold something else.
        var written: Int?

        init(current: CurrentState, slots: StateSlots, written: Int?) {
            self.current = current
            self.slots = slots
            self.written = written
        }
    }

    private let executor: ThreadExecutor
    private let lock: StateLock
    private let folder: Folder
    private let clock: any WatchClock
    private let report: @Sendable (StateStoreWarning) -> Void
    private var entries: [String: Entry] = [:]
    /// Targets whose files may be open, the one that was written last at the end.
    private var recent: [String] = []
    /// As many as may run at once.
    private static let mostRecent = 32
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
        let entry: Entry
        if let known = entries[target] { entry = known } else { entry = try load(target) }
        entries[target] = entry
        return StoredMemory(store: self, target: target, current: entry.current)
    }

    /// Removes the states of targets that are no longer configured, once nobody has written them for a time: a target
    /// that comes back soon goes on with its client and its session.
    ///
    /// - Parameters:
    ///   - names: the targets that stay.
    ///   - rest: so long at least since the last write.
    /// - Returns: the names of the targets whose files were removed.
    /// - Throws: `StateStoreError.system` when a file cannot be removed.
    @discardableResult
    package func forget(
        targetsOtherThan names: Set<String>, restingFor rest: Duration
    ) throws(StateStoreError) -> [String] {
        let suffixes = StateSlots.suffixes + [StateSlots.outdatedSuffix]
        var files: [String: [String]] = [:]
        for file in try folder.names() {
            guard let suffix = suffixes.first(where: { file.hasSuffix($0) }) else { continue }
            let target = String(file.dropLast(suffix.count))
            if !names.contains(target) { files[target, default: []].append(file) }
        }
        var gone: [String] = []
        for (target, files) in files.sorted(by: { $0.key < $1.key }) {
            var newest = WallTime(seconds: 0)
            for file in files { newest = max(newest, try folder.openFile(file, O_RDONLY).facts.modifiedAt) }
            guard clock.wallTime - newest >= rest else { continue }
            try folder.remove(files)
            entries[target] = nil
            gone.append(target)
        }
        return gone
    }

    /// Changes a target's state and writes it, with all that was deferred.
    ///
    /// - Parameter isSynced: whether to wait until the disk has it.
    func update(
        _ target: String, isSynced: Bool, _ change: @Sendable (inout TargetState) -> Void
    ) throws(MemoryFailure) {
        guard let entry = entries[target] else {
            throw MemoryFailure("\(folder.path(of: target)): the target is no longer configured")
        }
        let before = entry.current.version
        var state = before.state
        change(&state)
        let isWritten = state == before.state && entry.written == before.number
        if isWritten && (entry.slots.isSynced || !isSynced) { return }
        entry.written = nil
        noteUse(of: target)
        do {
            if isWritten { try entry.slots.synchronize() } else { try entry.slots.write(state, isSynced: isSynced) }
        } catch {
            lastWriteSucceeded.store(false, ordering: .relaxed)
            throw MemoryFailure(error.message)
        }
        lastWriteSucceeded.store(true, ordering: .relaxed)
        if !isWritten { entry.written = entry.current.replace(before.number, with: state, by: change) }
    }
}

extension StateStore {
    /// A run writes some times, one after the other: its files stay open, those of others are closed in time.
    private func noteUse(of target: String) {
        guard recent.last != target else { return }
        recent.removeAll { $0 == target }
        recent.append(target)
        if recent.count > Self.mostRecent { entries[recent.removeFirst()]?.slots.close() }
    }

    private func load(_ target: String) throws(StateStoreError) -> Entry {
        guard !target.isEmpty, !target.hasPrefix("."), !target.contains("/"), !target.contains("\0") else {
            throw StateStoreError(code: .invalidName, message: "the target name \"\(target)\" is no file name")
        }
        var slots = StateSlots(of: target, in: folder)
        let content = try slots.read()
        for (file, reason) in content.unusable { try setAside(file, because: reason) }
        var state = content.state ?? TargetState()
        let isOnDisk = content.state != nil && state.intent == nil
        state.giveUpIntent()
        let current = CurrentState(state)
        return Entry(current: current, slots: slots, written: isOnDisk ? current.version.number : nil)
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

    /// The directory as a whole has a version too: a later program may keep more in it than the targets' files. One of
    /// the first version is taken over, and from then on no program that knows only that one may write to it.
    private static func checkVersion(of root: Folder) throws(StateStoreError) {
        let name = "version"
        let current = String(StateRecord.schemaVersion)
        let text = try root.contents(of: name).map { String(decoding: $0, as: UTF8.self).trimmingSpaces }
        if text == current { return }
        guard text == nil || text == "1" else {
            throw StateStoreError(
                code: .foreignVersion,
                message: "\(root.path(of: name)): the state has schema version \"\((text ?? "").prefix(20))\" and this "
                    + "program knows \(current): use the program that wrote it, or another directory")
        }
        try root.replace(name, with: Array("\(current)\n".utf8))
    }
}
