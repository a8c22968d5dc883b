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
        static let kept = RefreshChecks(
            step: .session, status: .sessionRefresh, accessToken: .sessionRefresh, works: .sessionRefresh)
    }

    /// Exchanges the refresh token for new tokens.
    ///
    /// - Parameter persists: whether `chain` is the one in the state directory, so that an interruption loses it.
    /// - Returns: the chain as it is now.
    func refresh(
        _ chain: TokenChain, as client: RegisteredClient, of server: DiscoveredServer, _ checks: RefreshChecks,
        persists: Bool
    ) async throws(Halted) -> TokenChain {
        guard let refreshToken = chain.refreshToken else { return chain }
        let response = try await requestRefresh(refreshToken, client, server, checks, persists: persists)
        let answer: TokenAnswer
        // That the server forgot the client is another fault than that it forgot the token.
        let status = checks.step == .session && response.refusesTheClient ? .sessionClient : checks.status
        do throws(Halted) {
            try await refuseOutage(response, checks)
            answer = try tokens(response, status: status, accessToken: checks.accessToken)
        } catch {
            guard !Self.isOutage(response) else { throw error }
            note { $0.facts.refreshesRefused += 1 }
            // A refused chain is dead: keeping it would only repeat the refusal.
            if persists {
                try await remember {
                    $0.chain = nil; $0.intent = nil
                }
            }
            throw error
        }
        note { $0.facts.refreshes += 1 }
        var next = chain
        next.accessToken = answer.accessToken
        next.refreshToken = answer.refreshToken ?? refreshToken
        next.scope = answer.scope ?? chain.scope
        next.issuedAt = now
        next.expiresIn = answer.lifetime
        if persists {
            let kept = next
            try await remember {
                $0.chain = kept; $0.intent = nil
            }
        }
        judge(answer, after: chain, client, checks)
        if answer.refreshToken == nil, checks.step == .refresh {
            // The second refresh may end the life of the first one's token, so its own is the newest.
            next.accessToken = try await provePersistence(of: refreshToken, client, server).accessToken
        }
        return next
    }

    /// An answer that says nothing about the refresh token.
    private static func isOutage(_ response: HTTPResponse) -> Bool { response.status == 429 || response.status >= 500 }

    /// A kept chain is not dead because the token endpoint is down: the next run tries it again, as a client would.
    private func refuseOutage(_ response: HTTPResponse, _ checks: RefreshChecks) async throws(Halted) {
        guard Self.isOutage(response) else { return }
        if checks.step == .session { try await remember { $0.intent = nil } }
        throw halt(
            status: response, of: "the token endpoint", for: checks.step == .session ? .tokenStatus : checks.status,
            step: checks.step)
    }

    private func requestRefresh(
        _ token: Secret, _ client: RegisteredClient, _ server: DiscoveredServer, _ checks: RefreshChecks, persists: Bool
    ) async throws(Halted) -> HTTPResponse {
        var pairs = [FormPair("grant_type", "refresh_token"), FormPair("refresh_token", token.reveal())]
        if let resource = server.resource { pairs.append(FormPair("resource", resource)) }
        if persists {
            let began = now
            try await remember { $0.intent = Intent(.refresh, at: began) }
        }
        let request = client.request(checks.step, server.metadata.tokenEndpoint, pairs)
        do throws(Halted) {
            return try await answer(to: request, for: checks.status)
        } catch {
            // Whether the server took the old token is unknown: the chain is given up, not replayed.
            if persists {
                try await remember {
                    $0.chain = nil; $0.intent = nil
                }
            }
            throw error
        }
    }

    /// Whether the server took the old token is unknown: it is not replayed, which could look like theft.
    private func giveUpChain() async throws(Halted) {
        check(
            .sessionInterrupted, false, "the refresh was not answered; the kept session is given up as unknown")
        try await remember { state in
            state.chain = nil
            state.intent = nil
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
            let lost = Set(before.split(separator: " ")).subtracting(after.split(separator: " ")).sorted()
            check(
                .refreshScope, lost.isEmpty, "the refresh lost scopes", evidence: lost.joined(separator: " "),
                step: checks.step)
        }
    }

    /// No refresh token in the answer means that the old one stays good: tried, because clients rely on it.
    private func provePersistence(
        of token: Secret, _ client: RegisteredClient, _ server: DiscoveredServer
    ) async throws(Halted) -> TokenAnswer {
        let response = try await requestRefresh(token, client, server, .fresh, persists: false)
        guard response.status == 200 else {
            throw halt(
                .refreshRotation, .failure,
                "the refresh answer has no refresh token, and the old one is refused with \(response.status)",
                evidence: summary(response))
        }
        return try tokens(response, status: .refreshStatus, accessToken: .refreshAccessToken)
    }
}
