import Glibc
import WatchCore

/// Stream sockets in the file system.
///
/// Paths are reached through the directory's descriptor, because an address of a socket holds no more than 107 bytes.
///
/// Source: unix(7), proc_pid_fd(5).
enum UnixSocket {
    /// Listens at `path`, for the owner alone (mode 0600). A socket that nobody listens at any more is replaced.
    ///
    /// - Returns: a descriptor, close-on-exec; the caller's to close.
    /// - Throws: `ControlError`: `inUse` when another process listens there, `notPermitted`, `system`.
    static func listen(at path: String) throws(ControlError) -> Int32 {
        if let other = try? connect(to: path) {
            close(other)
            throw ControlError(.inUse, "\(path): another daemon listens there")
        }
        let folder = try Folder(of: path)
        let descriptor = try open(path)
        unlinkat(folder.descriptor, folder.name, 0)
        // Before `listen` nobody can connect, so there is no moment at which the mode is too wide.
        guard folder.withAddress({ bind(descriptor, $0, $1) }) == 0,
            fchmodat(folder.descriptor, folder.name, 0o600, 0) == 0, Glibc.listen(descriptor, 16) == 0
        else {
            defer { close(descriptor) }
            throw .system("bind", path)
        }
        return descriptor
    }

    /// Connects to the socket at `path`.
    ///
    /// - Returns: a descriptor, close-on-exec; the caller's to close.
    static func connect(to path: String) throws(ControlError) -> Int32 {
        let folder = try Folder(of: path)
        let descriptor = try open(path)
        guard folder.withAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
            defer { close(descriptor) }
            throw .system("connect", path)
        }
        return descriptor
    }

    /// The user at the other end.
    ///
    /// - Returns: a user id; nil when the kernel does not tell.
    ///
    /// Source: unix(7), SO_PEERCRED: struct ucred is process, user and group id.
    static func peer(of descriptor: Int32) -> UInt32? {
        var credentials: [UInt32] = [0, 0, 0]
        var length = socklen_t(12)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0, length == 12 else {
            return nil
        }
        return credentials[1]
    }

    private static func open(_ path: String) throws(ControlError) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket", path) }
        return descriptor
    }

    /// The directory of a path, held open, and the last part of the path.
    private struct Folder: ~Copyable {
        let descriptor: Int32
        let name: String

        init(of path: String) throws(ControlError) {
            let slash = path.lastIndex(of: "/")
            let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            name = slash.map { String(path[path.index(after: $0)...]) } ?? path
            descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .system("open", directory) }
        }

        deinit { close(descriptor) }

        func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
            guard let address = UnixAddress(path: "/proc/self/fd/\(descriptor)/\(name)") else {
                errno = ENAMETOOLONG
                return -1
            }
            return address.pass(to: body)
        }
    }
}
