import WatchCore

/// `session.old-access-token`: what the server refused once, it must refuse for ever.
extension FlowRun {
    /// In session runs they are tried this often; in login runs always.
    private static let refusedInterval = Duration.seconds(600)
    /// A refused token whose lifetime was not promised makes room for a newer one after this time.
    private static let unpromisedLifetime = Duration.seconds(86_400)

    /// Tries the tokens that were refused in earlier runs.
    func tryRefusedTokens(_ state: TargetState, _ call: ProtectedCall) async {
        let tokens = state.sessions.refused
        guard !tokens.isEmpty, call != .nothing else { return }
        let time = now
        if record.kind == .session, let last = state.sessions.refusedTriedAt, last <= time,
            time - last < Self.refusedInterval
        {
            return
        }
        await enter(.session, detail: "Trying tokens that were refused before...")
        note { record in tokens.forEach { record.secrets.add($0.token.reveal()) } }
        for token in tokens { await tryRefused(token, call) }
        rememberSoon { $0.sessions.refusedTriedAt = time }
    }

    private func tryRefused(_ token: RefusedToken, _ call: ProtectedCall) async {
        var answer = await probe(token.token, call)
        // What lets an old token in is asked once more: one answer may come from a replica that had not heard yet.
        if answer == .accepted { answer = await probe(token.token, call) }
        switch answer {
        case .refused: pass(.sessionOldAccessToken)
        case .unclear: break
        case .accepted:
            let ended = token.cause == .refresh ? "a refresh" : "its revocation"
            check(
                .sessionOldAccessToken, false,
                "an access token that was refused at \(token.refusedAt.iso8601Seconds), after \(ended), is accepted "
                    + "again \((now - token.refusedAt).inWords) later",
                evidence: record.exchanges.last?.response.map(summary) ?? "", step: .session)
        }
    }

    /// Keeps an access token that a refresh or a revocation ended, when the server refuses it.
    func noteIfRefused(_ chain: TokenChain, because cause: RefusedToken.Cause, _ call: ProtectedCall) async {
        guard !target.keepsNothing, call != .nothing else { return }
        let time = now
        let sessions = await environment.memory.state.sessions
        if let kept = sessions.refused.first(where: { $0.cause == cause }), !isOver(kept, at: time) { return }
        // A server that lets them live is asked once a day.
        if let last = sessions.acceptedAt[cause], last <= time, time - last < Self.unpromisedLifetime { return }
        let answer = await probe(chain.accessToken, call)
        if answer == .accepted { rememberSoon { $0.sessions.acceptedAt[cause] = time } }
        guard answer == .refused else { return }
        let token = RefusedToken(
            token: chain.accessToken, cause: cause, issuedAt: chain.issuedAt, expiresIn: chain.expiresIn,
            refusedAt: time)
        rememberSoon { state in
            state.sessions.refused.removeAll { $0.cause == cause }
            state.sessions.refused.append(token)
        }
    }

    /// Whether a refused token has expired, so that its refusal says little.
    private func isOver(_ token: RefusedToken, at time: WallTime) -> Bool {
        let lifetime = token.expiresIn.map { Duration.seconds($0) } ?? Self.unpromisedLifetime
        return time >= token.issuedAt + lifetime || time < token.issuedAt
    }
}
