import Synchronization
package import WatchCore

/// The one door through which every request of a run goes.
///
/// Only http and https pass; requests with a secret in them go to allowed origins only; the run's time and number of
/// requests are limited; the operator's extra header fields go to the configured server alone. Redirects come back as
/// answers: whoever follows one sends a new request, and that is judged afresh. The address is judged by
/// `OriginAddressPolicy`, where the connection is made.
package final class Egress: HTTPTransport {
    private struct State {
        /// Few, so that to compare them takes less than a hash.
        var allowed: [Origin]
        var requestsLeft: Int
        var deadline: Instant
        /// All of the time that the run has.
        var time: Duration
    }

    private let transport: any HTTPTransport
    private let server: Origin
    private let extraFields: HTTPFields
    private let timeout: Duration
    private let clock: any WatchClock
    private let state: Mutex<State>

    /// The door of one run; its time begins now.
    ///
    /// - Parameters:
    ///   - transport: what sends the requests that pass.
    ///   - settings: the target's server, allowed origins, extra header fields and time-out; the whole run has three
    ///     times that time.
    ///   - clock: tells how much of the time is left.
    ///   - requestBudget: how many requests the run may send.
    package init(
        transport: any HTTPTransport, settings: TargetSettings, clock: any WatchClock, requestBudget: Int = 120
    ) {
        self.transport = transport
        self.clock = clock
        server = settings.server.origin
        extraFields = settings.connection.headers
        timeout = settings.timeout
        let allowed = [server] + settings.allowedOrigins
        let time = settings.timeout * 3
        state = Mutex(
            State(allowed: allowed, requestsLeft: requestBudget, deadline: clock.now + time, time: time))
    }

    /// Lets secrets go to `origin` from now on: the announced authorization server, when a person watches the run.
    package func allow(_ origin: Origin) {
        state.withLock { $0.allowed.append(origin) }
    }

    /// Gives the run more to spend, for what goes on after the flow.
    ///
    /// - Parameters:
    ///   - requests: how many more requests may be sent.
    ///   - time: how much later the run may end.
    package func extend(requests: Int, by time: Duration) {
        state.withLock { state in
            state.requestsLeft += requests
            state.deadline = state.deadline + time
            state.time += time
        }
    }

    /// Whether secrets may go to `origin`.
    package func allows(_ origin: Origin) -> Bool {
        state.withLock { $0.allowed.contains(origin) }
    }

    /// Sends `request` if it may pass.
    ///
    /// - Throws: besides the transport's failures: `addressRefused` for another scheme than http and https,
    ///   `originRefused` for a secret to an origin that is not allowed, `budgetExhausted` when the run's time or number
    ///   of requests is used up. Nothing was sent then.
    package func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        let origin = request.url.origin
        try judge(request, to: origin)
        let (left, time) = try spend()
        let hasExtraFields = !extraFields.fields.isEmpty && origin == server
        do throws(TransportFailure) {
            if left >= timeout, !hasExtraFields { return try await transport.send(request) }
            var request = request
            if left < timeout { request.timeLimit = min(left, request.timeLimit ?? left) }
            if hasExtraFields { addExtraFields(to: &request) }
            return try await transport.send(request)
        } catch {
            guard error.kind == .timedOut, left < timeout else { throw error }
            let message = "\(error.message), which was left of the run's \(time.seconds) s"
            throw TransportFailure(.timedOut, message, partial: error.partial)
        }
    }

    private func judge(_ request: HTTPRequest, to origin: Origin) throws(TransportFailure) {
        guard origin.scheme == "http" || origin.scheme == "https" else {
            throw TransportFailure(.addressRefused, "only http and https are fetched, not \(origin.scheme)")
        }
        guard request.carriesSecret, !allows(origin) else { return }
        throw TransportFailure(
            .originRefused,
            "\(origin) may not receive credentials; if it is meant, add `allowedOrigins: [\(origin)]`"
                + " or `--allow-origin \(origin)`")
    }

    /// Takes one request from what the run may spend.
    ///
    /// - Returns: the time that is left of the run's time.
    private func spend() throws(TransportFailure) -> (left: Duration, time: Duration) {
        let now = clock.now
        let (left, time, mayGo) = state.withLock { state in
            let left = state.deadline - now
            if left > .zero { state.requestsLeft -= 1 }
            return (left, state.time, state.requestsLeft >= 0)
        }
        guard left > .zero else {
            throw TransportFailure(.budgetExhausted, "the run's \(time.seconds) s are used up")
        }
        if !mayGo { throw TransportFailure(.budgetExhausted, "the run's number of requests is used up") }
        return (left, time)
    }

    /// A field that the request has already stays as the flow wrote it.
    private func addExtraFields(to request: inout HTTPRequest) {
        let added = extraFields.fields.filter { request.fields[$0.name] == nil }
        request.fields.fields += added
    }
}
