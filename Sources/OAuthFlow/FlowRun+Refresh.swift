import WatchCore

/// Step `refresh`, and the refresh of a kept session.
extension FlowRun {
    /// The checks to score: those of a fresh chain, or of one kept from an earlier run.
    struct RefreshChecks {
        var step: Step
        var status: CheckID
        var accessToken: CheckID
        var works: CheckID

        static let fresh = RefreshChecks(
            step: .refresh, status: .refreshStatus, accessToken: .refreshAccessToken, works: .refreshWorks)
        /// The session whose state the tokens belong to; nil for a chain that nothing keeps yet.
        var canary: SessionCanary?

        /// Those of a kept session.
        static func kept(_ canary: SessionCanary) -> RefreshChecks {
            RefreshChecks(
                step: .session, status: .sessionRefresh, accessToken: .sessionRefresh, works: .sessionRefresh,
                canary: canary)
        }
    }

    /// Exchanges the refresh token for new tokens.
    ///
    /// - Returns: the chain as it is now; that of a kept session is on disk.
    func refresh(
        _ chain: TokenChain, as client: RegisteredClient, of server: DiscoveredServer, _ checks: RefreshChecks
    ) async throws(Halted) -> TokenChain {
        guard let refreshToken = chain.refreshToken else { return chain }
        let response = try await requestRefresh(refreshToken, client, server, checks)
        try await refuseOutage(response, checks)
        let answer: TokenAnswer
        do throws(Halted) {
            if let canary = checks.canary, response.status != 200 {
                judgeErrorCode(of: response, at: .session)
                throw try await died(chain, client, canary, response)
            }
            answer = try tokens(response, status: checks.status, accessToken: checks.accessToken)
        } catch {
            note { $0.facts.refreshesRefused += 1 }
            // A refused chain is dead: keeping it would only repeat the refusal.
            if let canary = checks.canary { try await giveUp(canary) }
            throw error
        }
        note { $0.facts.refreshes += 1 }
        let next = chain.refreshed(by: answer, at: now)
        if let canary = checks.canary { try await keep(next, of: canary, after: chain) }
        judge(answer, after: chain, client, checks)
        guard answer.refreshToken == nil else { return next }
        var newest = next
        if checks.step == .refresh {
            // The second refresh may end the life of the first one's token, so its own is the newest.
            newest = next.refreshed(by: try await provePersistence(of: refreshToken, client, server), at: now)
        }
        noteUnreplaced(client, checks.step)
        return newest
    }

    /// Some servers let the old refresh token live for a grace of seconds only: then this is all that shows before.
    private func noteUnreplaced(_ client: RegisteredClient, _ step: Step) {
        guard client.clientSecret == nil else { return }
        check(
            .refreshRotation, false, .info,
            "the refresh answer has no refresh token: clients go on with the one they have",
            remedy: """
                Give out a new refresh token with each refresh. Where the one that was sent ends a while later, everybody is \
                logged out then.
                """, step: step)
    }

    /// The new tokens of a kept session, and at which age its refresh token was tried.
    private func keep(_ next: TokenChain, of canary: SessionCanary, after chain: TokenChain) async throws(Halted) {
        let age = now - chain.issuedAt
        let wasDue = chain.isDue(at: now) || age >= Self.longestUnrefreshed
        try await remember(.written) { state in
            state[canary] = next
            state.intent = nil
            if canary == .ordinary { state.sessions.triedAge = wasDue ? 0 : Int(age.seconds) }
        }
    }

    /// The session cannot be used any more.
    func giveUp(_ canary: SessionCanary) async throws(Halted) {
        try await remember { state in
            state[canary] = nil
            state.intent = nil
        }
    }

    /// An answer that says nothing about the refresh token: an outage, a limit, a page of something in front.
    private static func isOutage(_ response: HTTPResponse) -> Bool {
        response.status == 429 || response.status >= 500 || response.status == 404 || response.status == 405
            || (response.isPage && response.status != 200)
    }

    /// A kept chain is not dead because the token endpoint is down: the next run tries it again, as a client would.
    private func refuseOutage(_ response: HTTPResponse, _ checks: RefreshChecks) async throws(Halted) {
        guard Self.isOutage(response) else { return }
        if checks.canary != nil {
            try await remember { $0.intent = nil }
        } else {
            note { $0.facts.refreshesRefused += 1 }
        }
        throw halt(
            status: response, of: "the token endpoint", for: checks.step == .session ? .tokenStatus : checks.status,
            step: checks.step)
    }

    private func requestRefresh(
        _ token: Secret, _ client: RegisteredClient, _ server: DiscoveredServer, _ checks: RefreshChecks
    ) async throws(Halted) -> HTTPResponse {
        var pairs = [FormPair("grant_type", "refresh_token"), FormPair("refresh_token", token.reveal())]
        if let resource = server.resource { pairs.append(FormPair("resource", resource)) }
        if let canary = checks.canary {
            let intent = Intent(canary == .ordinary ? .refresh : .idleRefresh, at: now)
            try await remember { $0.intent = intent }
        }
        let request = client.request(checks.step, server.metadata.tokenEndpoint, pairs)
        do throws(Halted) {
            return try await answer(to: request, for: checks.status)
        } catch {
            // Whether the server took the old token is unknown: it is not replayed, which could look like theft.
            if let canary = checks.canary { try await giveUp(canary) }
            throw error
        }
    }

    private func judge(
        _ answer: TokenAnswer, after chain: TokenChain, _ client: RegisteredClient, _ checks: RefreshChecks
    ) {
        check(
            .refreshSameToken, answer.accessToken != chain.accessToken, "the refresh brought the same access token",
            step: checks.step)
        if client.clientSecret == nil, let new = answer.refreshToken {
            check(
                .refreshRotation, new != chain.refreshToken, .info, "the refresh token is not rotated",
                step: checks.step)
        }
        if let before = chain.scope, let after = answer.scope {
            let lost = Set(before.scopeNames).subtracting(after.scopeNames).sorted()
            check(
                .refreshScope, lost.isEmpty, "the refresh lost scopes", evidence: lost.joined(separator: " "),
                step: checks.step)
        }
    }

    /// No refresh token in the answer means that the old one stays good: tried, because clients rely on it.
    private func provePersistence(
        of token: Secret, _ client: RegisteredClient, _ server: DiscoveredServer
    ) async throws(Halted) -> TokenAnswer {
        let response = try await requestRefresh(token, client, server, .fresh)
        guard response.status == 200 else {
            judgeErrorCode(of: response, at: .refresh)
            throw halt(
                .refreshRotation, .failure,
                "the refresh answer has no refresh token, and the old one is refused with \(response.status)",
                evidence: summary(response))
        }
        return try tokens(response, status: .refreshStatus, accessToken: .refreshAccessToken)
    }
}

extension TokenChain {
    /// The chain after a refresh. What an answer leaves out stays as it was.
    func refreshed(by answer: TokenAnswer, at time: WallTime) -> TokenChain {
        var next = self
        next.accessToken = answer.accessToken
        next.refreshToken = answer.refreshToken ?? refreshToken
        next.scope = answer.scope ?? scope
        next.issuedAt = time
        next.expiresIn = answer.lifetime
        next.refreshExpiresIn = answer.refreshLifetime ?? (answer.refreshToken == nil ? refreshExpiresIn : nil)
        return next
    }
}
