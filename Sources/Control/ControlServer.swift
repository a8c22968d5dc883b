import Glibc
internal import JSONReader
internal import Synchronization
package import WatchCore

/// Answers a request to the running daemon. It may wait; the run of no target waits for it.
package typealias ControlHandler = @Sendable (JSON) async -> JSON

/// The socket through which the operator's commands reach the running daemon: a connection brings one line of JSON and
/// takes one line of JSON.
///
/// Only root and the user who runs the daemon are heard: the socket's mode says so, and so does a look at who connects.
package final class ControlServer: Sendable {
    private struct Running {
        var thread: pthread_t
        var stop: Int32
    }

    private let running: Mutex<Running?>
    private let path: String

    /// Listens and answers from threads of its own until `stop`.
    ///
    /// - Parameters:
    ///   - path: where the socket is made, in a directory that is there; what is left there of an earlier process is
    ///     replaced.
    ///   - handler: answers each request.
    /// - Throws: `ControlError`: `inUse`, `notPermitted`, `system`.
    package init(path: String, handler: @escaping ControlHandler) throws(ControlError) {
        let listener = try UnixSocket.listen(at: path)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            defer { close(listener) }
            throw .system("pipe", path)
        }
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        let loop = ControlLoop(listener: listener, stop: ends[0], handler: handler)
        guard let thread = ControlThread.start({ loop.run() }) else {
            ([listener] + ends).forEach { close($0) }
            throw ControlError(.system, "\(path): no further thread")
        }
        self.path = path
        running = Mutex(Running(thread: thread, stop: ends[1]))
    }

    deinit { stop() }

    /// Listens no more and removes the socket; a second call does nothing.
    package func stop() {
        guard let running = running.withLock({ $0.take() }) else { return }
        close(running.stop)
        pthread_join(running.thread, nil)
        unlink(path)
    }
}

/// Accepts connections, and hears each on a thread of its own.
private final class ControlLoop: Sendable {
    /// Connections that are heard at once.
    private static let limit = 16
    /// Milliseconds until a connection that could not be taken is tried again.
    private static let pause: Int32 = 100
    private static let requestTime = Duration.seconds(5)
    private static let answerTime = Duration.seconds(120)

    private let listener: Int32
    private let stop: Int32
    private let handler: ControlHandler
    private let count = Mutex(0)

    init(listener: Int32, stop: Int32, handler: @escaping ControlHandler) {
        self.listener = listener
        self.stop = stop
        self.handler = handler
    }

    /// Until the other end of `stop` is closed.
    func run() {
        defer { [listener, stop].forEach { close($0) } }
        while true {
            var watched = [listener, stop].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if poll(&watched, 2, -1) < 0 && errno != EINTR { return }
            if watched[1].revents != 0 { return }
            guard watched[0].revents != 0 else { continue }
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else {
                // Who waits there goes on waiting while there is no descriptor for him: look again in a moment.
                poll(&watched[1], 1, Self.pause)
                continue
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            begin(connection)
        }
    }

    private func begin(_ connection: Int32) {
        let isAdmitted = count.withLock { count in
            guard count < Self.limit else { return false }
            count += 1
            return true
        }
        if isAdmitted, let thread = ControlThread.start({ self.hear(connection) }) {
            pthread_detach(thread)
            return
        }
        close(connection)
        if isAdmitted { count.withLock { $0 -= 1 } }
    }

    private func hear(_ connection: Int32) {
        defer { count.withLock { $0 -= 1 } }
        let peer = UnixSocket.peer(of: connection)
        let isWelcome = peer == 0 || peer == geteuid()
        let line = LineSocket(dup(connection), timeout: Self.requestTime).read()
        let answer: JSON
        if !isWelcome {
            answer = ControlAnswer.refused("only root and the user who runs the daemon may")
        } else if let line, let request = try? JSON(parsing: line) {
            answer = Self.wait { [handler] in await handler(request) }
        } else {
            answer = ControlAnswer.refused("one line of JSON is expected")
        }
        LineSocket(connection, timeout: Self.answerTime).write(answer.bytes())
    }

    /// Waits on this thread, which is nobody else's, for something asynchronous.
    private static func wait(for body: @escaping @Sendable () async -> JSON) -> JSON {
        let bell = Bell()
        Task.detached { bell.ring(await body()) }
        return bell.wait()
    }
}

/// Where a thread waits for a value.
private final class Bell: Sendable {
    private let value = Mutex<JSON?>(nil)
    private let semaphore = Semaphore()

    func ring(_ json: JSON) {
        value.withLock { $0 = json }
        semaphore.signal()
    }

    func wait() -> JSON {
        semaphore.wait()
        return value.withLock { $0 } ?? .null
    }
}
