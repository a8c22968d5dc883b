import WatchCore

extension LabCall {
    /// Name of the cookie that ties a browser to its login.
    static let cookie = "lab_session"

    /// Begins a login: its first page, or the redirect when no page is needed.
    ///
    /// Source: OAuth 2.1 §4.1.1.
    func startLogin() -> LabResponse {
        switch behaviour.login.opening {
        case .redirectLoop: return .redirect(to: sites.here + request.target)
        case .redirectElsewhere: return .redirect(to: sites.elsewhere + request.target)
        case .page: break
        }
        let query = request.query
        // Nothing is redirected before client and redirect URI are known to belong together.
        guard let id = query["client_id"],
            let client = client(id, redirectURI: query["redirect_uri"]) ?? strangeClient(id, query)
        else {
            return page.notice("Unknown client", "This client is not registered here.", status: 400)
        }
        guard let redirectURI = query["redirect_uri"],
            client.allows(redirectURI: redirectURI, comparesPorts: behaviour.registration.comparesPorts)
                || isWeakly(allowed: redirectURI, for: client)
        else {
            return page.notice("Wrong redirect", "This redirect URI is not registered for the client.", status: 400)
        }
        do throws(OAuthError) {
            return begin(try authorizationRequest(query, client: client, redirectURI: redirectURI))
        } catch {
            let pairs = [FormPair("error", error.code), FormPair("error_description", error.detail)]
            return redirect(to: redirectURI, state: query["state"], pairs)
        }
    }

    /// A registered client, or one whose document the lab takes on trust.
    private func client(_ id: String, redirectURI: String?) -> LabClient? {
        store.withLock { state in
            if let client = state.clients[id] { return client }
            guard behaviour.registration.takesClientDocuments, id.hasPrefix("https://"), let redirectURI else {
                return nil
            }
            let client = LabClient(
                id: id, secret: nil, method: .none, name: id, redirectURIs: [redirectURI],
                grantTypes: ["authorization_code", "refresh_token"])
            state.clients[id] = client
            return client
        }
    }

    private func authorizationRequest(
        _ query: [FormPair], client: LabClient, redirectURI: String
    ) throws(OAuthError) -> AuthorizationRequest {
        guard !query.filter({ $0.name != "resource" }).hasDuplicates else {
            throw .invalidRequest("a parameter stands more than once")
        }
        let isImplicit = query["response_type"] == "token" && isWeak(.authorizeImplicit)
        guard query["response_type"] == "code" || isImplicit else {
            throw OAuthError(code: "unsupported_response_type", detail: "response_type must be code")
        }
        let challenge = query["code_challenge"] ?? ""
        let hasProof = query["code_challenge_method"] == "S256" && challenge.utf8.count == 43
        guard hasProof || isWeakly(challenged: query) else {
            throw .invalidRequest("a code_challenge by S256 is required")
        }
        guard query.filter({ $0.name == "resource" }).allSatisfy({ isResource($0.value) }) else {
            throw OAuthError(code: "invalid_target", detail: "resource is not this server")
        }
        let scopes = query["scope"].map { $0.split(separator: " ").map { String($0) } } ?? Self.ordinaryScopes
        guard Set(scopes).isSubset(of: Self.scopes + ["openid", "offline_access"]) else {
            throw OAuthError(code: "invalid_scope", detail: "a scope is unknown")
        }
        return AuthorizationRequest(
            clientID: client.id, redirectURI: redirectURI, state: query["state"], challenge: challenge, scopes: scopes,
            isImplicit: isImplicit)
    }

    private func begin(_ request: AuthorizationRequest) -> LabResponse {
        guard let first = behaviour.login.stages.first else {
            return finish(request, user: configuration.username)
        }
        let session = LabState.random("session")
        let login = PendingLogin(
            request: request, stages: behaviour.login.stages, formToken: LabState.random("csrf"), user: nil)
        store.withLock { $0.logins[session] = login }
        var response = page(for: login).show(first, formToken: login.formToken)
        response.fields["Set-Cookie"] = "\(Self.cookie)=\(session); Path=/; HttpOnly; SameSite=Lax"
        return response
    }

    /// The redirect with the code.
    ///
    /// Source: OAuth 2.1 §4.1.2.
    func finish(_ request: AuthorizationRequest, user: String) -> LabResponse {
        guard !behaviour.redirect.deniesAccess else {
            return redirect(to: request.redirectURI, state: request.state, [FormPair("error", "access_denied")])
        }
        let now = now
        if request.isImplicit { return implicitRedirect(request, user: user) }
        let code = store.withLock { state in
            state.stats.logins += 1
            return state.issueCode(for: request, user: user, now: now)
        }
        let pairs = [FormPair("code", code)]
        return redirect(
            to: request.redirectURI, state: request.state, behaviour.redirect.repeatsCode ? pairs + pairs : pairs)
    }

    /// A redirect to the client with `state` and `iss`.
    ///
    /// Source: RFC 9207 §2.
    func redirect(to uri: String, state: String?, _ pairs: [FormPair]) -> LabResponse {
        var pairs = pairs
        if let state { pairs.append(FormPair("state", behaviour.redirect.changesState ? "\(state)x" : state)) }
        switch behaviour.redirect.issuer {
        case .present: pairs.append(FormPair("iss", issuer))
        case .omitted: break
        case .other: pairs.append(FormPair("iss", "https://issuer.lab.invalid"))
        }
        let base = behaviour.redirect.goesElsewhere ? "\(sites.elsewhere)/callback" : uri
        let separator = base.contains("?") ? "&" : "?"
        return .redirect(to: base + separator + FormPair.encode(pairs), status: behaviour.redirect.status)
    }
}
