import Crypto
import JSONReader
import WatchCore

/// What the server does not refuse although it should: one weakness for each guard.
extension LabCall {
    /// Whether the server fails a guard.
    func isWeak(_ id: CheckID) -> Bool { behaviour.weaknesses.contains(id) }

    // MARK: MCP

    /// Who asks, for a server that lets in whom it should not.
    var weakGrant: Grant? {
        if request.bearerToken == nil { return grantWithoutBearer }
        guard let token = request.bearerToken else { return nil }
        let weak = behaviour.weaknesses
        return store.withLock { state in
            if weak.contains(.mcpExpiredToken), let held = state.accessTokens[token] { return held.grant }
            if weak.contains(.mcpRefreshAsAccess), let held = state.refreshTokens[token] { return held.grant }
            let isMadeUp = !token.hasPrefix("at_") && !token.hasPrefix("rt_") && !token.contains(".")
            if weak.contains(.mcpGarbageToken), isMadeUp { return .anybody("") }
            if weak.contains(.mcpTamperedToken),
                state.accessTokens.keys.contains(where: { $0.differsALittle(from: token) })
            {
                return .anybody("")
            }
            return weak.contains(.mcpAlgNone) && token.hasSuffix(".") && token.contains(".") ? .anybody("") : nil
        }
    }

    private var grantWithoutBearer: Grant? {
        let now = now
        var token: String?
        if isWeak(.mcpBasicScheme) { token = request.credential(of: "Basic") }
        if isWeak(.mcpQueryToken) { token = token ?? request.query["access_token"] }
        return store.withLock { state in
            if let token { return state.grant(accessToken: token, now: now) }
            let session = request.fields["Mcp-Session-Id"].map { state.sessions.contains($0) } ?? false
            return session && isWeak(.mcpSessionWithoutToken) ? .anybody("") : nil
        }
    }

    /// Whether a token may be asked for a resource.
    func isResource(_ uri: String) -> Bool { resources.contains(uri) || isWeak(.mcpOtherAudience) }

    // MARK: Authorization

    /// A client that nobody registered.
    func strangeClient(_ id: String, _ query: [FormPair]) -> LabClient? {
        guard isWeak(.authorizeUnknownClient), let uri = query["redirect_uri"] else { return nil }
        return LabClient(id: id, secret: nil, method: .none, name: "", redirectURIs: [uri], grantTypes: [])
    }

    /// Whether a redirect URI is taken that is not registered.
    func isWeakly(allowed uri: String, for client: LabClient) -> Bool {
        let isForeign = WebURL(uri).map { !$0.isLoopback } ?? false
        if isForeign { return isWeak(.authorizeUnregisteredRedirect) }
        return isWeak(.authorizeRedirectPrefix) && client.redirectURIs.contains { uri.hasPrefix($0) }
    }

    /// Whether a request goes on without a proof key, or with a weak one.
    func isWeakly(challenged query: [FormPair]) -> Bool {
        query["code_challenge"] == nil
            ? isWeak(.authorizeNoPkce) : query["code_challenge_method"] == "plain" && isWeak(.authorizePlainPkce)
    }

    /// The redirect of the implicit grant.
    ///
    /// Source: RFC 6749 §4.2.2.
    func implicitRedirect(_ request: AuthorizationRequest, user: String) -> LabResponse {
        let now = now
        let lifetime = Duration.seconds(configuration.expiresIn)
        let grant = Grant(
            clientID: request.clientID, user: user, scopes: request.scopes, family: LabState.random("family"))
        let tokens = store.withLock { state in
            state.stats.logins += 1
            return state.issue(grant, lifetime: lifetime, withRefreshToken: false, now: now)
        }
        var pairs = [FormPair("access_token", tokens.access), FormPair("token_type", "Bearer")]
        if let state = request.state { pairs.append(FormPair("state", state)) }
        return .redirect(to: "\(request.redirectURI)#\(FormPair.encode(pairs))")
    }

    /// The session that a form without cookie belongs to, by its token.
    func sessionOfForm(_ form: [FormPair]) -> String? {
        guard isWeak(.authorizeCsrf), let token = form["csrf_token"] else { return nil }
        return store.withLock { state in state.logins.first { $0.value.formToken == token }?.key }
    }

    /// The pages of a login; they carry the redirect URI where the server takes it back from them.
    func page(for login: PendingLogin) -> LoginPage {
        var page = page
        if isWeak(.authorizePostTampered) { page.redirectURI = login.request.redirectURI }
        return page
    }

    // MARK: Tokens

    /// A client that the token endpoint does not know.
    func unknownClient(_ id: String) -> LabClient? {
        guard isWeak(.tokenUnknownClient) else { return nil }
        return LabClient(
            id: id, secret: nil, method: .none, name: "", redirectURIs: [], grantTypes: ["authorization_code"])
    }

    /// What is known of a token.
    ///
    /// Source: RFC 7662 §2.
    func introspect() -> LabResponse {
        do throws(OAuthError) {
            let form = try oauthForm()
            if !isWeak(.introspectOpen), try authenticate(form).secret == nil {
                throw .invalidClient("public clients may not ask")
            }
            let now = now
            let grant = store.withLock { $0.grant(accessToken: form["token"] ?? "", now: now) }
            guard let grant else { return .json(["active": false], Self.noStore) }
            return .json(
                [
                    "active": true, "sub": .string(grant.user), "client_id": .string(grant.clientID),
                    "scope": .string(grant.scopes.joined(separator: " ")),
                ], Self.noStore)
        } catch {
            return refuse(error)
        }
    }
}

extension String {
    /// Whether it is another text but for one character.
    fileprivate func differsALittle(from other: String) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).count(where: { $0 != $1 }) == 1
    }
}
