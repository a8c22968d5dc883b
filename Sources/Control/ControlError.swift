import Glibc

/// Why the running daemon cannot be spoken with, or cannot listen.
package struct ControlError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds that a caller tells apart.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// Nothing listens at the path.
        case notRunning = "not-running"
        /// Something listens there already.
        case inUse = "in-use"
        /// The socket belongs to somebody else.
        case notPermitted = "not-permitted"
        /// No whole answer came in time, or none that is understood.
        case noAnswer = "no-answer"
        /// A call to the system failed.
        case system
    }

    package var code: Code
    /// One line: path, what is wrong, what to do.
    package var description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The call `operation` on `path` has just failed; takes `errno`.
    ///
    /// Source: unix(7), errno(3).
    static func system(_ operation: String, _ path: String) -> ControlError {
        let code = errno
        let text = "\(path): \(operation): \(String(cString: strerror(code)))"
        switch code {
        case ENOENT, ECONNREFUSED:
            return ControlError(.notRunning, "\(text): is the daemon running? --config or --socket says which one")
        case EACCES, EPERM:
            return ControlError(.notPermitted, "\(text): only root and the user who runs the daemon may")
        default: return ControlError(.system, text)
        }
    }
}
