import Synchronization
package import WatchCore

/// A small OAuth 2.1 authorization server and MCP server on loopback that is correct until it is told not to be.
///
/// It listens on two ports: one is the server, the other another origin that some faults point to.
/// `stop()` ends its threads; a server that was started and is not stopped lives on.
package final class LabServer: Sendable {
    let configuration: LabConfiguration
    let store: LabStore
    let clock: LabClock
    private let startedAt: Instant
    private let faults: Mutex<Faults>
    private let record = Mutex<[RecordedRequest]>([])
    private let running = Mutex<RunningLab?>(nil)

    /// The faults that hold now and the behaviour that follows.
    private struct Faults {
        var ids: Set<String>
        var behaviour: Behaviour

        init(_ ids: Set<String>) {
            self.ids = ids
            behaviour = Behaviour(ids)
        }
    }

    /// A server that does not listen yet.
    ///
    /// - Parameters:
    ///   - configuration: address, user and faults.
    ///   - store: the memory; the one of another server continues its work.
    ///   - clock: decides when codes and tokens expire.
    /// - Throws: `unknownFault`.
    package init(
        _ configuration: LabConfiguration, store: LabStore = LabStore(), clock: any WatchClock = SystemClock()
    ) throws(LabError) {
        for id in configuration.faults where Fault.named(id) == nil { throw .unknownFault(id) }
        self.configuration = configuration
        self.store = store
        self.clock = LabClock(clock)
        startedAt = clock.now
        faults = Mutex(Faults(Set(configuration.faults)))
        store.withLock { $0.users[configuration.username] = configuration.password.reveal() }
    }

    /// Listens and serves.
    ///
    /// - Returns: the port, which matters where the configured one is 0. A server that runs already goes on.
    /// - Throws: `notLoopback`; `system`, as when the port is taken.
    package func start() throws(LabError) -> UInt16 {
        try running.withLock { (running) throws(LabError) in
            if let running { return running.ports.here }
            let host = behaviour.wire.usesIPv6 ? "::1" : configuration.host
            let started = try RunningLab(host: host, port: configuration.port, dripPause: configuration.dripPause)
            started.serve(date: { self.clock.wallTime + self.behaviour.wire.clockOffset }) { request, listener in
                self.reply(to: request, at: listener, ports: started.ports, host: host)
            }
            running = started
            return started.ports.here
        }
    }

    /// Ends every connection and all threads, and frees the ports. What the store holds stays.
    package func stop() {
        let started = running.withLock { running in
            defer { running = nil }
            return running
        }
        started?.stop()
    }

    /// The ports of the server and of the other origin; nil while it does not run.
    package var ports: (here: UInt16, elsewhere: UInt16)? { running.withLock { $0?.ports } }

    /// Counters, as they are now.
    package var stats: LabStats { store.stats }

    /// The requests that came over the wire, in order, but for those to `/-/`.
    package var requests: [RecordedRequest] { record.withLock { $0 } }

    /// Forgets the recorded requests.
    package func clearRequests() { record.withLock { $0 = [] } }

    /// Ids of the faults and varieties that hold now.
    package var activeFaults: Set<String> { faults.withLock { $0.ids } }

    /// Lets a fault or variety hold or not, from the next request on.
    ///
    /// - Throws: `unknownFault`.
    package func setFault(_ id: String, _ isOn: Bool) throws(LabError) {
        guard Fault.named(id) != nil else { throw .unknownFault(id) }
        faults.withLock { faults in
            faults = Faults(isOn ? faults.ids.union([id]) : faults.ids.subtracting([id]))
        }
    }

    /// Forgets what a server in memory loses at a restart: always logins, codes and MCP sessions; clients and tokens
    /// where a fault says so.
    package func restart() {
        let behaviour = behaviour
        store.withLock { $0.restart(behaviour) }
    }

    /// Makes the server older: codes and tokens come nearer to their end. The civil time stays.
    package func skip(_ time: Duration) { clock.skip(time) }

    var behaviour: Behaviour { faults.withLock { $0.behaviour } }

    private func reply(
        to request: LabRequest, at listener: RecordedRequest.Listener, ports: (here: UInt16, elsewhere: UInt16),
        host: String
    ) -> Connection.Reply {
        if listener == .lab, request.path.hasPrefix("/-/") {
            return Connection.Reply(response: control(request))
        }
        let behaviour = behaviour
        let sites = LabSites(
            hostField: request.fields["Host"], at: listener, ports: ports, fallback: host, origin: configuration.origin,
            otherOrigin: configuration.otherOrigin)
        if let replay = configuration.replay {
            let recorded = replay.answer(request, here: sites.here)
            note(request, at: listener, answer: recorded)
            return Connection.Reply(response: recorded ?? .empty(500), fault: recorded == nil ? .reset : nil)
        }
        let call = LabCall(
            request: request, behaviour: behaviour, configuration: configuration, store: store, sites: sites,
            clock: clock, startedAt: startedAt)
        let delay = call.delay
        let fault = call.endpointClass.flatMap { behaviour.transport[$0] }
        var response: LabResponse?
        if let fault, fault.comesBeforeProcessing { response = .unprocessed(fault) }
        let answer = response ?? call.answer()
        note(request, at: listener, answer: answer)
        return Connection.Reply(response: answer, fault: fault, closes: behaviour.wire.closesConnections, delay: delay)
    }

    private func note(_ request: LabRequest, at listener: RecordedRequest.Listener, answer: LabResponse?) {
        var recorded = RecordedRequest(
            at: clock.wallTime, listener: listener, method: request.method, target: request.target,
            fields: request.fields, body: request.body, status: answer?.status ?? 0)
        store.withLock { state in
            state.stats.requests += 1
            if listener == .elsewhere { state.stats.elsewhere += 1 }
        }
        record.withLock { record in
            if record.count >= configuration.recordLimit { record.removeFirst(record.count / 2) }
            record.append(recorded)
        }
        guard let onRequest = configuration.onRequest else { return }
        recorded.answer = answer.map { RecordedRequest.Answer(fields: $0.fields, body: $0.body) }
        onRequest(recorded)
    }
}
