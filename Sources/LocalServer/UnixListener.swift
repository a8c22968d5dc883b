import Glibc
import WatchCore

/// A unix socket that listens; whoever takes its descriptor closes it and removes the file.
enum UnixListener {
    /// Opens a socket of mode 0660 at a path.
    ///
    /// - Throws: `LocalServerError`: `badAddress` for a path that is too long, `addressInUse` when somebody answers there
    ///   or the file is no socket, `notPermitted`, `addressNotHere` when the directory is missing; `system` for anything
    ///   else.
    ///
    /// Source: unix(7), bind(2).
    static func open(_ path: String) throws(LocalServerError) -> Int32 {
        guard let address = UnixAddress(path: path) else {
            throw LocalServerError(.badAddress, "cannot listen on unix:\(path): the path is longer than 107 bytes")
        }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw failure("socket", path) }
        var isBound = address.pass { bind(descriptor, $0, $1) } == 0
        if !isBound, errno == EADDRINUSE, isAbandoned(path, address), unlink(path) == 0 {
            isBound = address.pass { bind(descriptor, $0, $1) } == 0
        }
        // Nobody can connect before listen(2), so the mode is right from the first client on, whatever the umask.
        guard isBound, chmod(path, 0o660) == 0, listen(descriptor, SOMAXCONN) == 0 else {
            defer { close(descriptor) }
            throw failure(isBound ? "listen" : "bind", path)
        }
        return descriptor
    }

    /// Whether the file is a socket at which nobody listens any more.
    private static func isAbandoned(_ path: String, _ address: UnixAddress) -> Bool {
        let before = errno
        defer { errno = before }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        return address.pass { connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
    }

    private static func failure(_ operation: String, _ path: String) -> LocalServerError {
        let error = errno
        let start = "cannot listen on unix:\(path): "
        switch error {
        case EADDRINUSE:
            return LocalServerError(
                .addressInUse, start + "somebody listens there, or the file is no socket; choose another with `listen`")
        case ENOENT:
            return LocalServerError(.addressNotHere, start + "the directory is missing; make it, or change `listen`")
        case EACCES, EPERM, EROFS:
            return LocalServerError(
                .notPermitted, start + "\(String(cString: strerror(error))); the service may write /run/oauthwatch only"
            )
        default:
            return LocalServerError(.system, start + "\(operation): \(String(cString: strerror(error)))")
        }
    }
}
