import Glibc

/// Files as bytes.
enum FileBytes {
    /// All of a file.
    ///
    /// - Throws: `system` when it cannot be opened.
    static func read(_ path: String) throws(LabError) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw .last("open \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return bytes
    }
}
