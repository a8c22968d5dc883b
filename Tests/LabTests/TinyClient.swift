import Glibc
import WatchCore

@testable import Lab

/// An HTTP client of a few lines, so that the lab is not judged by code that the product uses too.
final class TinyClient {
    /// What came back.
    struct Answer {
        var status: Int
        var fields: HTTPFields
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What came instead of an answer.
    enum Failure: Error, Equatable {
        case noConnection
        case reset
        /// The other side closed before the end; how many bytes had come.
        case closedEarly(bytes: Int)
        /// Nothing more came in time; how many bytes had come.
        case silence(bytes: Int)
        case noHTTP(String)
    }

    private let port: UInt16
    private let descriptor: Int32

    init(port: UInt16, host: String = "127.0.0.1", patience: Duration = .seconds(20)) throws {
        guard let address = IPAddress(host) else { throw Failure.noConnection }
        self.port = port
        descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let parts = patience.components
        var time = timeval(tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        guard SocketAddress(address, port: port).withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            throw Failure.noConnection
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func ask(_ method: String, _ target: String, _ fields: HTTPFields = [:], body: String? = nil) throws -> Answer {
        var lines = ["\(method) \(target) HTTP/1.1"]
        if fields["Host"] == nil { lines.append("Host: 127.0.0.1:\(port)") }
        lines += fields.fields.map { "\($0.name): \($0.value)" }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        send((lines + ["", ""]).joined(separator: "\r\n") + (body ?? ""))
        return try answer(toHead: method == "HEAD")
    }

    /// Reads one answer to its end.
    func answer(toHead: Bool = false) throws -> Answer {
        var bytes: [UInt8] = []
        while bytes.firstIndex(of: [13, 10, 13, 10]) == nil { try more(&bytes) }
        let end = bytes.firstIndex(of: [13, 10, 13, 10]) ?? 0
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let status, lines[0].hasPrefix("HTTP/1.1 ") else { throw Failure.noHTTP(String(lines.first ?? "")) }
        var fields = HTTPFields()
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            fields.fields.append(.init(String(pair[0]), String(pair[1]).trimmingSpaces))
        }
        var body = Array(bytes[(end + 4)...])
        if toHead || status == 204 { return Answer(status: status, fields: fields, body: body) }
        if fields["Transfer-Encoding"] == "chunked" {
            while true {
                if let whole = try ChunkedBody.decode(body[...], limit: .max / 2) {
                    return Answer(status: status, fields: fields, body: whole.bytes)
                }
                try more(&body)
            }
        }
        let length = fields["Content-Length"].flatMap { Int($0) } ?? 0
        while body.count < length { try more(&body) }
        return Answer(status: status, fields: fields, body: body)
    }

    /// Waits until the other side closes; bytes that come first, or silence, mean that it does not.
    func closes() -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        return count == 0 || (count < 0 && errno == ECONNRESET)
    }

    /// Whether the other side has neither closed nor reset by now.
    func isOpen() -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        return count > 0 || (count < 0 && errno == EAGAIN)
    }

    /// Waits for bytes, and takes those that are there.
    func some() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try more(&bytes)
        return bytes
    }

    /// Reads until `text` has come.
    func read(until text: String) throws -> String {
        var bytes: [UInt8] = []
        while bytes.firstIndex(of: Array(text.utf8)) == nil { try more(&bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func more(_ bytes: inout [UInt8]) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { return bytes += buffer.prefix(count) }
        if count == 0 { throw Failure.closedEarly(bytes: bytes.count) }
        throw errno == ECONNRESET ? Failure.reset : Failure.silence(bytes: bytes.count)
    }
}
