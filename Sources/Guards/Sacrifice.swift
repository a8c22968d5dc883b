import OAuthFlow
import WatchCore

/// A code, and all that redeems it.
struct IssuedCode: Sendable {
    var code: Secret
    var verifier: String
    var client: RegisteredClient
    var resource: String?
}

/// Sessions that may be lost: clients of their own, few logins, everything given back at the end. Used by one task only.
final class Sacrifice {
    /// The two clients.
    enum Role: Int { case first, second }

    let run: FlowRun
    let flow: OrdinaryFlow
    /// Logins that may still be begun in this run.
    private(set) var loginsLeft: Int
    /// Whether logins may begin though it is not known what they do to the ordinary session.
    var mayEndTheOrdinarySession = false
    /// The browser in which logins happen: a server that remembers its user asks for the password once.
    var jar = CookieJar()
    /// Tokens that were given out and are to be given back, with their clients.
    private(set) var held: [(chain: TokenChain, client: RegisteredClient)] = []
    /// A session in which a call worked.
    private(set) var working: (chain: TokenChain, client: RegisteredClient)?
    private(set) var registered: [RegisteredClient] = []
    private var registeredAnew = false

    init(run: FlowRun, flow: OrdinaryFlow, logins: Int) {
        self.run = run
        self.flow = flow
        loginsLeft = logins
    }

    private var server: AuthorizationServer { flow.server.metadata }

    // MARK: Clients

    /// A client for sacrificial sessions: the kept one, or a new registration.
    func client(_ role: Role, in scene: GuardScene) async throws(Unscored) -> RegisteredClient {
        let kept = await keptClients()
        if role.rawValue < kept.count {
            learn(kept[role.rawValue])
            return kept[role.rawValue]
        }
        guard server.registrationEndpoint != nil, run.target.client == nil || !run.target.keepsNothing else {
            // Where nothing is kept there is no ordinary session that could be disturbed.
            guard role == .first, run.target.keepsNothing || run.target.guards.username != nil, let client = flow.client
            else { throw Unscored("no client can be registered for a sacrificial session") }
            return client
        }
        if role == .second, kept.isEmpty { _ = try await client(.first, in: scene) }
        return try await register(role, in: scene)
    }

    private func keptClients() async -> [RegisteredClient] {
        await run.environment.memory.state.guards.clients.filter {
            $0.issuer == server.askedIssuer && $0.redirectURI == run.target.redirectURI.description
        }
    }

    private func learn(_ client: RegisteredClient) {
        run.note { record in
            if let secret = client.clientSecret { record.secrets.add(secret.reveal()) }
            if let token = client.registrationAccessToken { record.secrets.add(token.reveal()) }
        }
    }

    private func register(_ role: Role, in scene: GuardScene) async throws(Unscored) -> RegisteredClient {
        let response = try await scene.register { members in
            members.set("client_name", .string("\(run.target.clientName) (oauthwatch guard \(role.rawValue + 1))"))
            // The second one proves itself by a secret where it can, so that a wrong one can be tried.
            if role == .second, let method = self.secretMethod {
                members.set("token_endpoint_auth_method", .string(method))
            }
        }
        guard let client = scene.client(in: response) else {
            throw Unscored("no client for a sacrificial session: registration answered \(response.status)")
        }
        learn(client)
        registered.append(client)
        let issuer = server.askedIssuer
        do throws(Halted) {
            try await run.remember { $0.guards.clients = $0.guards.clients.filter { $0.issuer == issuer } + [client] }
        } catch {
            throw Unscored("the state cannot be written")
        }
        return client
    }

    /// The way of client authentication with a secret that the server advertises.
    private var secretMethod: String? {
        ["client_secret_post", "client_secret_basic"].first { server.authenticationMethods?.contains($0) ?? false }
    }

    /// Forgets the kept clients, once a run: the server does not know them any more.
    private func forgetClients() async -> Bool {
        guard !registeredAnew, registered.isEmpty else { return false }
        registeredAnew = true
        let issuer = server.askedIssuer
        return (try? await run.remember { $0.guards.clients.removeAll { $0.issuer == issuer } }) != nil
    }

    // MARK: Logins

    /// Walks in the sacrificial browser, through login and consent.
    ///
    /// - Parameter isCorrect: whether nothing is wrong about the request, so that a rejection is about the password.
    func walk(
        _ url: WebURL, to redirect: WebURL? = nil, in scene: GuardScene, jar ownJar: CookieJar? = nil,
        edit: Walker.Edit? = nil, account: (username: String, password: Secret)? = nil, isCorrect: Bool = false
    ) async throws(Unscored) -> WalkEnd {
        guard loginsLeft > 0 || account != nil else { throw Unscored("no sacrificial login is left for now") }
        try await askWhetherTheOrdinarySessionBearsIt()
        let registered = run.target.redirectURI
        var walker = Walker(scene, to: redirect ?? registered, registered: registered)
        walker.submits = true
        walker.edit = edit
        let guards = run.target.guards
        let isOwn = account != nil
        let own = guards.username.map { ($0, guards.password) }
        walker.target.username = account?.username ?? own?.0 ?? run.target.username
        walker.target.password = account.map(\.password) ?? (own.map { $0.1 } ?? run.target.password)
        if let password = walker.target.password { run.note { $0.secrets.add(password: password) } }
        walker.spend = { [self] _ throws(Unscored) in try await spend(countsForAccount: !isOwn) }
        var cookies = ownJar ?? jar
        let before = loginsLeft
        let end = try await walker.walk(url, &cookies)
        if ownJar == nil { jar = cookies }
        try await settle(end, walker, wasSpent: loginsLeft < before, isCorrect: isCorrect)
        lastSubmittedPassword = walker.submittedPassword
        return end
    }

    /// Where a login or a revocation ends every session of the user, guards need an account of their own.
    private func askWhetherTheOrdinarySessionBearsIt() async throws(Unscored) {
        guard !run.target.keepsNothing, run.target.guards.username == nil else { return }
        let sessions = await run.environment.memory.state.sessions
        guard sessions.survivesLogin != false, sessions.survivesRevocation != false else {
            throw Unscored("the server keeps one session a user: guards that log in need an account of their own")
        }
        guard sessions.survivesLogin == true || flow.chain == nil || mayEndTheOrdinarySession else {
            throw Unscored("it is not known yet whether the ordinary session survives another login")
        }
    }

    /// Whether the last walk sent a password.
    private(set) var lastSubmittedPassword = false

    /// Asks whether a login may be begun, and keeps that it was.
    private func spend(countsForAccount: Bool) async throws(Unscored) {
        let (now, target) = (run.now, run.target)
        let state = await run.environment.memory.state
        let history = target.guards.username == nil ? state.login : state.guards.login
        // A password that was rejected is left to the ordinary flow to try: the account must not be locked.
        guard history.consecutiveRejections == 0 || !countsForAccount else {
            throw Unscored("the password was rejected lately")
        }
        if countsForAccount {
            loginsLeft -= 1
            do throws(Halted) {
                try await run.remember { $0.guards.loggedIn(at: now) }
            } catch {
                throw Unscored("the state cannot be written")
            }
        }
        run.note { $0.facts.passwordSubmissions += 1 }
    }

    private func settle(
        _ end: WalkEnd, _ walker: Walker, wasSpent: Bool, isCorrect: Bool
    ) async throws(Unscored) {
        let now = run.now
        switch end {
        case .arrived where !wasSpent:
            // A login without a password is one too.
            loginsLeft -= 1
            run.rememberSoon { $0.guards.loggedIn(at: now) }
        case .rejected where isCorrect && walker.submittedPassword:
            run.note { $0.facts.passwordRejections += 1 }
            let isOwn = run.target.guards.username != nil
            run.rememberSoon { state in
                if isOwn { state.guards.login.rejected(at: now) } else { state.login.rejected(at: now) }
            }
        case .arrived where isCorrect && walker.submittedPassword && run.target.guards.username != nil:
            run.rememberSoon { $0.guards.login.accepted() }
        default: break
        }
    }

    /// A code for a client, by a request in which at most the resource differs from the ordinary one.
    func code(
        for role: Role = .first, resource: String? = nil, in scene: GuardScene
    ) async throws(Unscored) -> IssuedCode {
        let client = try await client(role, in: scene)
        let authorization = scene.authorization(client, resource: resource)
        let url = server.authorizationEndpoint.addingQuery(authorization.pairs(redirectURI: run.target.redirectURI))
        let end = try await walk(url, in: scene, isCorrect: true)
        if case .arrived(let callback) = end, let code = callback["code"], !code.isEmpty,
            callback["state"] == authorization.state
        {
            return IssuedCode(
                code: Secret(code), verifier: authorization.pkce.verifier, client: client,
                resource: authorization.server.resource)
        }
        if case .refused = end, resource == nil, await forgetClients() {
            return try await self.code(for: role, in: scene)
        }
        throw Unscored("a sacrificial login brought no code: \(scene.judge(end, nil))")
    }

    // MARK: Tokens

    /// Notes tokens that are to be given back.
    func hold(_ chain: TokenChain, _ client: RegisteredClient) {
        held.removeAll { $0.chain.refreshToken == chain.refreshToken && $0.chain.accessToken == chain.accessToken }
        held.append((chain, client))
    }

    /// The session that guards of tokens use is now this one.
    func use(_ chain: TokenChain, _ client: RegisteredClient) { working = (chain, client) }

    /// The session is over: a guard has ended it.
    func end() { working = nil }

    /// Keeps a chain out of what is given back.
    func keep(_ chain: TokenChain) { held.removeAll { $0.chain == chain } }
}
