import WatchCore

/// What the flow knows when the documents have been read.
struct Approach {
    var server: DiscoveredServer
    var challenge: Challenge
}

/// Whether the target's other clients are treated like the one that logged in.
///
/// They go as far as the login page, or with the browser's cookies to a code, which is not redeemed: no password is sent again
/// and no token is issued that could end the kept ones. What a client sends by itself afterwards, the request to the
/// token endpoint and those with a token, is tried with its user agent: a made-up code, and the token that is there already.
extension FlowRun {
    /// While all are treated alike they are compared once in this time.
    private static let comparisonInterval: Duration = .seconds(3_600)

    /// Plays every further persona and says where it fares otherwise.
    ///
    /// - Parameter approach: what this run knows of the server; nil when it got nowhere.
    func compareWithOtherPersonas(_ approach: Approach?) async {
        let others = target.personas.dropFirst()
        guard !others.isEmpty, let own = target.persona, target.api == nil, mayGoOn else { return }
        let last = await environment.memory.state.personasCompared
        if let last, now - last < Self.comparisonInterval, now >= last, record.verdict.isGood { return }
        let token = await livingToken()
        var isComplete = true
        let mine = record
        var differences: [Finding] = []
        for persona in others {
            let other = await play(persona, besides: own, approach, token: token)
            adopt(exchangesOf: other)
            isComplete = isComplete && !other.record.findings.contains { $0.severity == .inconclusive }
            if let difference = Self.difference(between: mine, own, and: other.record, persona) {
                differences.append(difference)
            }
        }
        for finding in differences { add(finding) }
        if differences.isEmpty, isComplete { pass(.personaDifference) }
        let time = differences.isEmpty && isComplete ? now : nil
        rememberSoon { $0.personasCompared = time }
    }

    /// Nothing more is sent to a server that asked to be left alone, by a run that was stopped, or from a machine that is cut off.
    private var mayGoOn: Bool {
        record.facts.retryAfter == nil
            && !record.findings.contains { [.monitorStopped, .monitorNetwork, .stateWritable].contains($0.check) }
    }

    /// An access token that works: the kept session's, or that of a run that keeps none.
    private func livingToken() async -> Secret? {
        guard workingToken != nil, !target.keepsNothing else { return workingToken }
        let chain = await environment.memory.state.chain
        return chain.flatMap { $0.isDue(at: now) ? nil : $0.accessToken }
    }

    private func play(
        _ persona: Persona, besides own: Persona, _ approach: Approach?, token: Secret?
    ) async -> FlowRun {
        var environment = environment
        environment.observer = nil
        let run = FlowRun(record.kind, target: target.acting(as: persona), environment: environment)
        run.mayLogIn = false
        run.cookies = cookies
        run.spoken = spoken
        do throws(Halted) {
            let needsOwn = persona.userAgent != own.userAgent || persona.isStrict != own.isStrict
            let known: Approach
            if let approach, !needsOwn {
                known = approach
            } else {
                let (server, challenge) = try await run.approach()
                known = Approach(server: server, challenge: challenge)
            }
            try await run.obtainCodeWithoutPassword(known)
            if persona.userAgent != own.userAgent { try await run.tryUserAgent(known, token: token) }
        } catch {
            // Why is among its findings.
        }
        await run.cleanUp()
        _ = await run.finish()
        return run
    }

    /// As far as the login page, or the code where the browser is logged in already.
    private func obtainCodeWithoutPassword(_ approach: Approach) async throws(Halted) {
        wantedScope = scope(after: approach.challenge, of: approach.server)
        let client = try await client(of: approach.server.metadata)
        let authorization = Authorization(
            server: approach.server, client: client, scope: scope(after: approach.challenge, of: approach.server),
            state: environment.randomText(), pkce: PKCE(verifier: environment.randomText()))
        do throws(AuthorizationRefusal) {
            _ = try await authorize(authorization, cookies: &cookies)
        } catch {
            switch error {
            case .loginPage: break
            case .errorPage(let response): throw errorPage(response)
            case .halted: throw Halted()
            }
        }
    }

    /// The token endpoint and the MCP server, asked with the persona's user agent.
    private func tryUserAgent(_ approach: Approach, token: Secret?) async throws(Halted) {
        let client = try await client(of: approach.server.metadata)
        await enter(.token)
        let pairs = [
            FormPair("grant_type", "authorization_code"), FormPair("code", environment.randomText()),
            FormPair("redirect_uri", target.redirectURI.description),
            FormPair("code_verifier", environment.randomText()),
        ]
        let request = client.request(.token, approach.server.metadata.tokenEndpoint, pairs)
        let response = try await answer(to: request, for: .tokenStatus)
        check(
            .tokenStatus, !response.isPage && response.status < 429, .failure,
            "the token endpoint answers \(response.status)\(response.isPage ? " with a page" : "")",
            evidence: summary(response))
        guard let token else { return }
        await enter(.mcp)
        record(callAs: approach.challenge.protected, await call(approach.challenge.protected, token))
    }

    private func call(_ call: ProtectedCall, _ token: Secret) async -> CallRefusal? {
        do throws(CallRefusal) {
            try await callAuthenticated(call, token: token, blaming: .mcpStatus, in: .mcp)
            return nil
        } catch {
            return error
        }
    }

    private func record(callAs call: ProtectedCall, _ refusal: CallRefusal?) {
        guard case .insufficientScope? = refusal else { return }
        check(.mcpStatus, false, "the request is answered with 403 `insufficient_scope`")
    }

    // MARK: Differences

    /// The first place where one of the two fares worse, with the weight of the worst.
    private static func difference(
        between mine: RunRecord, _ own: Persona, and theirs: RunRecord, _ persona: Persona
    ) -> Finding? {
        let checks = mine.scored.intersection(theirs.scored).filter { $0.step != .guarding }
        let found = checks.sorted { ($0.step, $0.rawValue) < ($1.step, $1.rawValue) }.compactMap { check -> Finding? in
            let (a, b) = (worst(of: check, mine), worst(of: check, theirs))
            let (before, after) = (Verdict(a.map { [$0] } ?? []), Verdict(b.map { [$0] } ?? []))
            if before < after, let b { return difference(b, persona, refusedUnlike: own, theirs) }
            // Of the one that all other findings are about only what ended its flow is worth a word here.
            if after < before, before >= .failed, let a { return difference(a, own, refusedUnlike: persona, mine) }
            return nil
        }
        guard var first = found.first else { return nil }
        first.severity = found.max { $0.verdict < $1.verdict }?.severity ?? first.severity
        return first
    }

    private static func worst(of check: CheckID, _ record: RunRecord) -> Finding? {
        record.findings.filter { $0.check == check && $0.severity != .info && $0.severity != .inconclusive }
            .max { $0.verdict < $1.verdict }
    }

    private static func difference(
        _ finding: Finding, _ persona: Persona, refusedUnlike other: Persona, _ record: RunRecord
    ) -> Finding {
        Finding(
            .personaDifference, finding.severity,
            "only `\(persona.name)`, not `\(other.name)`: \(suspicion(finding, persona, other, record))"
                + finding.message,
            evidence: "\(finding.check.rawValue); \(finding.evidence)", step: finding.step, layer: finding.layer)
    }

    /// Which of the two clients' properties the server seems to dislike.
    private static func suspicion(
        _ finding: Finding, _ persona: Persona, _ other: Persona, _ record: RunRecord
    ) -> String {
        if persona.isStrict, finding.step <= .discovery { return "" }
        let agent = "only the user agent \(persona.userAgent ?? "of the monitor") is blocked: "
        let redirect = "only the redirect URI \(persona.redirectURI) is refused: "
        switch finding.step {
        case .challenge, .discovery, .token, .mcp: return persona.userAgent == other.userAgent ? "" : agent
        case .registration where persona.redirectURI != other.redirectURI:
            let status = record.exchanges.last { $0.request.step == .registration }?.response?.status ?? 0
            return [400, 422].contains(status) ? redirect : ""
        case .authorization, .authentication: return persona.redirectURI == other.redirectURI ? "" : redirect
        default: return ""
        }
    }
}
