import OAuthFlow
import WatchCore

/// Tokens that must be dead: used, revoked, or refused before.
extension GuardScene {
    /// A client may repeat a refresh whose answer was lost, so a token may be taken again for a moment.
    func replayRefreshToken() async throws(Unscored) -> Attempt {
        guard try await session().chain.refreshToken != nil else { return .notApplicable("no refresh token is issued") }
        let (old, new, client) = try await refreshSession()
        guard let token = old.refreshToken else { return .notApplicable("no refresh token is issued") }
        let isRotated = new.refreshToken != token
        if !isRotated, client.clientSecret != nil, client.authenticationMethod != "none" {
            // Only public clients must have their refresh tokens rotated (OAuth 2.1 §4.3.1).
            return .notApplicable("refresh tokens of confidential clients are not rotated")
        }
        // Some servers end the old one when the new access token is first used, so that a lost answer does no harm.
        if isRotated { try await prove(new) }
        var attempt = try await tokens(refresh(token, as: client), for: client).attempt
        if case .accepted = attempt, isRotated {
            try await wait()
            attempt = try await tokens(refresh(token, as: client), for: client).attempt
        }
        await goOn(with: new, client)
        return attempt
    }

    /// Revokes the access token, then the refresh token, and tries both.
    ///
    /// Source: RFC 7009 §2: refresh tokens must be revocable, access tokens should be.
    func useRevokedTokens() async throws(Unscored) -> Attempt {
        guard server.revocationEndpoint != nil else { return .notApplicable("there is no revocation") }
        let (chain, client) = try await session()
        defer { sacrifice.end() }
        let endsAccess = try await revoke(chain.accessToken, "access_token", client)
        var refreshIsDead: Bool?
        if let token = chain.refreshToken, try await revoke(token, "refresh_token", client) {
            switch try await tokens(refresh(token, as: client), for: client).attempt {
            case .accepted(let proof): return .accepted("the revoked refresh token: \(proof)")
            case .refused: refreshIsDead = true
            case let other: return other
            }
        }
        guard endsAccess else {
            return refreshIsDead == true
                ? .refused(Refusal(status: 400)) : .notApplicable("the server refuses to revoke these tokens")
        }
        return try await useRevokedAccessToken(chain.accessToken, refreshIsDead: refreshIsDead)
    }

    private func useRevokedAccessToken(_ token: Secret, refreshIsDead: Bool?) async throws(Unscored) -> Attempt {
        var attempt = try await call(with: token)
        if case .accepted = attempt {
            // What looks tokens up elsewhere may remember the last answer for some seconds.
            try await wait()
            attempt = try await call(with: token)
        }
        switch attempt {
        case .accepted where refreshIsDead == true && Forgery.isSignedJWT(token):
            let message = "a revoked JWT goes on until it expires; only the refresh token ended"
            return .refused(Refusal(status: 200, blemish: .init(severity: .warning, message: message)))
        default: return attempt
        }
    }

    /// Asks for the end of a token.
    ///
    /// - Returns: whether the server says that it did.
    private func revoke(_ token: Secret, _ hint: String, _ client: RegisteredClient) async throws(Unscored) -> Bool {
        guard let endpoint = server.revocationEndpoint, run.environment.permitsSecrets(endpoint.origin) else {
            return false
        }
        let pairs = [FormPair("token", token.reveal()), FormPair("token_type_hint", hint)]
        let response = try await send(client.request(.guarding, endpoint, pairs))
        return (200...299).contains(response.status)
    }

    /// Uses a session further if the guards have left it alive.
    func goOn(with chain: TokenChain, _ client: RegisteredClient) async {
        if (try? await prove(chain)) != nil { sacrifice.use(chain, client) } else { sacrifice.end() }
    }

    private func wait() async throws(Unscored) {
        do {
            try await run.environment.clock.sleep(until: run.environment.clock.now + settings.refreshGrace)
        } catch {
            throw Unscored("the run was stopped")
        }
    }
}
