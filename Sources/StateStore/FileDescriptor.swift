import Glibc
import WatchCore

/// An open file, closed when it is released.
final class FileDescriptor: Sendable {
    private let number: Int32
    private let path: String

    /// Takes over an open descriptor; `path` is for messages.
    init(_ number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    deinit { close(number) }

    /// Everything from the start to the end.
    func readAll() throws(StateStoreError) -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = pread(number, &buffer, buffer.count, off_t(content.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", path) }
            if count == 0 { return content }
            content += buffer.prefix(count)
        }
    }

    /// All of `bytes`, from the start.
    func overwrite(_ bytes: [UInt8]) throws(StateStoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, off_t(rest.startIndex)) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until the content is on the disk.
    func synchronize() throws(StateStoreError) {
        guard fsync(number) == 0 else { throw .system("fsync", path) }
    }

    /// Waits until the content is on the disk, and of the rest what it takes to read it.
    func synchronizeData() throws(StateStoreError) {
        guard fdatasync(number) == 0 else { throw .system("fdatasync", path) }
    }

    /// What the file system says of an open file.
    struct Facts {
        /// Bytes that it holds.
        var size: Int
        /// When it was last written, civil time.
        var modifiedAt: WallTime
        /// Which file it is, under whatever name.
        var identity: Identity
    }

    /// The number of a file that is there; no two have the same.
    struct Identity: Hashable {
        private let device: dev_t
        private let number: ino_t

        init(_ facts: stat) { (device, number) = (facts.st_dev, facts.st_ino) }
    }

    /// Source: fstat(2).
    var facts: Facts {
        get throws(StateStoreError) {
            var facts = stat()
            guard fstat(number, &facts) == 0 else { throw .system("stat", path) }
            return Facts(
                size: Int(facts.st_size), modifiedAt: WallTime(seconds: Double(facts.st_mtim.tv_sec)),
                identity: Identity(facts))
        }
    }

    /// Cuts it off after so many bytes.
    func truncate(to size: Int) throws(StateStoreError) {
        guard ftruncate(number, off_t(size)) == 0 else { throw .system("truncate", path) }
    }

    /// Takes the lock of the open file; false when another process, or another opening here, has it.
    ///
    /// Source: flock(2).
    func tryLock() throws(StateStoreError) -> Bool {
        if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw .system("flock", path) }
        return false
    }
}
