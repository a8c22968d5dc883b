import Glibc

/// A directory of its own for one test, removed with all that is in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/oauthwatch-state-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? ""
        precondition(!path.isEmpty, "mkdtemp failed")
    }

    deinit { Self.removeAll(path) }

    private static func removeAll(_ path: String) {
        if remove(path) == 0 { return }
        for name in names(at: path) { removeAll("\(path)/\(name)") }
        remove(path)
    }

    func names(_ folder: String = "targets") -> Set<String> { Self.names(at: "\(path)/\(folder)") }

    private static func names(at path: String) -> Set<String> {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: Set<String> = []
        while let entry = readdir(stream) {
            withUnsafeBytes(of: &entry.pointee.d_name) {
                _ = names.insert(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self))
            }
        }
        return names.subtracting([".", ".."])
    }

    func write(_ text: String, to name: String) {
        guard let file = fopen("\(path)/\(name)", "w") else { preconditionFailure("cannot write \(name)") }
        fputs(text, file)
        fclose(file)
    }

    /// Puts another file in the place of one.
    func replace(_ name: String, with text: String) {
        write(text, to: "other")
        move("other", to: name)
    }

    func move(_ name: String, to newName: String) {
        precondition(rename("\(path)/\(name)", "\(path)/\(newName)") == 0, "rename failed")
    }

    func removeFile(_ name: String) {
        precondition(unlink("\(path)/\(name)") == 0, "unlink failed")
    }

    /// How many files of the directory this process has open.
    func openFiles(suffix: String) -> Int {
        Self.names(at: "/proc/self/fd").count { descriptor in
            guard let target = realpath("/proc/self/fd/\(descriptor)", nil) else { return false }
            defer { free(target) }
            let file = String(cString: target)
            return file.hasPrefix(path) && file.hasSuffix(suffix)
        }
    }

    func read(_ name: String) -> String {
        guard let file = fopen("\(path)/\(name)", "r") else { return "" }
        defer { fclose(file) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return text
    }

    func mode(_ name: String) -> mode_t {
        var status = stat()
        return lstat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    func makeFolder(_ name: String) {
        precondition(mkdir("\(path)/\(name)", 0o755) == 0, "mkdir failed")
    }

    func removeFolder(_ name: String) {
        precondition(rmdir("\(path)/\(name)") == 0, "rmdir failed")
    }
}
