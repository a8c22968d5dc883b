import Glibc
package import WatchCore

/// A password in a file of its own.
package enum PasswordFile {
    /// The file holds no password that could be used.
    package struct Failure: Error {
        /// One line: the file, and what is wrong with it.
        package var message: String
    }

    private static let limit = 64 << 10

    /// Reads a password; one line end after it is not part of it.
    ///
    /// - Parameter name: the file; `-` is standard input.
    /// - Throws: `Failure` when it cannot be read, is longer than 64 KiB, empty or of several lines.
    package static func read(_ name: String) throws(Failure) -> Secret {
        var bytes = try contents(name == "-" ? "/dev/stdin" : name, name)
        // Byte by byte: a carriage return and a line feed are one character.
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else { throw Failure(message: "\(name) is empty") }
        guard !bytes.contains(where: { [10, 13].contains($0) }) else {
            throw Failure(message: "\(name) has several lines; it must hold the password alone")
        }
        return Secret(String(decoding: bytes, as: UTF8.self))
    }

    private static func contents(_ path: String, _ name: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(name) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unreadable(name) }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else { throw Failure(message: "\(name) is longer than \(limit) bytes") }
        }
    }

    private static func unreadable(_ name: String) -> Failure {
        Failure(message: "cannot read \(name): \(String(cString: strerror(errno)))")
    }
}
