import Glibc
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
        let transfer = Transfer(request, options: options, pool: lease.pool)
        let driver = lease.driver
        await withTaskCancellationHandler {
            // The transfer wakes its asker once, whatever comes; there is nothing to be checked.
            await withUnsafeContinuation { asker in
                transfer.wake(asker)
                if driver.submit(.start(transfer)) { return }
                transfer.resume(.failure(TransportFailure(.cancelled, "the monitor is stopping")))
            }
        } onCancel: {
            // When it comes before the transfer, that will not start.
            transfer.cancelled.store(true, ordering: .releasing)
            _ = driver.submit(.cancel(transfer))
        }
        switch transfer.takeResult() {
        case .success(let response): return response
        case .failure(let failure): throw await explained(failure, of: request.url.host)
        }
    }

    /// The same failure, unless it is the resolver's rather than the name's.
    private func explained(_ failure: TransportFailure, of host: String) async -> TransportFailure {
        guard failure.kind == .nameNotFound, !Task.isCancelled, !(await ResolverProbe(.current).isAnswered())
        else { return failure }
        return TransportFailure(
            .resolverUnreachable, "\(host): no name server of this machine answers, not even to the simplest question")
    }

    private func refuseUnsendable(_ request: HTTPRequest) throws(TransportFailure) {
        let origin = request.url.origin
        for field in request.fields.fields where Self.holdsLineEnd(field.name) || Self.holdsLineEnd(field.value) {
            throw TransportFailure(.malformed, "\(origin): the header field \(field.name.oneLine) holds a line end")
        }
        if options.hasProxy, let address = IPAddress(origin.host),
            !options.policy.permits(address, port: origin.port, for: origin)
        {
            throw FailureReport.refusal(of: address, for: origin)
        }
    }

    private static func holdsLineEnd(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return false }
            func holds(_ byte: Int32) -> Bool { memchr(start, byte, bytes.count) != nil }
            return holds(10) || holds(13) || holds(0)
        }
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
