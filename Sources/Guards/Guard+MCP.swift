import OAuthFlow
import WatchCore

/// Guards of the MCP endpoint, or of the API that stands for it.
extension Guard {
    static let mcp: [Guard] = [
        Guard(.mcpGarbageToken, "a made-up token opens the door") { scene throws(Unscored) in
            try await scene.call(with: Secret(scene.madeUp()))
        },
        Guard(.mcpTamperedToken, "a token with one character changed opens the door") { scene throws(Unscored) in
            guard let token = Forgery.tampered(try scene.token()) else {
                return .notApplicable("the token is too short")
            }
            return try await scene.call(with: scene.noted(token))
        },
        Guard(.mcpAlgNone, "a JWT that nobody signed opens the door") { scene throws(Unscored) in
            guard let token = Forgery.unsigned(try scene.token()) else { return .notApplicable("the token is no JWT") }
            return try await scene.call(with: scene.noted(token))
        },
        Guard(.mcpBasicScheme, "a token behind the scheme Basic opens the door") { scene throws(Unscored) in
            let token = try scene.token()
            return try await scene.call(with: token) { $0.fields["Authorization"] = "Basic \(token.reveal())" }
        },
        Guard(.mcpExpiredToken, "a token opens the door after its expiry") { scene throws(Unscored) in
            try await scene.callWithExpiredToken()
        },
        Guard(.mcpSessionWithoutToken, "an MCP session id opens the door without a token") { scene throws(Unscored) in
            try await scene.callInSessionWithoutToken(try scene.token())
        },
        Guard(.mcpBadOrigin, "a request from a foreign Origin is answered") { scene throws(Unscored) in
            if case .api = scene.flow.challenge.protected { return .notApplicable("this is no MCP server") }
            return try await scene.call(with: try scene.token()) { $0.fields["Origin"] = "https://oauthwatch.invalid" }
        },
    ]
}

extension GuardScene {
    /// A token that was made here, known to the redaction.
    func noted(_ token: Secret) -> Secret {
        run.note { $0.secrets.add(token.reveal()) }
        return token
    }

    /// How long after its promised end a token must be dead: servers allow for clocks that differ, up to five minutes.
    static let expirySkew: Duration = .seconds(330)

    /// Tries the token that was kept until it expired.
    fileprivate func callWithExpiredToken() async throws(Unscored) -> Attempt {
        guard let chain = await run.environment.memory.state.guards.expiring, chain.issuer == server.askedIssuer,
            let lifetime = chain.expiresIn
        else { return .notApplicable("no token is kept until it expires") }
        guard abs(run.record.facts.clockSkew ?? 0) <= 60 else { throw Unscored("the clocks differ too much") }
        guard run.now >= chain.issuedAt + .seconds(lifetime) + Self.expirySkew else {
            throw Unscored("the kept token has not expired yet")
        }
        let attempt = try await call(with: noted(chain.accessToken))
        guard case .refused(var refusal) = attempt, refusal.status != 401 else { return attempt }
        refusal.blemish = .init(
            severity: .warning,
            message: "an expired token is refused with \(refusal.status), not 401: clients do not refresh then")
        return .refused(refusal)
    }
}
