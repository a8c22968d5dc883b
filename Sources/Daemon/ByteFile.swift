import Glibc

/// Small files, read whole.
enum ByteFile {
    /// Why a file could not be read; `errno` tells.
    struct Unreadable: Error {}

    /// The bytes of a file.
    ///
    /// - Parameter limit: bytes; a longer file is refused.
    static func read(_ path: String, limit: Int) throws(Unreadable) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unreadable() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes.count + count <= limit else { throw Unreadable() }
            bytes += buffer.prefix(count)
        }
    }
}
