import Glibc

/// A pipe whose closing wakes every thread that waits on a socket.
final class StopSignal: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    /// - Throws: `system` when no pipe is to be had.
    init() throws(LabError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw .last("pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Wakes all, now and for ever: the byte is never read.
    func raise() { _ = write(writeEnd, "x", 1) }

    /// Waits until one of `sockets` is ready.
    ///
    /// - Parameters:
    ///   - sockets: descriptors to wait for.
    ///   - events: `POLLIN` or `POLLOUT`.
    ///   - timeout: nil waits without end.
    /// - Returns: the descriptors that are ready; empty when the time is over; nil when the signal was raised.
    func wait(for sockets: [Int32], _ events: Int32, timeout: Duration?) -> [Int32]? {
        var polled = ([readEnd] + sockets).map { pollfd(fd: $0, events: Int16(events), revents: 0) }
        polled[0].events = Int16(POLLIN)
        let milliseconds = timeout.map { Int32(clamping: $0.components.seconds * 1_000 + $0.milliseconds) } ?? -1
        guard poll(&polled, nfds_t(polled.count), milliseconds) >= 0 else { return errno == EINTR ? [] : nil }
        guard polled[0].revents == 0 else { return nil }
        return polled.dropFirst().filter { $0.revents != 0 }.map(\.fd)
    }
}

extension Duration {
    /// Milliseconds beyond the whole seconds.
    fileprivate var milliseconds: Int64 { components.attoseconds / 1_000_000_000_000_000 }
}
