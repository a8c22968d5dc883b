import Glibc
import Synchronization
package import WatchCore

/// The daemon's local HTTP port: metrics, health and pages for this machine. It serves from its own thread until
/// `stop` is called or the last reference goes.
package final class LocalServer: Sendable {
    /// The names of this machine that a browser or scraper may use, with any port.
    package static let loopbackNames = ["localhost", "127.0.0.1", "[::1]"]

    /// The port that it listens on; 0 on a unix socket.
    package let port: UInt16

    private struct Running {
        var thread: pthread_t
        var pipe: StopPipe
    }

    private let running: Mutex<Running?>
    private let loop: ServerLoop
    /// The unix socket's file, when it is ours to remove.
    private let file: String?

    /// Listens on an address and serves.
    ///
    /// - Parameters:
    ///   - listen: an IP address, or `localhost`, and a port; port 0 takes a free one.
    ///   - allowedHosts: names that `Host` and `Origin` may carry, with any port.
    ///   - limits: what clients may cost.
    ///   - clock: tells when a connection is late.
    ///   - routes: what answers GET for each path; run on the server's thread, so they never wait.
    ///   - actions: what answers POST, likewise.
    /// - Throws: `LocalServerError`: `badAddress`, `addressInUse`, `addressNotHere`, `notPermitted`; `system` when the
    ///   machine refuses sockets, memory or a thread.
    package convenience init(
        listen: (host: String, port: UInt16), allowedHosts: [String] = loopbackNames,
        limits: LocalServerLimits = LocalServerLimits(), clock: any WatchClock = SystemClock(),
        routes: [String: LocalRoute], actions: [String: LocalRoute] = [:]
    ) throws(LocalServerError) {
        let listener = try ListeningSocket.open(host: listen.host, port: listen.port)
        try self.init(
            listener, file: nil, limits, clock,
            RequestPolicy(allowedHosts: allowedHosts, routes: routes, actions: actions))
    }

    /// Listens on a unix socket of mode 0660 and serves. The file is removed when the server stops; one that a dead
    /// process left behind is replaced.
    ///
    /// - Parameters:
    ///   - path: an absolute path of at most 107 bytes, whose directory exists.
    ///   - allowedHosts, limits, clock, routes, actions: as for a port.
    /// - Throws: `LocalServerError`: `badAddress`, `addressInUse` when somebody answers there or the file is no socket,
    ///   `notPermitted`; `system` for anything else.
    package convenience init(
        path: String, allowedHosts: [String] = loopbackNames, limits: LocalServerLimits = LocalServerLimits(),
        clock: any WatchClock = SystemClock(), routes: [String: LocalRoute], actions: [String: LocalRoute] = [:]
    ) throws(LocalServerError) {
        let listener = try UnixListener.open(path)
        try self.init(
            listener, file: path, limits, clock,
            RequestPolicy(allowedHosts: allowedHosts, routes: routes, actions: actions))
    }

    /// Serves on a socket that listens already, as from socket activation; it goes on listening after `stop` where
    /// somebody else holds it, too.
    ///
    /// - Parameters:
    ///   - adopting: the descriptor; closed by the server, whether it starts or not.
    ///   - allowedHosts, limits, clock, routes, actions: as for a port.
    /// - Throws: `LocalServerError`: `badAddress` when it is no stream socket that listens; `system` when the machine
    ///   refuses memory, descriptors or a thread.
    package convenience init(
        adopting listener: Int32, allowedHosts: [String] = loopbackNames,
        limits: LocalServerLimits = LocalServerLimits(), clock: any WatchClock = SystemClock(),
        routes: [String: LocalRoute], actions: [String: LocalRoute] = [:]
    ) throws(LocalServerError) {
        guard ListeningSocket.listens(listener) else {
            close(listener)
            throw LocalServerError(
                .badAddress, "cannot serve on descriptor \(listener): it is no stream socket that listens")
        }
        // Another process set it up, maybe to wait in accept(2), which the one thread here must never do.
        _ = fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK)
        try self.init(
            listener, file: nil, limits, clock,
            RequestPolicy(allowedHosts: allowedHosts, routes: routes, actions: actions))
    }

    private init(
        _ listener: Int32, file: String?, _ limits: LocalServerLimits, _ clock: any WatchClock, _ policy: RequestPolicy
    ) throws(LocalServerError) {
        let port = ListeningSocket.port(of: listener) ?? 0
        guard let pipe = StopPipe.open() else {
            close(listener)
            throw LocalServerError(.system, "pipe: \(String(cString: strerror(errno)))")
        }
        let loop = ServerLoop(listener: listener, stop: pipe, policy: policy, limits: limits, clock: clock)
        guard let loop else {
            close(listener)
            throw Self.notStarted("libmicrohttpd has not enough memory or descriptors", pipe)
        }
        guard let thread = ServerThread.start(loop) else { throw Self.notStarted("no further thread", pipe) }
        self.port = port
        self.loop = loop
        self.file = file
        running = Mutex(Running(thread: thread, pipe: pipe))
    }

    /// Answers by other rules from the next request on.
    ///
    /// - Parameters:
    ///   - allowedHosts: names that `Host` and `Origin` may carry, with any port.
    ///   - routes: what answers GET.
    ///   - actions: what answers POST.
    package func update(
        allowedHosts: [String], routes: [String: LocalRoute], actions: [String: LocalRoute] = [:]
    ) {
        loop.answer(by: RequestPolicy(allowedHosts: allowedHosts, routes: routes, actions: actions))
    }

    deinit { stop() }

    /// Closes the port, answers who is connected already, and waits until the thread has ended; a second call does
    /// nothing. It takes as long as the route that is being answered, and up to 2 s for clients that are slow; it must not
    /// be called from a route.
    package func stop() {
        guard let running = running.withLock({ $0.take() }) else { return }
        // First the name, so that no newcomer waits at a socket that nobody serves.
        if let file { unlink(file) }
        running.pipe.signal()
        pthread_join(running.thread, nil)
        running.pipe.discard()
    }

    private static func notStarted(_ reason: String, _ pipe: StopPipe) -> LocalServerError {
        pipe.signal()
        pipe.discard()
        return LocalServerError(.system, "the local server does not start: \(reason)")
    }
}
