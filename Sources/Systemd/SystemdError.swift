import Glibc

/// A call to libsystemd, or to the kernel on its behalf, failed.
package struct SystemdError: Error, Sendable, Hashable, CustomStringConvertible {
    package var operation: String
    /// An errno value.
    package var code: Int32

    /// `operation` failed with the errno value `code`.
    package init(operation: String, code: Int32) {
        self.operation = operation
        self.code = code
    }

    /// One line, without secrets.
    package var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
