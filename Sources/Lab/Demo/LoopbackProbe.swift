import Glibc
import WatchCore

/// Asks a local server one thing, as `curl` would.
struct LoopbackProbe: Sendable {
    let port: UInt16

    /// GETs a path.
    ///
    /// - Returns: status and body; nil when nobody answers within two seconds.
    func get(_ path: String) -> (status: Int, body: String)? {
        guard let address = IPAddress("127.0.0.1") else { return nil }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard SocketAddress(address, port: port).withPointer({ connect(descriptor, $0, $1) }) == 0 else { return nil }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        return Self.read(everything(from: descriptor))
    }

    private func everything(from descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < 1 << 20 {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func read(_ text: String) -> (status: Int, body: String)? {
        let line = text.prefix { !$0.isNewline }.split(separator: " ")
        guard line.count >= 2, let status = Int(line[1]) else { return nil }
        let body = text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
        return (status, body)
    }
}
