import WatchCore

/// Step `session`: the sessions kept from earlier runs.
extension FlowRun {
    /// The ordinary canary is refreshed after this time, whatever lifetime its tokens have.
    static let longestUnrefreshed = Duration.seconds(3_600)
    /// In login runs the refresh token is tried at ages that grow by this factor, until a refresh was due: young enough
    /// to see soon that a restart lost it, and old enough to see that it ends early.
    private static let growth = 1.8

    /// Uses the kept sessions: the ordinary one always, refreshed when due; the idle one when it has slept enough.
    /// Tokens that were refused once are tried again.
    ///
    /// - Parameter wantsRefresh: whether the refresh token is tried although nothing is due: in login runs, so that one
    ///   that a restart of the server forgot is noticed at the next of them.
    func useKeptSessions(_ call: ProtectedCall, of server: DiscoveredServer, wantsRefresh: Bool) async {
        let state = await giveUpInterrupted()
        await tryRefusedTokens(state, call)
        if let session = keptSession(.ordinary, of: server, in: state) {
            await use(session, call, wantsRefresh: wantsRefresh && isOldEnough(session.chain, state))
        }
        if let idle = state.sessions.idle, idle.isAwake(at: now, limit: state.sessions.idleLimit),
            let session = keptSession(.idle, of: server, in: state)
        {
            await touch(idle, session, call)
        }
        if step == .session { await leave() }
    }

    /// A kept session with all that its use needs.
    struct KeptSession {
        var canary: SessionCanary
        var chain: TokenChain
        var client: RegisteredClient
        var server: DiscoveredServer
    }

    /// The session of a canary, when it belongs to this server and its client is known.
    func keptSession(_ canary: SessionCanary, of server: DiscoveredServer, in state: TargetState) -> KeptSession? {
        guard let chain = state[canary], chain.issuer == server.metadata.askedIssuer else { return nil }
        let given = givenClient(issuer: chain.issuer).flatMap { $0.clientID == chain.clientID ? $0 : nil }
        guard let client = given ?? state.client(of: chain) else { return nil }
        return KeptSession(canary: canary, chain: chain, client: client, server: server)
    }

    /// Enters the step, with the secrets of a session known.
    func enterSession(_ session: KeptSession) async {
        if step != .session { await enter(.session, detail: "Using the kept session...") }
        note { record in
            record.facts.sessionStart[session.canary] = session.chain.startedAt
            record.secrets.add(session.chain.accessToken.reveal())
            if let token = session.chain.refreshToken { record.secrets.add(token.reveal()) }
            if let secret = session.client.clientSecret { record.secrets.add(secret.reveal()) }
        }
    }

    private func use(_ session: KeptSession, _ call: ProtectedCall, wantsRefresh: Bool) async {
        await enterSession(session)
        var end = SessionEnd.lives
        do throws(Halted) {
            end = try await live(session, call, wantsRefresh: wantsRefresh)
        } catch {
            end = .broken
        }
        guard !Task.isCancelled else { return }
        switch end {
        case .lives: note { $0.facts.sessionAlive[.ordinary] = true }
        case .broken: note { $0.facts.sessionAlive[.ordinary] = false }
        case .ended: break
        }
    }

    /// What came of using a session.
    private enum SessionEnd {
        case lives
        /// Its only access token has expired, as promised.
        case ended
        /// Something that was promised did not hold, or could not be tried.
        case broken
    }

    private func live(
        _ session: KeptSession, _ call: ProtectedCall, wantsRefresh: Bool
    ) async throws(Halted) -> SessionEnd {
        let chain = session.chain
        var early: String?
        var isOver = chain.isDue(at: now)
        if !isOver {
            pass(.sessionEarlyDeath)
            isOver = try await !use(chain, call, blaming: nil)
            // Without a promised lifetime a token may end at any time.
            if isOver, chain.expiresIn != nil { early = record.exchanges.last?.response.map(summary) ?? "" }
        }
        guard chain.refreshToken != nil else {
            guard isOver else { return .lives }
            if let early { judgeEarlyDeath(of: chain, early) }
            try await bury(session)
            guard early == nil else { throw Halted() }
            return .ended
        }
        let isStale = now - chain.issuedAt >= Self.longestUnrefreshed
        guard isOver || isStale || wantsRefresh else { return .lives }
        let next: TokenChain
        do throws(Halted) {
            next = try await refresh(chain, as: session.client, of: session.server, .kept(session.canary))
        } catch {
            let isExplained = record.findings.contains { $0.check == .sessionSingleSession }
            if let early, !isExplained { judgeEarlyDeath(of: chain, early) }
            throw error
        }
        try await useFresh(next, call)
        if let early { judgeEarlyDeath(of: chain, early) }
        if !isOver { await noteIfRefused(chain, because: .refresh, call) }
        return .lives
    }

    private func judgeEarlyDeath(of chain: TokenChain, _ evidence: String) {
        check(
            .sessionEarlyDeath, false,
            "the access token is refused \((now - chain.issuedAt).inWords) after it was issued; `expires_in` promised "
                + Duration.seconds(chain.expiresIn ?? 0).inWords, evidence: evidence)
    }

    /// Uses the access token that a refresh has just brought. That it is refused is no fault of the refresh: the next
    /// run, with the same token, tells whether that is over.
    func useFresh(_ chain: TokenChain, _ call: ProtectedCall) async throws(Halted) {
        guard try await use(chain, call, blaming: nil) else {
            check(
                .sessionEarlyDeath, false, "the access token that a refresh has just brought is refused",
                evidence: record.exchanges.last?.response.map(summary) ?? "")
            throw Halted()
        }
    }

    /// Uses the access token of a session.
    ///
    /// - Returns: false when the token is refused and no check is to blame for that; a client would then refresh.
    func use(_ chain: TokenChain, _ call: ProtectedCall, blaming id: CheckID?) async throws(Halted) -> Bool {
        do throws(CallRefusal) {
            try await callAuthenticated(call, token: chain.accessToken, blaming: id, in: .session)
            return true
        } catch {
            switch error {
            case .halted: throw Halted()
            case .unauthorized: return false
            case .insufficientScope:
                throw halt(id ?? .mcpStatus, .failure, "the kept token has lost its scope", step: .session)
            }
        }
    }

    /// Whether the refresh token has come to an age at which none of the session was tried since one was due.
    private func isOldEnough(_ chain: TokenChain, _ state: TargetState) -> Bool {
        target.triesEveryRefresh || (now - chain.issuedAt).seconds >= Self.growth * Double(state.sessions.triedAge)
    }

    /// Gives up what an earlier run left without an answer, and says so.
    ///
    /// - Returns: the state as it is now.
    private func giveUpInterrupted() async -> TargetState {
        pass(.sessionInterrupted)
        var state = await environment.memory.state
        // An intent that is still there belongs to a run whose last write failed.
        state.giveUpIntent()
        guard let interrupted = state.interrupted else { return state }
        check(
            .sessionInterrupted, false,
            "a run was cut short at \(interrupted.at.iso8601Seconds) during \(interrupted.action.rawValue); what it held "
                + "is given up as unknown")
        try? await remember { kept in
            kept.giveUpIntent()
            kept.interrupted = nil
        }
        return state
    }
}

extension TokenChain {
    /// Whether the access token is to be refreshed before use: expired, or within its last minute or tenth.
    func isDue(at time: WallTime) -> Bool {
        guard let expiresIn else { return false }
        // The number comes from the server, as small as it likes.
        guard expiresIn > 0 else { return true }
        let margin = min(60, max(1, expiresIn / 10))
        return time - issuedAt >= .seconds(expiresIn - margin)
    }
}
