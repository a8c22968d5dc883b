import WatchCore

/// Kept sessions that have an account of their own: what happens to the logins' user does not touch them, and the other
/// way round.
extension FlowRun {
    /// Ends a login run whose own tokens are nobody's session: begins what is missing with the session's account.
    func settleBesideSessionAccount(
        _ chain: TokenChain, _ client: RegisteredClient, _ approach: Approach
    ) async throws(Halted) {
        let server = approach.server
        await revoke(chain, as: client, at: server.metadata)
        unkept = nil
        let call = approach.challenge.protected
        if canRevoke(at: server.metadata) { await noteIfRefused(chain, because: .revocation, call) }
        let state = await environment.memory.state
        let isMissing = keptSession(.ordinary, of: server, in: state) == nil
        guard isMissing || target.keepsIdleSession && state.sessions.idle == nil else { return }
        guard let own = await logInWithSessionAccount(approach) else { return }
        if isMissing { try await keep(own) } else { try await fallAsleep(own) }
    }

    /// One login of the session's account; what goes wrong is told at step `session`.
    private func logInWithSessionAccount(_ approach: Approach) async -> TokenChain? {
        guard let account = target.sessionAccount else { return nil }
        var target = target
        (target.username, target.password) = (account.username, account.password)
        var environment = environment
        environment.memory = SessionAccountMemory(base: environment.memory)
        environment.observer = nil
        let run = FlowRun(.login, target: target, environment: environment)
        run.endpoint = endpoint
        run.spoken = spoken
        var chain: TokenChain?
        do throws(Halted) {
            chain = try await run.authorizeAndCall(approach.server, approach.challenge).0
            run.unkept = nil
        } catch {
            // Why is among its findings.
        }
        await run.cleanUp()
        _ = await run.finish()
        adopt(exchangesOf: run)
        note { record in
            record.facts.passwordSubmissions += run.record.facts.passwordSubmissions
            record.facts.passwordRejections += run.record.facts.passwordRejections
        }
        if chain == nil, let blamed = run.record.blamed { add(Self.told(blamed, of: account)) }
        return chain
    }

    private static func told(_ finding: Finding, of account: TargetSettings.Account) -> Finding {
        Finding(
            finding.check, finding.severity,
            "no session can begin with its own account `\(account.username)`: \(finding.message)",
            evidence: finding.evidence, remedy: finding.remedy, step: .session, layer: finding.layer)
    }
}

/// The state as a login of the session's account sees it: with a history of passwords of its own.
struct SessionAccountMemory: TargetMemory {
    let base: any TargetMemory

    var state: TargetState {
        get async {
            var state = await base.state
            swap(&state.login, &state.sessions.login)
            return state
        }
    }

    func update(
        _ durability: StateDurability, _ change: @escaping @Sendable (inout TargetState) -> Void
    ) async throws(MemoryFailure) {
        try await base.update(durability) { state in
            swap(&state.login, &state.sessions.login)
            change(&state)
            swap(&state.login, &state.sessions.login)
        }
    }
}
