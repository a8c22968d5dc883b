import Glibc

/// A trace could not be written, read or removed.
package struct TraceFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system call, or the part of this program, that failed: `open`, `fsync`, `gzip`, …
    package var operation: String
    /// The file or directory.
    package var path: String
    /// The error in words.
    package var reason: String
    /// The error's number; 0 when it came from no system call.
    package var code: Int32

    /// `cannot open /var/log/…: Permission denied`.
    package var description: String { "cannot \(operation) \(path): \(reason)" }

    /// Whether there is no room: the disk or the quota is full, or as good as full.
    package var isDiskFull: Bool { [ENOSPC, EDQUOT].contains(code) }

    /// A failure of this program's own.
    package init(_ operation: String, _ path: String, reason: String, code: Int32 = 0) {
        self.operation = operation
        self.path = path
        self.reason = reason
        self.code = code
    }

    /// A failed system call, `errno` telling why.
    init(_ operation: String, _ path: String, errno code: Int32) {
        self.init(operation, path, reason: String(cString: strerror(code)), code: code)
    }
}
