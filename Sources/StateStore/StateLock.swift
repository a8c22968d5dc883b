import Glibc
import WatchCore

/// The lock by which one process has the state directory to itself, as long as this value lives. The kernel releases it
/// when the process ends, however it ends.
struct StateLock: Sendable {
    private let file: FileDescriptor

    /// Takes the lock of `folder`.
    init(of folder: Folder) throws(StateStoreError) {
        file = try folder.openFile("lock", O_RDWR | O_CREAT)
        guard try file.tryLock() else { throw Self.taken(folder.path, by: try file.readAll()) }
        // Of one width, so that it takes the place of the last one: on a full disk too.
        let pid = String(getpid())
        try file.overwrite(Array("\(String(repeating: " ", count: max(0, 10 - pid.count)))\(pid)\n".utf8))
    }

    private static func taken(_ directory: String, by content: [UInt8]) -> StateStoreError {
        let pid = Int32(String(decoding: content, as: UTF8.self).trimmingSpaces)
        let owner = pid.map { "process \($0)" } ?? "another process"
        return StateStoreError(
            code: .locked(pid: pid),
            message: "the state directory \(directory) is in use by \(owner): stop it, or use another directory")
    }
}
