package import WatchCore

/// The flow cannot go on; why stands among the findings.
package struct Halted: Error {}

/// One run while it goes on: what the steps share. Used by one task only.
package final class FlowRun {
    package let target: TargetSettings
    package let environment: FlowEnvironment
    package private(set) var record: RunRecord
    private(set) var step: Step?
    /// Where the MCP messages go: the configured server, or where it says that it is.
    package var endpoint: WebURL
    /// The metadata documents that were found.
    var documents: [WebURL] = []
    /// Tokens that this run was given and nothing keeps yet; taken back when the run ends early.
    var unkept: (chain: TokenChain, client: RegisteredClient, server: AuthorizationServer)?
    /// The scope that the authorization will ask for; nil: none.
    var wantedScope: String?
    /// The browser's cookies, in which the user may be logged in.
    var cookies = CookieJar()
    /// The access token that was used last with success; nil when there is none.
    var workingToken: Secret?
    /// The first page with a form, as it was read.
    var firstForm: ReadPage?
    /// Whether a login page may be filled in; a client that is only compared with another stops before it.
    var mayLogIn = true
    /// The protocol version that this run has settled on with the MCP server; nil before.
    var spoken: Revision?
    /// Whether a server of the newest revision also answered `initialize` in this run; nil when it was not asked.
    var isDualEra: Bool?
    /// Whether the server was asked what it speaks, and said so.
    var askedRevision = false
    /// Whether the disk says that a code is about to be redeemed.
    var redemptionIsWritten = false
    package typealias Change = @Sendable (inout TargetState) -> Void
    /// Changes to the state that go to the disk with the next one.
    var waiting: [Change] = []
    private let began: Instant
    private var stepBegan = Instant(nanoseconds: 0)
    private var results: [Step: StepResult] = [:]

    init(_ kind: RunKind, target: TargetSettings, environment: FlowEnvironment) {
        self.target = target
        self.environment = environment
        endpoint = target.server
        began = environment.clock.now
        record = RunRecord(
            target: target.name, kind: kind, serverURL: target.server.description, username: target.username,
            clientName: target.clientName, startedAt: environment.clock.wallTime)
        // A login scores some fifty checks.
        record.scored.reserveCapacity(64)
        for password in target.passwords {
            record.secrets.add(password: password)
            // What a field of one line sends of it (WHATWG HTML, value sanitization).
            let sent = password.reveal().unicodeScalars.filter { $0 != "\r" && $0 != "\n" }
            record.secrets.add(password: Secret(String(String.UnicodeScalarView(sent))))
        }
        if let secret = target.client?.secret { record.secrets.add(secret.reveal()) }
        for field in target.connection.headers.fields { record.secrets.add(field.value) }
    }

    /// Civil time.
    package var now: WallTime { environment.clock.wallTime }

    /// What we call ourselves to MCP servers.
    var clientInfo: ClientInfo { ClientInfo(name: target.clientName, version: Version.text) }

    /// Leaves the current step and begins `next`; a step entered again adds to its first visit.
    package func enter(_ next: Step, detail: String = "") async {
        await leave()
        step = next
        stepBegan = environment.clock.now
        await environment.observer?.stepBegins(next, detail: detail)
    }

    /// Ends the current step; its outcome follows from its findings.
    func leave(as outcome: Outcome? = nil) async {
        guard let step else { return }
        self.step = nil
        let elapsed = environment.clock.now - stepBegan
        let findings = record.findings.filter { $0.step == step }
        let result = StepResult(
            step: step, outcome: outcome ?? Outcome(Verdict(findings)),
            duration: (results[step]?.duration ?? .zero) + elapsed,
            status: decidingStatus(of: step))
        results[step] = result
        await environment.observer?.stepEnds(result, findings: findings, secrets: record.secrets)
    }

    /// The status of the step's last answer; the end of an MCP session says nothing where there is more.
    private func decidingStatus(of step: Step) -> Int? {
        func last(where counts: (HTTPRequest) -> Bool) -> Exchange? {
            record.exchanges.last { $0.request.step == step && counts($0.request) }
        }
        return (last { $0.method != "DELETE" } ?? last { _ in true })?.response?.status
    }

    /// Ends the run; steps that were never entered were skipped.
    func finish() async -> RunRecord {
        await leave()
        record.duration = environment.clock.now - began
        record.steps = Step.allCases.map { step in
            // A finding may blame a step that the run had left, or never entered, when it was made.
            var result = results[step] ?? StepResult(step: step, outcome: .skipped, duration: .zero)
            let blame = Outcome(Verdict(record.findings.filter { $0.step == step }))
            // And a finding may have been taken back.
            if blame != .passed || result.outcome != .skipped { result.outcome = blame }
            return result
        }
        return record
    }

    // MARK: Findings

    /// Scores a check.
    ///
    /// - Returns: whether it holds; when not, a finding was made.
    @discardableResult
    package func check(
        _ id: CheckID, _ holds: Bool, _ severity: Severity, _ message: @autoclosure () -> String,
        evidence: @autoclosure () -> String = "", remedy: String? = nil, step: Step? = nil, layer: Layer? = nil
    ) -> Bool {
        record.scored.insert(id)
        guard !holds else { return true }
        let finding = Finding(
            id, severity, message(), evidence: evidence(), remedy: remedy, step: step, layer: layer)
        if !record.findings.contains(finding) {
            record.findings.append(finding)
            let newest = record.exchanges.indices.last
            if record.proofs[id] == nil, let newest { record.proofs[id] = newest }
        }
        return false
    }

    /// Scores a check with its own severity.
    @discardableResult
    func check(
        _ id: CheckID, _ holds: Bool, _ message: @autoclosure () -> String, evidence: @autoclosure () -> String = "",
        remedy: String? = nil, step: Step? = nil, layer: Layer? = nil
    ) -> Bool {
        check(
            id, holds, id.severity, message(), evidence: evidence(), remedy: remedy, step: step, layer: layer)
    }

    /// Scores a check by a finding that another run led to.
    func add(_ finding: Finding) {
        record.scored.insert(finding.check)
        if !record.findings.contains(finding) { record.findings.append(finding) }
    }

    /// Scores a check that holds.
    package func pass(_ id: CheckID) { record.scored.insert(id) }

    /// Names the findings of a check before all others.
    func raise(_ id: CheckID) {
        record.findings = record.findings.filter { $0.check == id } + record.findings.filter { $0.check != id }
    }

    /// Leaves a check without an answer in this run.
    func withhold(_ id: CheckID) { record.scored.remove(id) }

    /// Makes a finding of the check's own severity, or a failure where that is milder, after which the flow cannot go on.
    func halt(
        _ id: CheckID, _ message: String, evidence: String = "", remedy: String? = nil, step: Step? = nil,
        layer: Layer? = nil
    ) -> Halted {
        let severity = id.severity == .info || id.severity == .warning ? .failure : id.severity
        return halt(id, severity, message, evidence: evidence, remedy: remedy, step: step, layer: layer)
    }

    /// Makes a finding after which the flow cannot go on.
    func halt(
        _ id: CheckID, _ severity: Severity, _ message: String, evidence: String = "", remedy: String? = nil,
        step: Step? = nil, layer: Layer? = nil
    ) -> Halted {
        // What could not be looked at is not scored: it neither raises nor resolves.
        if severity == .inconclusive {
            record.findings.append(
                Finding(id, severity, message, evidence: evidence, remedy: remedy, step: step, layer: layer))
        } else {
            check(id, false, severity, message, evidence: evidence, remedy: remedy, step: step, layer: layer)
        }
        return Halted()
    }

    /// Changes what the record says besides findings and exchanges.
    package func note(_ change: (inout RunRecord) -> Void) { change(&record) }

    // MARK: Requests

    /// Sends a request and keeps what came of it.
    package func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        let request = dressed(request)
        let startedAt = now
        let result: Result<HTTPResponse, TransportFailure>
        do throws(TransportFailure) {
            let response = try await environment.transport.send(request)
            learn(from: response, to: request)
            result = .success(response)
        } catch {
            // What came before it broke off is in the trace, too.
            if let partial = error.partial { learn(from: partial, to: request) }
            result = .failure(error)
        }
        let exchange = Exchange(request: request, startedAt: startedAt, endedAt: now, result: result)
        record.exchanges.append(exchange)
        await environment.observer?.exchanged(exchange, secrets: record.secrets)
        return try result.get()
    }

    /// With the persona's user agent. A login's pages are fetched by a browser, whatever the client.
    private func dressed(_ request: HTTPRequest) -> HTTPRequest {
        guard let agent = target.persona?.userAgent, request.fields["User-Agent"] == nil,
            request.step != .authorization, request.step != .authentication
        else { return request }
        var request = request
        request.fields["User-Agent"] = agent
        return request
    }

    /// Takes over what another run on the same target sent and learned.
    func adopt(exchangesOf other: FlowRun) {
        record.exchanges += other.record.exchanges
        record.secrets.formUnion(other.record.secrets)
    }

    /// Sends a request that the flow cannot do without: a failure of the transport is blamed on `id`.
    func answer(to request: HTTPRequest, for id: CheckID) async throws(Halted) -> HTTPResponse {
        do throws(TransportFailure) {
            return try await send(request)
        } catch {
            if let reason = await ownFault(error) {
                throw halt(
                    .monitorNetwork, "\(request.url.origin) does not answer, and \(reason)", evidence: error.message,
                    step: request.step)
            }
            throw halt(error, of: request, for: id)
        }
    }

    private func learn(from response: HTTPResponse, to request: HTTPRequest) {
        for cookie in response.fields.all("set-cookie") {
            if let value = Cookie.value(ofSetCookie: cookie) { record.secrets.add(incidental: value) }
        }
        if let session = response.fields["mcp-session-id"] { record.secrets.add(incidental: session) }
        if let tls = response.tls, request.url.origin == target.server.origin {
            record.facts.certificateExpiry = tls.notAfter
            record.facts.certificateLifetime = tls.notBefore.flatMap { start in tls.notAfter.map { $0 - start } }
        }
        if record.facts.clockSkew == nil, response.fields["age"] == nil,
            let date = response.fields["date"].flatMap(WallTime.init(httpDate:))
        {
            record.facts.clockSkew = (date - now).seconds
        }
    }
}

extension Outcome {
    /// The outcome of a step whose findings come to `verdict`.
    init(_ verdict: Verdict) {
        self =
            switch verdict {
            case .healthy, .degraded: .passed
            case .inconclusive: .inconclusive
            case .failed, .insecure: .failed
            }
    }
}
