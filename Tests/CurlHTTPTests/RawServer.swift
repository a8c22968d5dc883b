import Glibc
import Synchronization

/// A server on 127.0.0.1 that does to each connection exactly what a test says, on threads of its own.
final class RawServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted: Mutex<Int>

    /// Starts listening; `handle` is called for each connection on a thread of its own, which closes it afterwards.
    init(_ handle: @escaping @Sendable (RawConnection) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard bound else { throw ServerFailure(operation: "listen", number: errno) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        accepted = Mutex(0)
        startThread { [self] in
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                accepted.withLock { $0 += 1 }
                startThread {
                    let connection = RawConnection(socket)
                    handle(connection)
                    connection.close()
                }
            }
            // Here and not in `stop`: this thread must not accept for a later server that gets the same number.
            Glibc.close(listener)
        }
    }

    /// How many connections were accepted so far.
    var connections: Int { accepted.withLock { $0 } }

    /// Takes no more connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }
}

struct ServerFailure: Error {
    var operation: String
    var number: Int32
}

/// One connection of a `RawServer`; used by its own thread only.
final class RawConnection {
    private var socket: Int32

    init(_ socket: Int32) { self.socket = socket }

    /// Reads one request with its body; nil when the peer has closed.
    func readRequest() -> String? {
        var text = ""
        while !text.contains("\r\n\r\n") || missing(text) > 0 {
            guard let more = readSome() else { return nil }
            text += more
        }
        return text
    }

    /// Writes all of it; false when the peer is gone.
    @discardableResult
    func write(_ text: String) -> Bool { write(bytes: Array(text.utf8)) }

    /// Writes all of it; false when the peer is gone.
    @discardableResult
    func write(bytes: [UInt8]) -> Bool {
        var bytes = ArraySlice(bytes)
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    /// Answers with a length, and leaves the connection open.
    @discardableResult
    func answer(_ body: String, status: String = "200 OK", fields: String = "") -> Bool {
        write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }

    /// Passes over what comes until the peer closes, or until nothing came for `milliseconds`; true when it has closed.
    @discardableResult
    func waitForEnd(milliseconds: Int32 = -1) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, milliseconds) > 0 { if readSome() == nil { return true } }
        return false
    }

    /// Carries bytes both ways between the peer and a server on 127.0.0.1, until one of them closes.
    func tunnel(to port: UInt16) {
        let other = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { Glibc.close(other) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return }
        var ends = [socket, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&ends, 2, -1) > 0 {
            for (index, end) in ends.enumerated() where end.revents != 0 {
                guard carry(from: end.fd, to: ends[1 - index].fd) else { return }
            }
        }
    }

    private func carry(from: Int32, to: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = recv(from, buffer.baseAddress, buffer.count, 0)
            return count > 0 && send(to, buffer.baseAddress, count, Int32(MSG_NOSIGNAL)) == count
        }
    }

    /// Closes with a reset instead of an end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }

    func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
    }

    private func readSome() -> String? {
        withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = recv(socket, buffer.baseAddress, buffer.count, 0)
            return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
        }
    }

    private func missing(_ text: String) -> Int {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let field = parts[0].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0
        return length - (parts.count > 1 ? parts[1].utf8.count : 0)
    }
}

/// Runs `body` on a detached thread.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    pthread_create(
        &thread, nil,
        { context in
            guard let context else { return nil }
            pthread_detach(pthread_self())
            Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
}
