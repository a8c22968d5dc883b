import Glibc
import Synchronization
package import WatchCore

/// Keeps the traces of all targets: writes each whole or not at all, and removes and compresses old ones.
///
/// It works on a thread of its own, so that a slow disk holds up no run. A trace that cannot be written is an error to
/// its caller and a number in `statistics`, nothing more.
package actor TraceStore {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let executor: ThreadExecutor
    private var settings: TraceSettings
    private let clock: any WatchClock
    private let file: TraceFile
    private var shelves: [String: TraceShelf] = [:]
    private var isOpen = false
    private var tidiedAt: Instant?
    private nonisolated let shared = Mutex(TraceStatistics())

    /// Old traces are looked for this often, and whenever a limit is passed.
    private static let tidyInterval = Duration.seconds(600)
    /// So many traces are compressed at a time, lest the next one wait.
    private static let compressedAtOnce = 200

    /// A store that has touched nothing yet.
    ///
    /// - Parameters:
    ///   - settings: where, and how many.
    ///   - clock: tells the age of traces.
    /// - Throws: `TraceFailure` when the system gives no further thread.
    package init(settings: TraceSettings, clock: any WatchClock) throws(TraceFailure) {
        try self.init(settings: settings, clock: clock, disk: Disk())
    }

    init(settings: TraceSettings, clock: any WatchClock, disk: Disk) throws(TraceFailure) {
        executor = try ThreadExecutor.forTraces()
        self.settings = settings
        self.clock = clock
        file = TraceFile(disk: disk)
    }

    /// How full the directory is and how writing goes; never waits for the disk.
    package nonisolated var statistics: TraceStatistics { shared.withLock { $0 } }

    /// Makes the directory, removes what a crash left behind, learns which traces there are, and tidies up. `save` does
    /// it when it was not done.
    ///
    /// - Throws: `TraceFailure` when the directory cannot be made or read.
    package func open() throws(TraceFailure) {
        do throws(TraceFailure) {
            try readShelves()
            tidy()
        } catch {
            note(error)
            throw error
        }
    }

    /// Keeps traces by other rules from now on, or in another directory; those in the old one stay there.
    ///
    /// - Parameter settings: where, and how many.
    /// - Throws: `TraceFailure` when the directory cannot be made or read; the settings hold all the same.
    package func configure(_ settings: TraceSettings) throws(TraceFailure) {
        guard settings != self.settings else { return }
        if settings.directory != self.settings.directory { (shelves, isOpen) = ([:], false) }
        self.settings = settings
        try open()
    }

    /// Removes and compresses what is due now, beside a daemon that may be at work. What a crash left half-written stays:
    /// it may be a trace that is being written.
    ///
    /// - Parameter isTrial: only decide.
    /// - Returns: what was decided. Files of other users are not compressed: theirs would become ours.
    /// - Throws: `TraceFailure` when the directory cannot be read.
    package func prune(isTrial: Bool) throws(TraceFailure) -> RetentionPlan {
        try readShelves(isOwner: false)
        var plan = plan()
        plan.compressions.removeAll { entry in
            var facts = stat()
            return stat(path(entry), &facts) != 0 || facts.st_uid != geteuid()
        }
        if !isTrial { carryOut(plan, compressing: plan.compressions.count) }
        return plan
    }

    /// Writes a trace.
    ///
    /// - Returns: the path of its file, which is on the disk by then, under that name unless the run was good.
    /// - Throws: `TraceFailure`: no room, no permission, a dead disk. No part of a file remains.
    package func save(_ document: TraceDocument) throws(TraceFailure) -> String {
        do throws(TraceFailure) {
            if !isOpen { try readShelves() }
            let path = try write(document)
            shared.withLock { $0.failure = nil }
            if isTidyDue { tidy() }
            return path
        } catch {
            note(error)
            throw error
        }
    }

    private func write(_ document: TraceDocument) throws(TraceFailure) -> String {
        let target = TraceShelf.directoryName(document.target)
        let directory = "\(settings.directory)/\(target)"
        try TraceFile.makeSubdirectory(directory)
        let bytes = document.bytes
        try makeRoom(for: bytes.count, in: directory)
        var shelf = shelves[target] ?? TraceShelf(target: target)
        var name = TraceName(document.startedAt)
        let first = shelf.freeSequence(at: name.second)
        // The trace of a good run proves nothing that its successor does not prove: it may go with the power.
        _ = try file.create(bytes, in: directory, waitsForName: document.verdict != .healthy) { attempt in
            name.sequence = first + attempt - 1
            return name.text
        }
        shelf.add(
            TraceEntry(target: target, name: name, size: bytes.count, verdict: document.verdict, kind: document.kind))
        shelves[target] = shelf
        count()
        return "\(directory)/\(name.text)"
    }

    private func makeRoom(for size: Int, in directory: String) throws(TraceFailure) {
        func isTight() -> Bool { file.disk.free(directory).map { $0 - size < settings.minFree } ?? false }
        guard isTight() else { return }
        tidy(reserving: size)
        guard isTight() else { return }
        throw TraceFailure(
            "write to", directory, reason: "fewer than \(settings.minFree >> 20) MiB would be left free", code: ENOSPC)
    }

    private func readShelves(isOwner: Bool = true) throws(TraceFailure) {
        if isOwner { try TraceFile.makeDirectory(settings.directory) }
        for target in try TraceShelf.targets(in: settings.directory) {
            let shelf = try TraceShelf(reading: settings.directory, target: target)
            for leftover in shelf.leftovers where isOwner { unlink("\(settings.directory)/\(target)/\(leftover)") }
            shelves[target] = shelf
        }
        isOpen = true
        count()
    }

    private var isTidyDue: Bool {
        guard let tidiedAt, clock.now - tidiedAt < Self.tidyInterval else { return true }
        return shelves.values.contains { $0.entries.count > settings.maxFiles || $0.size > settings.maxSize }
            || statistics.bytes > settings.maxTotalSize
    }

    /// Removes and compresses what the plan says, so that `size` more bytes have room.
    private func tidy(reserving size: Int = 0) {
        tidiedAt = clock.now
        carryOut(plan(reserving: size), compressing: Self.compressedAtOnce)
    }

    private func plan(reserving size: Int = 0) -> RetentionPlan {
        RetentionPlan(
            shelves.values.flatMap(\.entries), settings: settings, now: clock.wallTime,
            free: file.disk.free(settings.directory).map { $0 - size })
    }

    private func carryOut(_ plan: RetentionPlan, compressing limit: Int) {
        var gone: [String: Set<TraceName>] = [:]
        for entry in plan.deletions where remove(entry) { gone[entry.target, default: []].insert(entry.name) }
        for entry in plan.compressions.prefix(limit) where compress(entry) {
            gone[entry.target, default: []].insert(entry.name)
        }
        for (target, names) in gone { shelves[target]?.remove(names) }
        count()
    }

    /// Whether the file is gone; one that somebody else removed is.
    private func remove(_ entry: TraceEntry) -> Bool {
        let path = path(entry)
        if unlink(path) == 0 || errno == ENOENT { return true }
        note(TraceFailure("remove", path, errno: errno))
        return false
    }

    /// Whether the file is gone: its compressed form has taken its place, or somebody removed it.
    private func compress(_ entry: TraceEntry) -> Bool {
        let path = path(entry)
        var compressed = entry
        compressed.name.isCompressed = true
        do throws(TraceFailure) {
            let bytes = try TraceReader.bytes(path, limit: TraceReader.limit)
            guard let packed = Gzip.compressed(bytes) else { throw TraceFailure("compress", path, reason: "no memory") }
            compressed.size = packed.count
            let directory = TraceFile.directory(of: path)
            _ = try file.create(packed, in: directory, attempts: 1) { _ in compressed.name.text }
        } catch {
            if error.code == ENOENT { return true }
            // Somebody else has compressed it, `oauthwatch traces prune` perhaps.
            if error.code == EEXIST { return remove(entry) }
            note(error)
            return false
        }
        shelves[entry.target]?.add(compressed)
        return remove(entry)
    }

    private func path(_ entry: TraceEntry) -> String { "\(settings.directory)/\(entry.target)/\(entry.name.text)" }

    private func note(_ failure: TraceFailure) {
        shared.withLock { ($0.errors, $0.failure) = ($0.errors + 1, failure) }
    }

    private func count() {
        let (files, bytes) = shelves.values.reduce((0, 0)) { ($0.0 + $1.entries.count, $0.1 + $1.size) }
        let targets = shelves.mapValues { TraceStatistics.Usage(files: $0.entries.count, bytes: $0.size) }
        shared.withLock { ($0.files, $0.bytes, $0.targets) = (files, bytes, targets) }
    }
}
