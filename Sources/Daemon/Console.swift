import Glibc

/// Standard output and standard error, for people.
enum Console {
    /// Writes a text to standard output.
    ///
    /// - Returns: whether all of it was taken.
    @discardableResult
    static func out(_ text: String) -> Bool { write(text, to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    static func error(_ line: String) { errorLine("oauthwatch: \(line)") }

    /// Writes a line to standard error as it is.
    static func errorLine(_ line: String) { write("\(line)\n", to: STDERR_FILENO) }

    /// Whether a person reads standard output.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether the locale's characters are UTF-8.
    ///
    /// Source: locale(7), the order of the variables.
    static var takesUTF8: Bool {
        let value = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(Environment.value).first
        return value.map { $0.lowercased().contains("utf-8") || $0.lowercased().contains("utf8") } ?? false
    }

    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = ArraySlice(Array(text.utf8))
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}

/// The process's environment.
enum Environment {
    /// The value of a variable; nil when unset or empty.
    static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value of a variable that no child may inherit.
    static func takeSecret(_ name: String) -> String? {
        defer { unsetenv(name) }
        return value(name)
    }
}
