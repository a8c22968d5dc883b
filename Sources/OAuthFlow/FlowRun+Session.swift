import WatchCore

/// Step `session`: the tokens kept from an earlier run.
extension FlowRun {
    /// Uses the kept chain, and refreshes it when due.
    ///
    /// - Parameters:
    ///   - always: refresh even when not due: the chain is about to be replaced.
    /// - Returns: the chain that still lives; nil when there is none any more.
    func useKeptSession(
        _ call: ProtectedCall, of server: DiscoveredServer, refreshAlways always: Bool
    ) async -> TokenChain? {
        let state = await giveUpInterrupted()
        guard let chain = state.chain, let client = state.client, chain.issuer == server.metadata.askedIssuer,
            chain.clientID == client.clientID
        else { return nil }
        await enter(.session, detail: "Using the kept session...")
        note { record in
            record.facts.sessionStart = chain.startedAt
            record.secrets.add(chain.accessToken.reveal())
            if let token = chain.refreshToken { record.secrets.add(token.reveal()) }
            if let secret = client.clientSecret { record.secrets.add(secret.reveal()) }
        }
        let living = try? await live(chain, client, call, server, refreshAlways: always)
        if !Task.isCancelled { note { $0.facts.sessionAlive = living != nil } }
        await leave()
        return living
    }

    private func live(
        _ chain: TokenChain, _ client: RegisteredClient, _ call: ProtectedCall, _ server: DiscoveredServer,
        refreshAlways: Bool
    ) async throws(Halted) -> TokenChain {
        var chain = chain
        var isOver = chain.isDue(at: now)
        if !isOver {
            isOver = try await !isTaken(chain, call)
            guard isOver || refreshAlways else { return chain }
            if isOver, chain.refreshToken == nil {
                try await remember { $0.chain = nil }
                throw Halted()
            }
        }
        guard chain.refreshToken != nil else {
            if isOver { try await remember { $0.chain = nil } }
            return chain
        }
        chain = try await refresh(chain, as: client, of: server, .kept, persists: true)
        _ = try await use(chain, call, blaming: .sessionRefresh)
        return chain
    }

    /// Uses the access token before its time is over.
    ///
    /// - Returns: false when it is refused; a client would then refresh, and so shall we.
    private func isTaken(_ chain: TokenChain, _ call: ProtectedCall) async throws(Halted) -> Bool {
        pass(.sessionEarlyDeath)
        do throws(Halted) {
            // Without a promised lifetime a token may end at any time.
            return try await use(chain, call, blaming: chain.expiresIn == nil ? nil : .sessionEarlyDeath)
        } catch {
            guard record.exchanges.last?.response?.status == 401 else { throw error }
            return false
        }
    }

    /// - Returns: false when the token is refused and no check is to blame for that.
    private func use(_ chain: TokenChain, _ call: ProtectedCall, blaming id: CheckID?) async throws(Halted) -> Bool {
        do throws(CallRefusal) {
            try await callAuthenticated(call, token: chain.accessToken, blaming: id, in: .session)
            return true
        } catch {
            switch error {
            case .halted: throw Halted()
            case .unauthorized: return false
            case .insufficientScope: throw halt(id ?? .mcpStatus, .failure, "the kept token has lost its scope")
            }
        }
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
