import CMicroHTTPD
import Glibc
import Synchronization
import WatchCore

/// Runs libmicrohttpd on one thread of our own: it sleeps until a socket has work or a connection is late, so an idle
/// server costs nothing, and the deadlines need no lock.
///
/// Unchecked: `init` runs on the creator's thread before the server's thread exists; from `run` on only that thread
/// touches the mutable state.
final class ServerLoop: @unchecked Sendable {
    private let policy: Mutex<RequestPolicy>
    private let clock: any WatchClock
    private let stop: StopPipe
    private var connections: ConnectionTable
    private var daemon: OpaquePointer?

    /// Starts a daemon on a listening socket; nothing is accepted before `run`.
    ///
    /// - Parameters:
    ///   - listener: a listening socket; owned by the daemon unless this returns nil.
    ///   - stop: ends `run`.
    ///   - policy: answers requests.
    ///   - limits: what clients may cost.
    ///   - clock: tells when a connection is late.
    /// - Returns: nil when libmicrohttpd refuses for lack of memory or descriptors.
    init?(listener: Int32, stop: StopPipe, policy: RequestPolicy, limits: LocalServerLimits, clock: any WatchClock) {
        self.policy = Mutex(policy)
        self.clock = clock
        self.stop = stop
        connections = ConnectionTable(limits: limits)
        // A newcomer is accepted before an old connection leaves, so the library may hold twice as many.
        let options = [
            MHD_OptionItem(option: .LISTEN_SOCKET, value: Int(listener), ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_LIMIT, value: limits.connections * 2, ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_MEMORY_LIMIT, value: limits.headerMemory, ptr_value: nil),
            MHD_OptionItem(option: .END, value: 0, ptr_value: nil),
        ]
        // Unretained: `run` holds the loop for as long as the daemon lives.
        let context = Unmanaged.passUnretained(self).toOpaque()
        daemon = startDaemon(MHD_USE_EPOLL.rawValue, answerRequest, noteConnection, keepEscapes, context, options)
        if daemon == nil { return nil }
    }

    deinit { stopDaemon() }

    /// Takes other rules, from any thread.
    func answer(by policy: RequestPolicy) { self.policy.withLock { $0 = policy } }

    /// Who has connected before the stop is answered within this time.
    private static let grace = Duration.seconds(2)

    /// Serves until told to stop, then answers who is connected already, and closes every connection and the listener.
    func run() {
        defer { stopDaemon() }
        guard let daemon else { return }
        var watched = [daemonDescriptor(daemon), stop.readingEnd].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while watched[1].revents == 0 {
            let count = poll(&watched, nfds_t(watched.count), timeout(daemon))
            if count < 0 && errno != EINTR { return }
            MHD_run(daemon)
            if count > 0 { waitForDescriptors() }
            connections.takeLate(at: clock.now).forEach(Self.cut)
        }
        drain(daemon)
    }

    /// Who waits to be accepted goes on waiting while the process has no descriptor for him, and the library tries in vain
    /// without a pause: a moment for others to close theirs.
    private func waitForDescriptors() {
        let spare = dup(stop.readingEnd)
        if spare >= 0 { close(spare) } else { usleep(Self.pause) }
    }

    /// Microseconds.
    private static let pause: UInt32 = 50_000

    /// Accepts nobody any more, and goes on until nobody is left or the grace is over. Whoever has not been accepted yet
    /// waits for the next process, where the listener is shared with the service manager.
    private func drain(_ daemon: OpaquePointer) {
        let listener = MHD_quiesce_daemon(daemon)
        guard listener >= 0 else { return }
        defer { close(listener) }
        let clock = SystemClock()
        let end = clock.now + Self.grace
        var watched = pollfd(fd: daemonDescriptor(daemon), events: Int16(POLLIN), revents: 0)
        while connections.count > 0, clock.now < end {
            if poll(&watched, 1, 50) < 0 && errno != EINTR { return }
            MHD_run(daemon)
        }
    }

    /// Milliseconds until something has to be done; -1 when nothing has.
    private func timeout(_ daemon: OpaquePointer) -> Int32 {
        var milliseconds: UInt64 = 0
        let library = MHD_get_timeout(daemon, &milliseconds) == .YES ? Int64(clamping: milliseconds) : nil
        // Rounded up: waking a fraction too early would spin.
        let late = connections.nextDeadline.map { max(0, ($0 - clock.now).nanoseconds / 1_000_000 + 1) }
        return [library, late].compactMap { $0 }.min().map { Int32(clamping: $0) } ?? -1
    }

    fileprivate func opened(_ connection: OpaquePointer) {
        let descriptor = connectionDescriptor(connection)
        let address = SocketAddress.of(descriptor, getpeername)?.address
        connections.admit(descriptor, from: address, at: clock.now).forEach(Self.cut)
    }

    fileprivate func closed(_ connection: OpaquePointer) { connections.remove(connectionDescriptor(connection)) }

    fileprivate func answer(_ connection: OpaquePointer, method: String, path: String) -> MHD_Result {
        connections.answer(connectionDescriptor(connection))
        let request = LocalRequest(
            method: method, path: PercentEncoding.decode(path),
            query: values(connection, .GET_ARGUMENT_KIND).map {
                FormPair(PercentEncoding.decode($0.name), PercentEncoding.decode($0.value))
            },
            fields: HTTPFields(values(connection, .HEADER_KIND)))
        return queue(policy.withLock { $0 }.answer(request), on: connection)
    }

    private func values(_ connection: OpaquePointer, _ kind: MHD_ValueKind) -> [HTTPFields.Field] {
        var fields: [HTTPFields.Field] = []
        _ = withUnsafeMutablePointer(to: &fields) { MHD_get_connection_values(connection, kind, collectField, $0) }
        return fields
    }

    private func queue(_ response: LocalResponse, on connection: OpaquePointer) -> MHD_Result {
        let handle = response.body.withUnsafeBytes { bytes in
            // The library copies; it takes the pointer as mutable for its other modes only.
            MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let handle else { return .NO }
        defer { MHD_destroy_response(handle) }
        MHD_add_response_header(handle, "Content-Type", response.contentType)
        for field in response.fields.fields { MHD_add_response_header(handle, field.name, field.value) }
        return MHD_queue_response(connection, UInt32(clamping: response.status), handle)
    }

    /// Ends a connection; the library notices at its next turn and closes the descriptor then, not before.
    private static func cut(_ descriptor: Int32) { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func stopDaemon() {
        daemon.map(MHD_stop_daemon)
        daemon = nil
    }
}

/// MHD_AccessHandlerCallback: first called when the header is whole. The answer is queued at once, so a body is never read.
private func answerRequest(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?,
    uploadSize: UnsafeMutablePointer<Int>?, state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let url, let method else { return .NO }
    let loop = Unmanaged<ServerLoop>.fromOpaque(context).takeUnretainedValue()
    return loop.answer(connection, method: String(cString: method), path: String(cString: url))
}

/// MHD_NotifyConnectionCallback.
private func noteConnection(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, code: MHD_ConnectionNotificationCode
) {
    guard let context, let connection else { return }
    let loop = Unmanaged<ServerLoop>.fromOpaque(context).takeUnretainedValue()
    if code == .CONNECTION_NOTIFY_STARTED { loop.opened(connection) } else { loop.closed(connection) }
}

/// Leaves escapes as they are: decoded here, `%00` would cut a path short.
private func keepEscapes(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, text: UnsafeMutablePointer<CChar>?
) -> Int {
    text.map { strlen($0) } ?? 0
}

/// MHD_KeyValueIterator: appends to the array of fields that `context` points to.
private func collectField(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, key: UnsafePointer<CChar>?, value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let context, let key else { return .YES }
    let fields = context.assumingMemoryBound(to: [HTTPFields.Field].self)
    fields.pointee.append(HTTPFields.Field(String(cString: key), value.map { String(cString: $0) } ?? ""))
    return .YES
}
