import Glibc

/// Why the state directory cannot be used.
package struct StateStoreError: Error, Sendable, CustomStringConvertible {
    /// The kinds that a caller may tell apart.
    package enum Code: Sendable, Hashable {
        /// Another process uses the directory; its process id when it could be read.
        case locked(pid: Int32?)
        /// A later version of the program wrote the directory.
        case foreignVersion
        /// A call to the system failed.
        case system(errno: Int32)
        /// The target's name is no file name.
        case invalidName
        /// No thread for the disk work.
        case noThread
    }

    package var code: Code
    /// One line: file, operation, error, and the remedy where there is one.
    package var message: String

    package var description: String { message }

    /// The code as an errno value; nil when the system has no word for it.
    package var systemCode: Int32? {
        switch code {
        case .locked: EBUSY
        case .system(let errno): errno
        case .noThread: EAGAIN
        case .foreignVersion, .invalidName: nil
        }
    }

    /// The call `operation` on `path` has just failed; takes `errno`.
    ///
    /// Source: errno(3).
    static func system(_ operation: String, _ path: String) -> StateStoreError {
        let code = errno
        return StateStoreError(
            code: .system(errno: code), message: "\(path): \(operation): \(String(cString: strerror(code)))")
    }
}

/// A state file that could not be used; it was kept under another name and the target starts afresh.
package struct StateStoreWarning: Sendable, Hashable, CustomStringConvertible {
    /// Path of the file.
    package var file: String
    /// Where it was set aside: a path.
    package var setAside: String
    /// What is wrong with it: one line.
    package var reason: String

    package var description: String {
        "\(file) is not usable (\(reason)); it was set aside as \(setAside) and its target starts afresh: "
            + "the next run registers a client and logs in anew"
    }
}
