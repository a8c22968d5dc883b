import Glibc
import WatchCore

@testable import LocalServer

/// A loopback client that sends bytes as they are given, so that it can misbehave.
final class RawClient {
    enum Failure: Error { case connect(Int32), silent }

    private let descriptor: Int32

    init(port: UInt16, host: String = "127.0.0.1", from source: String? = nil) throws {
        guard let address = IPAddress(host) else { throw Failure.connect(EINVAL) }
        descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if let source = source.flatMap({ IPAddress($0) }) {
            _ = SocketAddress.with(source, port: 0) { bind(descriptor, $0, $1) }
        }
        let status = SocketAddress.with(address, port: port) { connect(descriptor, $0, $1) }
        // The descriptor is closed by deinit then, too.
        guard status == 0 else { throw Failure.connect(errno) }
    }

    /// A client of a unix socket.
    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { [descriptor] in
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Failure.connect(errno) }
    }

    deinit { close(descriptor) }

    /// Sends; false when the server has hung up.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Waits for the server to say something or hang up.
    ///
    /// - Parameter milliseconds: how long.
    /// - Returns: false when nothing came in that time.
    func hears(within milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) == 1
    }

    /// All that comes until the server hangs up; `Failure.silent` after 10 s without a byte.
    func readAll() throws -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            guard hears(within: 10_000) else { throw Failure.silent }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += buffer[..<count]
        }
    }
}

extension LocalServer {
    /// Sends one request and reads the answer to its end.
    func exchange(
        _ method: String = "GET", _ path: String = "/page", fields: [String] = ["Host: localhost"], body: String = "",
        host: String = "127.0.0.1"
    ) throws -> String {
        let client = try RawClient(port: port, host: host)
        client.send("\(method) \(path) HTTP/1.1\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n\(body)")
        return try client.readAll()
    }
}

extension RawClient {
    /// Sends one request and reads the answer to its end.
    func exchange(_ method: String = "GET", _ path: String = "/page") throws -> String {
        send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try readAll()
    }
}

extension String {
    /// The status of an HTTP answer; -1 when it is none.
    var status: Int { hasPrefix("HTTP/1.1 ") ? Int(dropFirst(9).prefix(3)) ?? -1 : -1 }

    /// What follows the header of an HTTP answer.
    var httpBody: String {
        guard let end = firstRange(of: "\r\n\r\n") else { return "" }
        return String(self[end.upperBound...])
    }

    private func firstRange(of part: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(part) }.map { $0..<index($0, offsetBy: part.count) }
    }
}
