import Glibc
import WatchCore

/// The traces of one target, as they stand in its directory.
package struct TraceShelf: Sendable {
    /// The name of the directory.
    package let target: String
    /// Oldest first.
    package private(set) var entries: [TraceEntry] = []
    /// Bytes of all of them.
    package private(set) var size = 0
    /// Names of files that a crash left behind: half-written ones, and originals whose compressed form is whole.
    private(set) var leftovers: [String] = []

    init(target: String) { self.target = target }

    /// Reads the directory of one target, and from each trace the verdict.
    ///
    /// - Parameters:
    ///   - root: the directory that holds one directory for each target.
    ///   - target: the name of the target's directory.
    /// - Throws: `TraceFailure` when the directory cannot be read.
    package init(reading root: String, target: String) throws(TraceFailure) {
        self.target = target
        let directory = "\(root)/\(target)"
        var names: [TraceName] = []
        for file in try Self.names(in: directory) {
            if file.hasPrefix(TraceFile.temporaryPrefix), file.hasSuffix(TraceFile.temporarySuffix) {
                leftovers.append(file)
            } else if let name = TraceName(file) {
                names.append(name)
            }
        }
        let compressed = Set(names.filter(\.isCompressed).map { TraceName($0.time, sequence: $0.sequence) })
        for name in names.sorted() {
            if compressed.contains(name) {
                leftovers.append(name.text)
                continue
            }
            let path = "\(directory)/\(name.text)"
            var facts = stat()
            guard stat(path, &facts) == 0 else { continue }
            let head = TraceReader.head(path)
            add(
                TraceEntry(
                    target: target, name: name, size: Int(facts.st_size), verdict: head?.verdict, kind: head?.kind))
        }
    }

    /// Names of the targets that have a directory below `root`.
    ///
    /// - Throws: `TraceFailure` when the directory cannot be read.
    package static func targets(in root: String) throws(TraceFailure) -> [String] {
        try names(in: root).filter { name in
            var facts = stat()
            return !name.hasPrefix(".") && stat("\(root)/\(name)", &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
        }.sorted()
    }

    /// The directory for a target: its name, all but letters, digits and `._-` percent-encoded, never hidden.
    package static func directoryName(_ target: String) -> String {
        var name = ""
        for (index, byte) in target.utf8.enumerated() {
            let isPlain = byte.isASCIIDigit || byte.isASCIILetter || "-_".utf8.contains(byte)
            let isInnerDot = byte == UInt8(ascii: ".") && index > 0
            name += isPlain || isInnerDot ? String(Unicode.Scalar(byte)) : PercentEncoding.triplet(byte)
        }
        return name.isEmpty ? "%" : name
    }

    /// The first number that is free for a run that began in this second.
    func freeSequence(at second: Int64) -> Int {
        (entries.reversed().lazy.filter { $0.name.second == second }.map(\.name.sequence).max() ?? 0) + 1
    }

    mutating func add(_ entry: TraceEntry) {
        let place = entries.lastIndex { $0.name < entry.name }.map { $0 + 1 } ?? 0
        entries.insert(entry, at: place)
        size += entry.size
    }

    mutating func remove(_ gone: Set<TraceName>) {
        entries.removeAll { gone.contains($0.name) }
        size = entries.reduce(0) { $0 + $1.size }
    }

    private static func names(in directory: String) throws(TraceFailure) -> [String] {
        guard let stream = opendir(directory) else { throw TraceFailure("read directory", directory, errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
