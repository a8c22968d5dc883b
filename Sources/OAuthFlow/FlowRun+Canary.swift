import WatchCore

/// What becomes of a login's own tokens: they are the kept session where there is none, else they are revoked.
extension FlowRun {
    /// Ends a login run well.
    ///
    /// - Parameters:
    ///   - chain: the run's own tokens; `unkept` until this returns.
    func settle(
        _ chain: TokenChain, _ client: RegisteredClient, _ approach: Approach
    ) async throws(Halted) {
        let (server, call) = (approach.server, approach.challenge.protected)
        if target.sessionAccount != nil { return try await settleBesideSessionAccount(chain, client, approach) }
        var state = await environment.memory.state
        for change in waiting { change(&state) }
        guard let canary = keptSession(.ordinary, of: server, in: state) else {
            return try await keep(chain)
        }
        // Where a revocation ends every session of the user, ours would end with it.
        if state.sessions.survivesRevocation == false { return try await keep(chain) }
        if state.sessions.survivesLogin != true, record.facts.sessionAlive[.ordinary] == true {
            switch await probe(canary.chain.accessToken, call) {
            case .unclear: break
            case .refused: return try await endedByLogin(canary, replacedBy: chain)
            case .accepted:
                let survives: Change = { ($0.sessions.survivesLogin, $0.sessions.endedByLogins) = (true, 0) }
                survives(&state)
                rememberSoon(survives)
            }
        }
        if state.sessions.survivesLogin == true { pass(.sessionSingleSession) }
        if wantsIdleSession(state) {
            try await fallAsleep(chain)
            return
        }
        await revoke(chain, as: client, at: server.metadata)
        unkept = nil
        guard canRevoke(at: server.metadata) else { return }
        await noteIfRefused(chain, because: .revocation, call)
        if state.sessions.survivesRevocation == nil { await seeWhetherRevocationEnds(canary, call) }
    }

    /// The run's own tokens become the ordinary canary.
    func keep(_ chain: TokenChain) async throws(Halted) {
        try await remember { state in
            state.chain = chain
            state.intent = nil
            state.sessions.triedAge = 0
        }
        unkept = nil
        note { record in
            record.facts.sessionStart[.ordinary] = chain.startedAt
            record.facts.sessionAlive[.ordinary] = true
        }
    }

    /// The kept session, which lived just before this login, is refused after it: the login's own tokens take its place.
    private func endedByLogin(_ canary: KeptSession, replacedBy own: TokenChain) async throws(Halted) {
        let count = await environment.memory.state.sessions.endedByLogins + 1
        reportSingleSession(count, canary.chain)
        rememberSoon { state in
            state.sessions.survivesLogin = false
            state.sessions.endedByLogins = count
        }
        try await keep(own)
        // Its refresh token may have been left.
        await revoke(canary.chain, as: canary.client, at: canary.server.metadata)
    }

    /// Keeps that a guard logged in: where the server keeps one session a user, that ended ours.
    func noteOtherLogins() {
        let logins = record.exchanges.contains { exchange in
            guard exchange.request.step == .guarding, exchange.response?.status == 200,
                case .form(let form)? = exchange.request.body
            else { return false }
            return form.contains(FormPair("grant_type", "authorization_code"))
        }
        let time = now
        if logins { rememberSoon { $0.sessions.otherLoginAt = time } }
    }

    /// Whether a kept session that is refused now was most likely ended by a login of ours after its last use.
    func isEndedByOtherLogin(_ chain: TokenChain, _ sessions: SessionMemory) -> Bool {
        guard target.sessionAccount == nil, sessions.survivesLogin != true, let other = sessions.otherLoginAt else {
            return false
        }
        return other >= chain.issuedAt
    }

    private func reportSingleSession(_ count: Int, _ chain: TokenChain) {
        let lived = (now - chain.startedAt).inWords
        let message =
            count == 1
            ? "single-session? The kept session, which had lived \(lived), worked just before our login and is refused "
                + "just after it; if that happens again, the server keeps one session a user"
            : "single-session: the server ends the earlier session at each login of the same user, \(count) times in a "
                + "row now; a session is watched from one login to the next only"
        check(
            .sessionSingleSession, false, message,
            evidence: record.exchanges.last?.response.map(summary) ?? "")
    }

    private func seeWhetherRevocationEnds(_ canary: KeptSession, _ call: ProtectedCall) async {
        guard let current = await environment.memory.state.chain else { return }
        let answer = await probe(current.accessToken, call)
        guard answer != .unclear else { return }
        rememberSoon { state in
            state.sessions.survivesRevocation = answer == .accepted
            // The next login begins a session; its tokens are then not revoked but take the place of those before.
            if answer == .refused { state.chain = nil }
        }
        guard answer == .refused else { return }
        check(
            .sessionSingleSession, false,
            "single-session: the revocation of another login's tokens ended the kept session, too",
            evidence: record.exchanges.last?.response.map(summary) ?? "")
    }

    /// Whether there is a place to revoke tokens at.
    func canRevoke(at server: AuthorizationServer) -> Bool {
        server.revocationEndpoint.map { environment.permitsSecrets($0.origin) } ?? false
    }
}
