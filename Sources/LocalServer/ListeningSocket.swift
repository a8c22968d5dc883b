import Glibc
import WatchCore

/// A TCP socket that listens; whoever takes its descriptor closes it.
enum ListeningSocket {
    /// Opens a socket on `host` and `port`.
    ///
    /// - Throws: `LocalServerError`: `badAddress` when `host` is no address; `addressInUse`, `addressNotHere` and
    ///   `notPermitted` as bind(2) says; `system` for anything else.
    ///
    /// Source: ip(7), ipv6(7), bind(2).
    static func open(host: String, port: UInt16) throws(LocalServerError) -> Int32 {
        guard let address = IPAddress(host == "localhost" ? "127.0.0.1" : host) else {
            throw LocalServerError(
                .badAddress,
                "cannot listen on \(host):\(port): not an IP address; write `127.0.0.1:\(port)` or `[::1]:\(port)`")
        }
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw failure("socket", address, port) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard SocketAddress.with(address, port: port, { bind(descriptor, $0, $1) }) == 0 else {
            defer { close(descriptor) }
            throw failure("bind", address, port)
        }
        guard listen(descriptor, SOMAXCONN) == 0 else {
            defer { close(descriptor) }
            throw failure("listen", address, port)
        }
        return descriptor
    }

    /// The port that a socket is bound to; nil when it is no TCP socket.
    static func port(of descriptor: Int32) -> UInt16? { SocketAddress.of(descriptor, getsockname)?.port }

    /// Whether a descriptor is a stream socket, of any family, that listens.
    ///
    /// Source: socket(7), SO_ACCEPTCONN and SO_TYPE.
    static func listens(_ descriptor: Int32) -> Bool {
        option(SO_ACCEPTCONN, of: descriptor) == 1 && option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue)
    }

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    private static func failure(_ operation: String, _ address: IPAddress, _ port: UInt16) -> LocalServerError {
        let error = errno
        let place = address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        let start = "cannot listen on \(place): "
        switch error {
        case EADDRINUSE:
            return LocalServerError(
                .addressInUse,
                start + "another program listens there (`ss -ltnp 'sport = :\(port)'` names it); "
                    + "stop it or choose another port with `listen`")
        case EADDRNOTAVAIL:
            return LocalServerError(
                .addressNotHere, start + "no interface of this machine has that address; change `listen`")
        case EACCES:
            return LocalServerError(
                .notPermitted, start + "not permitted; choose a port above 1023 with `listen`")
        default:
            return LocalServerError(.system, start + "\(operation): \(String(cString: strerror(error)))")
        }
    }
}
