import Synchronization
package import WatchCore

/// Sends the requests of one run through libcurl: HTTP/1.1 and 2 over connections that are reused within the run and
/// closed with it.
///
/// It follows no redirect, keeps no cookie, reads neither the environment's proxy nor netrc, always verifies TLS, takes
/// 64 KiB of header and 1 MiB of decoded body, accepts gzip, and asks the address policy before each connection. User
/// information in a URL is not sent. A request whose method may not be repeated is never sent twice.
package struct CurlTransport: HTTPTransport {
    private let lease: Lease
    private let options: TransferOptions

    /// A transport for one run.
    ///
    /// - Parameters:
    ///   - driver: the process's driver.
    ///   - settings: how connections are made; `headers` is left to `Egress`, which knows whom they are for.
    ///   - timeout: time for one request, from connect to last byte.
    ///   - addressPolicy: asked on the driver's thread before each connection; it must not block. With a proxy it is
    ///     asked about literal addresses only, since the proxy connects.
    ///   - userAgent: sent unless a request has its own.
    ///   - longestIdle: whole seconds; a connection that was idle for longer is not used again. The default is below
    ///     the five seconds after which common servers close one, maybe just as we use it.
    package init(
        driver: CurlDriver, settings: ConnectionSettings, timeout: Duration, addressPolicy: any AddressPolicy,
        userAgent: String, longestIdle: Duration = .seconds(4)
    ) {
        lease = Lease(driver)
        options = TransferOptions(
            settings: settings, timeout: timeout, policy: addressPolicy, userAgent: userAgent, longestIdle: longestIdle)
    }

    package func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        try refuseUnsendable(request)
        do throws(TransportFailure) {
            return try await transfer(request)
        } catch {
            guard error.kind == .nameNotFound, !Task.isCancelled,
                !(await ResolverProbe(.current).isAnswered())
            else { throw error }
            throw TransportFailure(
                .resolverUnreachable,
                "\(request.url.host): no name server of this machine answers, not even to the simplest question")
        }
    }

    private func transfer(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let transfer = Transfer(request, options: options, pool: lease.pool, continuation: continuation)
                cancellation.arm(transfer)
                if lease.driver.submit(.start(transfer)) { return }
                transfer.resume(.failure(TransportFailure(.cancelled, "the monitor is stopping")))
            }
        } onCancel: {
            if let transfer = cancellation.fire() { _ = lease.driver.submit(.cancel(transfer)) }
        }.get()
    }

    private func refuseUnsendable(_ request: HTTPRequest) throws(TransportFailure) {
        let origin = request.url.origin
        for field in request.fields.fields where Self.holdsLineEnd(field.name) || Self.holdsLineEnd(field.value) {
            throw TransportFailure(.malformed, "\(origin): the header field \(field.name.oneLine) holds a line end")
        }
        if options.settings.proxy != nil, let address = IPAddress(origin.host),
            !options.policy.permits(address, port: origin.port, for: origin)
        {
            throw FailureReport.refusal(of: address, for: origin)
        }
    }

    private static func holdsLineEnd(_ text: String) -> Bool {
        func endsLine(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 || byte == 0 }
        return text.utf8.withContiguousStorageIfAvailable { $0.contains(where: endsLine) }
            ?? text.utf8.contains(where: endsLine)
    }
}

/// The connections of one transport; closed when the last copy of the transport is gone.
private final class Lease: Sendable {
    let driver: CurlDriver
    let pool = ConnectionPool()

    init(_ driver: CurlDriver) { self.driver = driver }

    deinit {
        // When the driver was stopped, its thread has ended, and the pool closes with its last owner.
        _ = driver.submit(.close(pool))
    }
}

/// Links a task's cancellation to its transfer, whichever comes first.
private final class Cancellation: Sendable {
    private let state = Mutex<(transfer: Transfer?, isCancelled: Bool)>((nil, false))

    /// The task has its transfer; when the task was cancelled before, the transfer will not start.
    func arm(_ transfer: Transfer) {
        let isCancelled = state.withLock { state in
            state.transfer = transfer
            return state.isCancelled
        }
        if isCancelled { transfer.cancelled.store(true, ordering: .releasing) }
    }

    /// The task was cancelled.
    ///
    /// - Returns: the transfer to end; nil when there is none yet.
    func fire() -> Transfer? {
        state.withLock { state in
            state.isCancelled = true
            state.transfer?.cancelled.store(true, ordering: .releasing)
            return state.transfer
        }
    }
}
