import Glibc
import WatchCore

/// Standard output and standard error, for people.
package enum Console {
    /// Writes a text to standard output.
    ///
    /// - Returns: whether all of it was taken.
    @discardableResult
    package static func out(_ text: String) -> Bool { write(text, to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    package static func error(_ line: String) { errorLine("oauthwatch: \(line)") }

    /// Writes a line to standard error as it is.
    package static func errorLine(_ line: String) { write("\(line)\n", to: STDERR_FILENO) }

    /// The text as it can do no harm: nothing in it starts another line, moves the cursor or turns the direction of
    /// writing.
    package static func oneLine(_ text: String) -> String {
        if text.utf8.allSatisfy({ (32...126).contains($0) }) { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isInvisible ? " " : $0 }))
    }

    /// Whether a person reads standard output.
    package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether the locale's characters are UTF-8.
    ///
    /// Source: locale(7), the order of the variables.
    package static var takesUTF8: Bool {
        let value = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(Environment.value).first
        return value.map { $0.lowercased().holds("utf-8") || $0.lowercased().holds("utf8") } ?? false
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
