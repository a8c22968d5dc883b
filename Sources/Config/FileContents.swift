import Glibc

/// A file that was read whole.
package struct FileContents: Sendable, Hashable {
    package var bytes: [UInt8]
    /// Permission bits, as `chmod` takes them.
    package var mode: UInt32

    /// A file that was read whole.
    package init(bytes: [UInt8], mode: UInt32 = 0o600) {
        self.bytes = bytes
        self.mode = mode
    }
}

/// Why a file could not be read.
package struct FileFault: Error, Sendable, Hashable {
    /// Whether there is no such file.
    package var isAbsent: Bool
    /// As `strerror` has it, or words of our own.
    package var reason: String

    /// Why a file could not be read.
    package init(isAbsent: Bool = false, reason: String) {
        self.isAbsent = isAbsent
        self.reason = reason
    }
}

extension FileContents {
    /// Bytes that a file may have.
    static let maxSize = 1 << 20

    /// Reads a regular file of this machine; it waits for the disk.
    ///
    /// - Throws: `FileFault` when there is no such file, it cannot be read, is no regular file or larger than 1 MiB.
    /// Source: open(2), fstat(2), read(2).
    package init(path: String) throws(FileFault) {
        // Without O_NONBLOCK a FIFO would hold us until somebody writes to it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileFault(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFault(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileFault(reason: "is no regular file") }
        mode = status.st_mode & 0o7777
        bytes = try Self.readAll(descriptor)
    }

    private static func readAll(_ descriptor: Int32) throws(FileFault) -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return all }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw FileFault(errno: errno)
            }
            all += chunk.prefix(count)
            guard all.count <= maxSize else { throw FileFault(reason: "is larger than \(maxSize) bytes") }
        }
    }
}

extension FileFault {
    fileprivate init(errno code: Int32) {
        self.init(isAbsent: code == ENOENT, reason: strerror(code).map { String(cString: $0) } ?? "error \(code)")
    }
}
