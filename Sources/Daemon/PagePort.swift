import Config
import LocalServer
import Synchronization
import WatchCore

/// Where the pages are served. A reload may move it, unless the service manager has handed over the sockets.
final class PagePort: Sendable {
    private struct Open {
        /// nil when the sockets were handed over.
        var listen: ListenAddress?
        var servers: [LocalServer]
    }

    /// What a reload changes, prepared so that it cannot fail any more.
    struct Move {
        fileprivate var next: Configuration
        /// Listens at the new place; nil when the place stays.
        fileprivate var server: LocalServer?
    }

    private let pages: Pages
    private let clock: any WatchClock
    private let open: Mutex<Open>

    /// Serves the pages.
    ///
    /// - Parameters:
    ///   - configuration: says where, unless there are sockets.
    ///   - sockets: descriptors that listen, from socket activation; empty without it.
    ///   - pages: what is served.
    ///   - clock: tells when a client is late.
    /// - Throws: `LocalServerError` when it cannot listen.
    init(
        _ configuration: Configuration, sockets: [Int32], pages: Pages, clock: any WatchClock
    ) throws(LocalServerError) {
        self.pages = pages
        self.clock = clock
        var servers: [LocalServer] = []
        for socket in sockets {
            servers.append(
                try LocalServer(
                    adopting: socket, allowedHosts: configuration.allowedHosts, clock: clock, routes: pages.routes,
                    actions: pages.actions(configuration)))
        }
        if servers.isEmpty { servers = [try Self.listen(configuration, pages, clock)] }
        open = Mutex(Open(listen: sockets.isEmpty ? configuration.listen : nil, servers: servers))
    }

    /// Where the pages are, for the log.
    var place: String {
        open.withLock { open in
            switch open.listen {
            case .port(let host, _): ListenAddress.port(host: host, port: open.servers.first?.port ?? 0).description
            case .unix(let path): "unix:\(path)"
            case nil: "\(open.servers.count) socket(s) of the service manager"
            }
        }
    }

    /// Opens the new place, when there is one.
    ///
    /// - Throws: `ReloadRefusal` when it cannot listen there; nothing has changed then.
    func prepare(_ next: Configuration) throws(ReloadRefusal) -> Move {
        let stays = open.withLock { $0.listen == nil || $0.listen == next.listen }
        if stays { return Move(next: next, server: nil) }
        do { return Move(next: next, server: try Self.listen(next, pages, clock)) } catch {
            throw ReloadRefusal(problems: [error.description])
        }
    }

    /// Moves to the new place, and serves by the new rules.
    func commit(_ move: Move) {
        let left = open.withLock { open in
            defer { if let server = move.server { open = Open(listen: move.next.listen, servers: [server]) } }
            guard move.server != nil else {
                for server in open.servers {
                    server.update(
                        allowedHosts: move.next.allowedHosts, routes: pages.routes, actions: pages.actions(move.next))
                }
                return [LocalServer]()
            }
            return open.servers
        }
        left.forEach { $0.stop() }
    }

    /// Closes the port, or leaves the sockets to the service manager.
    func stop() { open.withLock { $0.servers }.forEach { $0.stop() } }

    private static func listen(
        _ configuration: Configuration, _ pages: Pages, _ clock: any WatchClock
    ) throws(LocalServerError) -> LocalServer {
        let (hosts, actions) = (configuration.allowedHosts, pages.actions(configuration))
        switch configuration.listen {
        case .port(let host, let port):
            return try LocalServer(
                listen: (host, port), allowedHosts: hosts, clock: clock, routes: pages.routes, actions: actions)
        case .unix(let path):
            return try LocalServer(
                path: path, allowedHosts: hosts, clock: clock, routes: pages.routes, actions: actions)
        }
    }
}
