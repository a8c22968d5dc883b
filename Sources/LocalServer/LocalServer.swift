import Glibc
import Synchronization
package import WatchCore

/// The daemon's local HTTP port: metrics, health and pages for this machine. It serves from its own thread until
/// `stop` is called or the last reference goes.
package final class LocalServer: Sendable {
    /// The names of this machine that a browser or scraper may use, with any port.
    package static let loopbackNames = ["localhost", "127.0.0.1", "[::1]"]

    /// The port that it listens on.
    package let port: UInt16

    private struct Running {
        var thread: pthread_t
        var pipe: StopPipe
    }

    private let running: Mutex<Running?>

    /// Listens on an address and serves.
    ///
    /// - Parameters:
    ///   - listen: an IP address, or `localhost`, and a port; port 0 takes a free one.
    ///   - allowedHosts: names that `Host` and `Origin` may carry, with any port.
    ///   - limits: what clients may cost.
    ///   - clock: tells when a connection is late.
    ///   - routes: what answers each path; run on the server's thread, so they never wait.
    /// - Throws: `LocalServerError`: `badAddress`, `addressInUse`, `addressNotHere`, `notPermitted`; `system` when the
    ///   machine refuses sockets, memory or a thread.
    package convenience init(
        listen: (host: String, port: UInt16), allowedHosts: [String] = loopbackNames,
        limits: LocalServerLimits = LocalServerLimits(), clock: any WatchClock = SystemClock(),
        routes: [String: LocalRoute]
    ) throws(LocalServerError) {
        let listener = try ListeningSocket.open(host: listen.host, port: listen.port)
        try self.init(adopting: listener, allowedHosts: allowedHosts, limits: limits, clock: clock, routes: routes)
    }

    /// Serves on a socket that listens already, as from socket activation.
    ///
    /// - Parameters:
    ///   - adopting: the descriptor; closed by the server, whether it starts or not.
    ///   - allowedHosts: names that `Host` and `Origin` may carry, with any port.
    ///   - limits: what clients may cost.
    ///   - clock: tells when a connection is late.
    ///   - routes: what answers each path; run on the server's thread, so they never wait.
    /// - Throws: `LocalServerError`: `badAddress` when it is no TCP socket; `system` when the machine refuses memory,
    ///   descriptors or a thread.
    package init(
        adopting listener: Int32, allowedHosts: [String] = loopbackNames,
        limits: LocalServerLimits = LocalServerLimits(), clock: any WatchClock = SystemClock(),
        routes: [String: LocalRoute]
    ) throws(LocalServerError) {
        guard let port = ListeningSocket.port(of: listener) else {
            close(listener)
            throw LocalServerError(.badAddress, "cannot serve on descriptor \(listener): it is no TCP socket")
        }
        guard let pipe = StopPipe.open() else {
            close(listener)
            throw LocalServerError(.system, "pipe: \(String(cString: strerror(errno)))")
        }
        let policy = RequestPolicy(allowedHosts: allowedHosts, routes: routes)
        let loop = ServerLoop(listener: listener, stop: pipe, policy: policy, limits: limits, clock: clock)
        guard let loop else {
            close(listener)
            throw Self.notStarted("libmicrohttpd has not enough memory or descriptors", pipe)
        }
        guard let thread = ServerThread.start(loop) else { throw Self.notStarted("no further thread", pipe) }
        self.port = port
        running = Mutex(Running(thread: thread, pipe: pipe))
    }

    deinit { stop() }

    /// Closes the port and every connection, and waits until the thread has ended; a second call does nothing.
    /// It takes as long as the route that is being answered, and must not be called from a route.
    package func stop() {
        guard let running = running.withLock({ $0.take() }) else { return }
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
