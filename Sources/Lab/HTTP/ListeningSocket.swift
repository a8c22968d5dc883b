import Glibc
import WatchCore

/// A TCP socket that listens on a loopback address.
final class ListeningSocket: Sendable {
    let descriptor: Int32
    /// The port that it got.
    let port: UInt16

    /// Listens.
    ///
    /// - Parameters:
    ///   - host: a literal loopback address.
    ///   - port: 0 for any free one.
    /// - Throws: `notLoopback`; `system`, as when the port is taken.
    init(host: String, port: UInt16) throws(LabError) {
        guard let address = IPAddress(host), address.reach == .loopback else { throw .notLoopback(host) }
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .last("socket") }
        do {
            self.port = try Self.listen(descriptor, on: address, port: port)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Takes one connection; nil when there is none any more.
    func accept() -> Int32? {
        let connection = accept4(descriptor)
        return connection >= 0 ? connection : nil
    }

    private func accept4(_ listener: Int32) -> Int32 {
        let connection = Glibc.accept(listener, nil, nil)
        guard connection >= 0 else { return -1 }
        // Glibc's module lacks accept4; the lab spawns children only from the thread of its demo.
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return connection
    }

    private static func listen(_ descriptor: Int32, on address: IPAddress, port: UInt16) throws(LabError) -> UInt16 {
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var storage = SocketAddress(address, port: port)
        guard storage.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
            throw .last("bind \(address) port \(port)")
        }
        guard Glibc.listen(descriptor, 128) == 0 else { throw .last("listen") }
        guard storage.withMutablePointer({ getsockname(descriptor, $0, $1) }) == 0 else { throw .last("getsockname") }
        return storage.port
    }
}
