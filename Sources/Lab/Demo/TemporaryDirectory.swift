import Glibc

/// A directory of our own that goes away with its contents.
struct TemporaryDirectory: ~Copyable {
    let path: String

    /// Makes it under `TMPDIR` or `/tmp`, mode 0700.
    init(prefix: String) throws(LabError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/\(prefix).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .last("mkdtemp in \(parent)") }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        guard !path.isEmpty else { return }
        Self.remove(path)
    }

    /// Writes a new file in it, mode 0600.
    ///
    /// - Returns: its path.
    func write(_ text: String, to name: String) throws(LabError) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last("open \(file)") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw .last("write \(file)") }
        return file
    }

    /// Removes a directory with all in it; links are removed, not followed.
    private static func remove(_ folder: String) {
        guard let stream = opendir(folder) else { return }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            let path = "\(folder)/\(name)"
            if Int32(entry.pointee.d_type) == Int32(DT_DIR) { remove(path) } else { unlink(path) }
        }
        closedir(stream)
        rmdir(folder)
    }
}
