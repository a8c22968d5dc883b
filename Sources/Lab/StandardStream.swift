import Glibc

/// Standard output or standard error, a line at a time and at once.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes one line. Nobody can be told when that fails.
    package func print(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(rawValue, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
