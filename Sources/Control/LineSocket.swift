import Glibc
import WatchCore

/// A connected socket on which each side says one line. Every call blocks, up to a deadline.
struct LineSocket: ~Copyable {
    /// Bytes of a line.
    static let limit = 16 << 20

    private let descriptor: Int32
    private let deadline: Instant

    /// Takes over a connected descriptor.
    ///
    /// - Parameters:
    ///   - descriptor: closed in the end.
    ///   - timeout: until everything must be said.
    init(_ descriptor: Int32, timeout: Duration) {
        self.descriptor = descriptor
        deadline = SystemClock().now + timeout
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// The line, without its end.
    ///
    /// - Returns: nil when the other side ends, fails, is late or says more than `limit` bytes before the line ends.
    func read() -> [UInt8]? {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while wait(for: POLLIN) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return nil }
            let came = buffer[..<count]
            // Only in what came now: looking at the whole line each time would make a long one take its square.
            if let end = came.firstIndex(of: 10) { return line + came[..<end] }
            line += came
            guard line.count <= Self.limit else { return nil }
        }
        return nil
    }

    /// Says a line; whether all of it was taken in time.
    @discardableResult
    func write(_ line: [UInt8]) -> Bool {
        var rest = (line + [10])[...]
        while !rest.isEmpty, wait(for: POLLOUT) {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return rest.isEmpty
    }

    private func wait(for event: Int32) -> Bool {
        while true {
            let left = (deadline - SystemClock().now).nanoseconds / 1_000_000
            guard left > 0 else { return false }
            var watched = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            let count = poll(&watched, 1, Int32(clamping: left))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return false }
        }
    }
}
