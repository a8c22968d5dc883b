import Glibc
import WatchCore

/// The traces in a directory, for who looks at them while a daemon may be writing more: nothing is changed here.
package struct TraceArchive: Sendable {
    /// Oldest first, of all targets.
    package let entries: [TraceEntry]
    private let root: String

    /// Reads which traces there are.
    ///
    /// - Parameter directory: the one that holds a directory for each target, or one with traces in it.
    /// - Throws: `TraceFailure` when it cannot be read.
    package init(directory: String) throws(TraceFailure) {
        let own = try TraceShelf(reading: Self.parent(of: directory), target: Self.name(of: directory))
        guard own.entries.isEmpty else {
            (root, entries) = (Self.parent(of: directory), own.entries)
            return
        }
        var all: [TraceEntry] = []
        for target in try TraceShelf.targets(in: directory) {
            all += try TraceShelf(reading: directory, target: target).entries
        }
        root = directory
        entries = all.sorted { ($0.name, $0.target) < ($1.name, $1.target) }
    }

    /// The path of a trace's file.
    package func path(of entry: TraceEntry) -> String { "\(root)/\(entry.target)/\(entry.name.text)" }

    /// The names of the directories that hold traces.
    package var targets: [String] { Set(entries.map(\.target)).sorted() }

    /// The traces of a target; nil: of all.
    package func entries(of target: String?) -> [TraceEntry] {
        target.map { name in entries.filter { $0.target == TraceShelf.directoryName(name) } } ?? entries
    }

    /// The first failing trace of the newest failure and the last good one of that kind before it.
    ///
    /// - Parameter target: the name of one target.
    /// - Returns: nil for what there is not.
    package func newestFailure(of target: String) -> (good: TraceEntry?, bad: TraceEntry?) {
        let entries = entries(of: target)
        guard let last = entries.lastIndex(where: \.isFailing) else { return (nil, nil) }
        let kind = entries[last].kind
        let same = entries[...last].filter { $0.kind == kind }
        let begin = same.lastIndex(where: \.isHealthy).map { $0 + 1 } ?? 0
        return (good(before: last, in: entries), same[begin...].first(where: \.isFailing))
    }

    /// The last good trace before another, of the same kind if there is one.
    package func lastGood(before entry: TraceEntry) -> TraceEntry? {
        let entries = entries.filter { $0.target == entry.target }
        return entries.firstIndex(of: entry).flatMap { good(before: $0, in: entries) }
    }

    private func good(before index: Int, in entries: [TraceEntry]) -> TraceEntry? {
        let healthy = entries[..<index].filter(\.isHealthy)
        return healthy.last { $0.kind == entries[index].kind } ?? healthy.last
    }

    private static func parent(of directory: String) -> String {
        guard directory.contains("/") else { return "." }
        let path = TraceFile.directory(of: directory)
        return path == "/" ? "" : path
    }

    private static func name(of directory: String) -> String {
        directory.split(separator: "/").last.map(String.init) ?? "."
    }
}
