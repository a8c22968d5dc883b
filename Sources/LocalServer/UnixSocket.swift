import Glibc

/// A unix socket that listens; whoever takes its descriptor closes it and removes the file.
enum UnixSocket {
    /// Opens a socket of mode 0660 at a path.
    ///
    /// - Throws: `LocalServerError`: `badAddress` for a path that is too long, `addressInUse` when somebody answers there
    ///   or the file is no socket, `notPermitted`, `addressNotHere` when the directory is missing; `system` for anything
    ///   else.
    ///
    /// Source: unix(7), bind(2).
    static func open(_ path: String) throws(LocalServerError) -> Int32 {
        guard var address = address(of: path) else {
            throw LocalServerError(.badAddress, "cannot listen on unix:\(path): the path is longer than 107 bytes")
        }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw failure("socket", path) }
        var isBound = withGeneric(&address) { bind(descriptor, $0, $1) } == 0
        if !isBound, errno == EADDRINUSE, isAbandoned(path, &address), unlink(path) == 0 {
            isBound = withGeneric(&address) { bind(descriptor, $0, $1) } == 0
        }
        // Nobody can connect before listen(2), so the mode is right from the first client on, whatever the umask.
        guard isBound, chmod(path, 0o660) == 0, listen(descriptor, SOMAXCONN) == 0 else {
            defer { close(descriptor) }
            throw failure(isBound ? "listen" : "bind", path)
        }
        return descriptor
    }

    /// Whether the file is a socket at which nobody listens any more.
    private static func isAbandoned(_ path: String, _ address: inout sockaddr_un) -> Bool {
        let before = errno
        defer { errno = before }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        return withGeneric(&address) { connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
    }

    private static func address(of path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return address
    }

    private static func withGeneric(
        _ address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
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
