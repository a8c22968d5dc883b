import Crypto
import CurlHTTP
import Egress
import Guards
import OAuthFlow
import Traces
import WatchCore

/// Runs of one target, from the connection to the redacted record: what `trace` and the daemon share.
struct TargetRun {
    let target: TargetSettings
    let driver: CurlDriver
    let clock: any WatchClock
    let memory: any TargetMemory
    let observer: (any RunObserver)?
    /// Of the trace; findings never hold a secret.
    let redaction: Redactor.Mode
    /// The password histories of a user at other targets of the same server.
    let historiesElsewhere: @Sendable (String) async -> [LoginHistory]
    private let policy: OriginAddressPolicy

    /// The runs of a target, one after the other; a daemon keeps this, so that a server's name which is made to point
    /// to a nearer network later is noticed.
    ///
    /// - Parameters:
    ///   - target: what to watch.
    ///   - driver: sends the requests.
    ///   - clock: tells the time.
    ///   - memory: what is kept between runs.
    ///   - observer: hears of each step; nil for none.
    ///   - redaction: of the trace.
    ///   - historiesElsewhere: the password histories of a user at other targets of the same server.
    init(
        target: TargetSettings, driver: CurlDriver, clock: any WatchClock, memory: any TargetMemory,
        observer: (any RunObserver)? = nil, redaction: Redactor.Mode = .full,
        historiesElsewhere: @escaping @Sendable (String) async -> [LoginHistory] = { _ in [] }
    ) {
        self.historiesElsewhere = historiesElsewhere
        self.target = target
        self.driver = driver
        self.clock = clock
        self.memory = memory
        self.observer = observer
        self.redaction = redaction
        policy = OriginAddressPolicy(server: target.server, allowNetworks: target.connection.allowNetworks)
    }

    /// A record that holds no secret in its findings, the trace of it, and what took the secrets out.
    struct Result {
        var record: RunRecord
        var trace: TraceDocument
        var redactor: Redactor
    }

    /// Runs the flow.
    ///
    /// - Parameters:
    ///   - kind: login, session, or guard: the kept session, then the guards.
    ///   - guards: which guards to try when the flow has passed; nil: none.
    ///   - key: the random key of the trace's fingerprints; the observer's redactor uses the same.
    func run(
        _ kind: RunKind, guards plan: GuardPlan? = nil, key: [UInt8] = SecureRandom.bytes(32)
    ) async -> Result {
        // On the network's own thread, until the flow is released and its connections are closed: no other thread is woken
        // for a request or its answer, nor that thread for the end.
        var record = await withTaskExecutorPreference(driver.executor) {
            let (flow, egress) = flow()
            return await flow.run(kind, then: plan.map { trying($0, through: egress) })
        }
        if await memory.state.guards.areBlamed(by: record, at: clock.wallTime) {
            record.findings = await memory.state.guards.marked(record.findings)
        }
        let redactor = Redactor(secrets: record.secrets, key: key)
        let kept = redaction == .full ? redactor : Redactor(secrets: record.secrets, key: key, mode: redaction)
        let trace = TraceDocument(record, redactor: kept, version: Version.text)
        record.findings = record.findings.map(redactor.finding)
        return Result(record: record, trace: trace, redactor: redactor)
    }

    private func trying(_ plan: GuardPlan, through egress: Egress) -> OAuthFlow.Sequel {
        let time = target.timeout * 10
        return { run, passed in
            egress.extend(requests: 400, by: time)
            var guards = GuardRun(plan, in: run, after: passed)
            await guards.perform()
        }
    }

    /// The flow, behind the one door.
    func flow() -> (flow: OAuthFlow, egress: Egress) {
        let transport = CurlTransport(
            driver: driver, settings: target.connection, timeout: target.timeout, addressPolicy: policy,
            userAgent: Version.userAgent)
        let egress = Egress(transport: transport, settings: target, clock: clock)
        var environment = FlowEnvironment(
            transport: egress, clock: clock, memory: memory, observer: observer,
            permitsSecrets: { egress.allows($0) }, allowAnnounced: { egress.allow($0) })
        environment.historiesElsewhere = historiesElsewhere
        if let url = target.connection.reference {
            environment.referenceFailure = { [driver] in await ReferenceHost(url: url, driver: driver).failure() }
        }
        return (OAuthFlow(target: target, environment: environment), egress)
    }
}
