import Glibc

/// Writes whole files or none: a temporary name, synced, renamed, the directory synced.
///
/// Source: rename(2), fsync(2).
struct TraceFile {
    /// Names that begin and end so are left behind by a crash and may be removed.
    static let temporaryPrefix = ".oauth_trace_"
    static let temporarySuffix = ".tmp"

    var disk = Disk()

    /// Writes a file that must not exist.
    ///
    /// - Parameters:
    ///   - bytes: the whole contents.
    ///   - directory: where to; it must exist.
    ///   - attempts: how many names to try.
    ///   - waitsForName: whether the file must be there after a loss of power; its contents are whole in any case.
    ///   - name: gives the name to try, from 1 on, while names are taken.
    /// - Returns: the name that was free.
    func create(
        _ bytes: [UInt8], in directory: String, attempts: Int = 1_000, waitsForName: Bool = true,
        name: (_ attempt: Int) -> String
    ) throws(TraceFailure) -> String {
        let temporary = try writeTemporary(bytes, in: directory)
        var attempt = 1
        while true {
            let final = name(attempt)
            if disk.rename(temporary, "\(directory)/\(final)", false) == 0 {
                if waitsForName { try syncDirectory(directory) }
                return final
            }
            let code = errno
            guard code == EEXIST, attempt < attempts else {
                unlink(temporary)
                throw TraceFailure("rename", temporary, errno: code)
            }
            attempt += 1
        }
    }

    /// Writes a file, in the place of one that may be there. What is no regular file (a terminal, a pipe, `/dev/null`)
    /// is written to and stays. A link or a named pipe of another user, as may wait in `/tmp`, is refused: it would lead
    /// the trace to a file of ours, or to that user.
    func replace(_ path: String, with bytes: [UInt8]) throws(TraceFailure) {
        var facts = stat()
        if lstat(path, &facts) == 0, [S_IFLNK, S_IFIFO].contains(facts.st_mode & S_IFMT),
            ![0, geteuid()].contains(facts.st_uid)
        {
            throw TraceFailure("write to", path, reason: "it is a link or a pipe that another user made", code: EACCES)
        }
        let exists = stat(path, &facts) == 0
        if exists, facts.st_mode & S_IFMT != S_IFREG { return try writeInPlace(path, bytes) }
        let path = exists ? Self.resolved(path) : path
        let directory = Self.directory(of: path)
        let temporary = try writeTemporary(bytes, in: directory)
        guard disk.rename(temporary, path, true) == 0 else {
            let code = errno
            unlink(temporary)
            throw TraceFailure("rename", path, errno: code)
        }
        try syncDirectory(directory)
    }

    /// Makes a directory, and those above it, for the owner only.
    static func makeDirectory(_ path: String) throws(TraceFailure) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let code = errno
        let parent = directory(of: path)
        guard code == ENOENT, parent != path else { throw TraceFailure("make directory", path, errno: code) }
        try makeDirectory(parent)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw TraceFailure("make directory", path, errno: errno)
        }
    }

    /// Makes a directory in one that is there, for the owner only; a link of that name is not followed.
    static func makeSubdirectory(_ path: String) throws(TraceFailure) {
        if mkdir(path, 0o700) == 0 { return }
        if errno == ENOENT { return try makeDirectory(path) }
        guard errno == EEXIST else { throw TraceFailure("make directory", path, errno: errno) }
        var facts = stat()
        guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw TraceFailure("write to", path, reason: "it is a link or a file, not a directory", code: ENOTDIR)
        }
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private func writeTemporary(_ bytes: [UInt8], in directory: String) throws(TraceFailure) -> String {
        let unique = String(UInt64.random(in: .min ... .max), radix: 36)
        let path = "\(directory)/\(Self.temporaryPrefix)\(unique)\(Self.temporarySuffix)"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TraceFailure("create", path, errno: errno) }
        do throws(TraceFailure) {
            defer { close(file) }
            try write(bytes, to: file, path)
            guard disk.sync(file) == 0 else { throw TraceFailure("sync", path, errno: errno) }
        } catch {
            unlink(path)
            throw error
        }
        return path
    }

    private func writeInPlace(_ path: String, _ bytes: [UInt8]) throws(TraceFailure) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw TraceFailure("open", path, errno: errno) }
        defer { close(file) }
        try write(bytes, to: file, path)
    }

    private func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(TraceFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { disk.write(file, $0 + written, buffer.count - written) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw TraceFailure("write", path, errno: count < 0 ? errno : ENOSPC) }
            written += count
        }
    }

    private func syncDirectory(_ path: String) throws(TraceFailure) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw TraceFailure("open", path, errno: errno) }
        defer { close(directory) }
        guard disk.sync(directory) == 0 else { throw TraceFailure("sync", path, errno: errno) }
    }
}
