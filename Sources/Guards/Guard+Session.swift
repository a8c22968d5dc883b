import OAuthFlow
import WatchCore

/// Guards that use the tokens of a sacrificial session.
extension Guard {
    /// They leave the session alive where all is well.
    static let sessionTokens: [Guard] = [
        Guard(.mcpQueryToken, "a token in the query string opens the door") { scene throws(Unscored) in
            let token = try await scene.session().chain.accessToken
            return try await scene.call(with: token) { request in
                request.fields["Authorization"] = nil
                request.url = request.url.addingQuery([FormPair("access_token", token.reveal())])
            }
        },
        Guard(.mcpRefreshAsAccess, "a refresh token opens the door") { scene throws(Unscored) in
            guard let token = try await scene.session().chain.refreshToken else {
                return .notApplicable("no refresh token is issued")
            }
            return try await scene.call(with: token)
        },
        Guard(.refreshAccessAsRefresh, "an access token is taken as a refresh token", codes: ["invalid_grant"]) {
            scene throws(Unscored) in
            let (chain, client) = try await scene.session()
            let attempt = try await scene.tokens(scene.refresh(chain.accessToken, as: client), for: client).attempt
            if case .accepted = attempt { scene.sacrifice.end() }
            return attempt
        },
        Guard(
            .mcpOtherAudience, "a token that was issued for another resource opens the door",
            codes: ["invalid_target", "invalid_token"]
        ) {
            scene throws(Unscored) in
            try await scene.callWithOtherAudience()
        },
        Guard(.refreshWiderScope, "a refresh grants more scope than the login", codes: ["invalid_scope"]) {
            scene throws(Unscored) in
            try await scene.refreshWithWiderScope()
        },
    ]

    /// They may end the session, so they come last.
    static let risky: [Guard] = [
        Guard(
            .refreshOtherClient, "a refresh token is taken from another client",
            codes: ["invalid_grant", "invalid_client", "unauthorized_client"]
        ) { scene throws(Unscored) in
            guard let token = try await scene.session().chain.refreshToken else {
                return .notApplicable("no refresh token is issued")
            }
            let other = try await scene.sacrifice.client(.second, in: scene)
            let attempt = try await scene.tokens(scene.refresh(token, as: other), for: other).attempt
            if case .accepted = attempt { scene.sacrifice.end() }
            return attempt
        },
        Guard(.refreshReplay, "a refresh token that was used is taken again", codes: ["invalid_grant"]) {
            scene throws(Unscored) in
            try await scene.replayRefreshToken()
        },
        Guard(.tokenCodeReplay, "a code is redeemed twice", codes: ["invalid_grant"]) { scene throws(Unscored) in
            scene.sacrifice.end()
            let code = try await scene.sacrifice.code(in: scene)
            let (first, chain) = try await scene.tokens(scene.redemption(code), for: code.client)
            guard let chain else { throw Unscored("a fresh code is not redeemed: \(first)") }
            let attempt = try await scene.tokens(scene.redemption(code), for: code.client).attempt
            await scene.goOn(with: chain, code.client)
            return attempt
        },
        Guard(.revokeIgnored, "a revoked token goes on working") { scene throws(Unscored) in
            try await scene.useRevokedTokens()
        },
    ]
}

extension GuardScene {
    fileprivate static let otherResource = "https://oauthwatch.invalid/mcp"

    /// A server may refuse the other resource at the authorization, at the token endpoint, or refuse the token.
    fileprivate func callWithOtherAudience() async throws(Unscored) -> Attempt {
        guard flow.server.resource != nil else { return .notApplicable("no resource is named in this profile") }
        let client = try await sacrifice.client(.first, in: self)
        let authorization = authorization(client, resource: Self.otherResource)
        let url = server.authorizationEndpoint.addingQuery(authorization.pairs(redirectURI: target.redirectURI))
        let end = try await sacrifice.walk(url, in: self)
        guard case .arrived(let callback) = end, let code = callback["code"], !code.isEmpty else {
            return judge(end, nil)
        }
        let issued = IssuedCode(
            code: Secret(code), verifier: authorization.pkce.verifier, client: client, resource: Self.otherResource)
        let (attempt, chain) = try await tokens(redemption(issued), for: client)
        guard let chain else { return attempt }
        return try await call(with: chain.accessToken)
    }

    fileprivate func refreshWithWiderScope() async throws(Unscored) -> Attempt {
        let (chain, client) = try await session()
        guard let token = chain.refreshToken else { return .notApplicable("no refresh token is issued") }
        guard let granted = chain.scope ?? run.scope(after: flow.challenge, of: flow.server) else {
            return .notApplicable("the server does not say what scope it grants")
        }
        let known = Set(granted.split(separator: " ").map(String.init))
        let special: Set = ["openid", "offline_access"]
        let more = (server.scopesSupported ?? []).first { !known.contains($0) && !special.contains($0) }
        guard let more else { return .notApplicable("the server knows no further scope") }
        var request = refresh(token, as: client)
        request.form.append(FormPair("scope", "\(granted) \(more)"))
        let (attempt, fresh) = try await tokens(request, for: client)
        guard var fresh else { return attempt }
        let isWider = fresh.scope?.split(separator: " ").contains(Substring(more)) ?? false
        fresh.refreshToken = fresh.refreshToken ?? token
        fresh.scope = granted
        sacrifice.use(fresh, client)
        guard isWider else { return .refused(Refusal(status: 200)) }
        return .accepted("granted at login: \(granted); after the refresh also: \(more)")
    }
}
