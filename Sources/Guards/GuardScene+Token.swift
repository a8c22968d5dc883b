import JSONReader
import OAuthFlow
import WatchCore

/// Requests to the token, registration and introspection endpoints.
extension GuardScene {
    /// The request that redeems a code.
    func redemption(_ code: IssuedCode) -> HTTPRequest {
        var pairs = [
            FormPair("grant_type", "authorization_code"), FormPair("code", code.code.reveal()),
            FormPair("redirect_uri", target.redirectURI.description), FormPair("code_verifier", code.verifier),
        ]
        if let resource = code.resource { pairs.append(FormPair("resource", resource)) }
        return code.client.request(.guarding, server.tokenEndpoint, pairs)
    }

    /// The request that refreshes.
    func refresh(_ token: Secret, as client: RegisteredClient) -> HTTPRequest {
        var pairs = [FormPair("grant_type", "refresh_token"), FormPair("refresh_token", token.reveal())]
        if let resource = flow.server.resource { pairs.append(FormPair("resource", resource)) }
        return client.request(.guarding, server.tokenEndpoint, pairs)
    }

    /// Sends a request to the token endpoint.
    ///
    /// - Parameter client: whose tokens they are if any come.
    /// - Returns: what it says, and the tokens that came.
    func tokens(
        _ request: HTTPRequest, for client: RegisteredClient
    ) async throws(Unscored) -> (attempt: Attempt, chain: TokenChain?) {
        guard run.environment.permitsSecrets(request.url.origin) else {
            throw Unscored("\(request.url.origin) may not receive credentials")
        }
        let response = try await send(request)
        let json = response.json
        if let json, let answer = TokenAnswer(json), (200...299).contains(response.status) {
            let chain = chain(answer, client)
            sacrifice.hold(chain, client)
            return (.accepted("the token endpoint gave out tokens: \(run.summary(response))"), chain)
        }
        if let refusal = refusal(response) { return (refusal, nil) }
        if let json, json["error"] != nil {
            return (.refused(Refusal(status: response.status, code: OAuthError(response)?.code)), nil)
        }
        return (.unclear("neither tokens nor a refusal: \(run.summary(response))"), nil)
    }

    private func chain(_ answer: TokenAnswer, _ client: RegisteredClient) -> TokenChain {
        run.note { record in
            record.secrets.add(answer.accessToken.reveal())
            if let token = answer.refreshToken { record.secrets.add(token.reveal()) }
        }
        return TokenChain(
            issuer: server.askedIssuer, clientID: client.clientID, accessToken: answer.accessToken,
            refreshToken: answer.refreshToken, scope: answer.scope, issuedAt: run.now, expiresIn: answer.lifetime,
            startedAt: run.now)
    }

    /// The sacrificial session; a login makes one where there is none.
    func session() async throws(Unscored) -> (chain: TokenChain, client: RegisteredClient) {
        if let working = sacrifice.working { return working }
        let code = try await sacrifice.code(in: self)
        let (attempt, chain) = try await tokens(redemption(code), for: code.client)
        guard let chain else { throw Unscored("a sacrificial login brought no tokens: \(attempt)") }
        try await prove(chain)
        sacrifice.use(chain, code.client)
        return (chain, code.client)
    }

    /// Shows that a sacrificial session is as good as the ordinary one.
    func prove(_ chain: TokenChain) async throws(Unscored) {
        switch try await call(with: chain.accessToken) {
        case .accepted, .notApplicable: return
        default:
            throw Unscored("the protected call does not take the token of the sacrificial session")
        }
    }

    /// A refresh of the sacrificial session as it should be.
    ///
    /// - Returns: the tokens before and after.
    func refreshSession() async throws(Unscored) -> (old: TokenChain, new: TokenChain, client: RegisteredClient) {
        let isUsed = sacrifice.working != nil
        let (old, client) = try await session()
        guard let token = old.refreshToken else { throw Unscored("no refresh token is issued") }
        let (attempt, fresh) = try await tokens(refresh(token, as: client), for: client)
        guard var fresh else {
            sacrifice.end()
            // An earlier guard may have ended the session: that is what it was made for.
            if isUsed { return try await refreshSession() }
            throw Unscored("the sacrificial session cannot be refreshed: \(attempt)")
        }
        fresh.refreshToken = fresh.refreshToken ?? token
        fresh.scope = fresh.scope ?? old.scope
        sacrifice.hold(fresh, client)
        sacrifice.use(fresh, client)
        return (old, fresh, client)
    }

    /// Registers a client with the ordinary metadata but for a change, within the budget.
    func register(_ change: (inout [JSON.Member]) -> Void) async throws(Unscored) -> HTTPResponse {
        guard let endpoint = server.registrationEndpoint else { throw Unscored("nothing can be registered") }
        let now = run.now
        // A one-shot run that keeps nothing has registered its ordinary client just now.
        let budget = target.budgets.registrationsPerDay + (target.keepsNothing ? 4 : 0)
        guard await run.environment.memory.state.mayRegister(budget: budget, now: now) else {
            throw Unscored("all \(budget) registrations of the last 24 hours are used up")
        }
        do throws(Halted) {
            try await run.remember { $0.registered(at: now) }
        } catch {
            throw Unscored("the state cannot be written")
        }
        var members = run.registration(server).members ?? []
        change(&members)
        let response = try await send(
            HTTPRequest(
                .guarding, "POST", endpoint, fields: ["Accept": "application/json"], body: .json(.object(members))))
        run.note { record in
            if (200...201).contains(response.status) {
                record.facts.registrations += 1
            } else {
                record.facts.registrationsRefused += 1
            }
        }
        return response
    }

    /// The client that a registration answer gives; nil when it gives none.
    func client(in response: HTTPResponse) -> RegisteredClient? {
        guard (200...201).contains(response.status), let json = response.json,
            let id = json["client_id"]?.string, !id.isEmpty
        else { return nil }
        return run.registeredClient(id, json, server)
    }
}

extension [JSON.Member] {
    /// Puts a value in the place of another, or adds it.
    mutating func set(_ name: String, _ value: JSON) {
        removeAll { $0.name == name }
        append(JSON.Member(name, value))
    }
}

extension HTTPRequest {
    /// The pairs of a form body; empty for another body.
    var form: [FormPair] {
        get { if case .form(let pairs)? = body { pairs } else { [] } }
        set { body = .form(newValue) }
    }
}
