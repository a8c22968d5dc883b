import WatchCore

/// The order of the steps.
extension FlowRun {
    private static let maximumAuthorizations = 3

    /// Challenge and discovery.
    func approach() async throws(Halted) -> (DiscoveredServer, Challenge) {
        switch target.api {
        case nil:
            let challenge = try await challenge()
            do throws(Halted) {
                return (try await discover(after: challenge), challenge)
            } catch {
                // Where authentication is off, its documents often are, too: the open door is the greater news.
                if challenge.protected == .nothing { try? await confirmOpenDoor(challenge) }
                throw error
            }
        case .url(let url)?:
            let challenge = try await challenge(api: url)
            return (try await discoverIssuer(), challenge)
        case .userinfo?:
            let server = try await discoverIssuer()
            guard let url = server.metadata.userinfoEndpoint else {
                throw halt(.discoveryEndpoints, "`userinfo_endpoint` is missing")
            }
            return (server, try await challenge(api: url))
        }
    }

    /// Registration to revocation.
    ///
    /// - Returns: the newest tokens and the client that they belong to.
    func logIn(
        to server: DiscoveredServer, _ challenge: Challenge
    ) async throws(Halted) -> (TokenChain, RegisteredClient) {
        var chain: TokenChain
        let client: RegisteredClient
        do throws(Halted) {
            (chain, client) = try await authorizeAndCall(server, challenge)
        } catch {
            if challenge.protected == .nothing, record.summary.clientID == nil {
                try? await confirmOpenDoor(challenge)
            }
            throw error
        }
        try await tryOtherEra(challenge.protected, token: chain.accessToken)
        if chain.refreshToken != nil {
            await enter(.refresh, detail: "Refreshing tokens...")
            let first = chain
            chain = try await refresh(chain, as: client, of: server, .fresh)
            unkept?.chain = chain
            try await call(challenge.protected, chain.accessToken, blaming: .refreshWorks, in: .refresh)
            await noteIfRefused(first, because: .refresh, challenge.protected)
        }
        judgeLatency()
        if challenge.protected == .nothing { try await confirmOpenDoor(challenge) }
        await rememberRevision(of: server)
        workingToken = chain.accessToken
        await probe(server, challenge, chain, as: client)
        guard !target.keepsNothing else { return (chain, client) }
        try await settle(chain, client, Approach(server: server, challenge: challenge))
        return (chain, client)
    }

    /// The scope to ask for: configured, else the challenge's, else the resource metadata's, else none.
    package func scope(after challenge: Challenge, of server: DiscoveredServer) -> String? {
        if let scope = target.scope { return scope }
        let named =
            challenge.bearer?.scope ?? server.resourceScopes.flatMap { $0.isEmpty ? nil : $0.joined(separator: " ") }
        // OpenID Connect Core §3.1.2.1: without `openid` there is no userinfo.
        return withOfflineAccess(
            challenge.bearer?.scope ?? (target.api == .userinfo ? "openid" : named), server.metadata)
    }

    /// Where the authorization server knows `offline_access` there may be no refresh token without it. A client that was
    /// registered by hand may not be allowed to ask for that; its operator knows.
    ///
    /// Source: OpenID Connect Core 1.0 §11; MCP authorization 2026-07-28, refresh tokens.
    private func withOfflineAccess(_ scope: String?, _ server: AuthorizationServer) -> String? {
        guard let scope, target.client == nil, server.scopesSupported?.contains(Self.offlineAccess) ?? false,
            !scope.split(separator: " ").contains(where: { $0 == Self.offlineAccess })
        else { return scope }
        return "\(scope) \(Self.offlineAccess)"
    }

    /// The scope that asks for a refresh token.
    static let offlineAccess = "offline_access"

    /// Authorizes and makes the protected call; a missing scope is asked for at most twice more.
    func authorizeAndCall(
        _ server: DiscoveredServer, _ challenge: Challenge
    ) async throws(Halted) -> (TokenChain, RegisteredClient) {
        var scope = scope(after: challenge, of: server)
        judgeScopes(scope, of: server.metadata)
        wantedScope = scope
        var client = try await client(of: server.metadata)
        for attempt in 1... {
            let chain: TokenChain
            (chain, client) = try await obtainTokens(server, client, scope)
            unkept = (chain, client, server.metadata)
            await enter(.mcp, detail: "Testing authenticated MCP request...")
            do throws(CallRefusal) {
                try await callAuthenticated(
                    challenge.protected, token: chain.accessToken, blaming: .mcpStatus, in: .mcp)
                pass(.mcpScope)
                return (chain, client)
            } catch {
                guard case .insufficientScope(let wanted) = error else {
                    acquitSession()
                    throw Halted()
                }
                guard attempt < Self.maximumAuthorizations, let more = more(than: scope, wanted, server) else {
                    throw halt(
                        .mcpScope, "the scope is still not sufficient after \(attempt) authorizations",
                        evidence: "asked: \(scope ?? "none"); wanted: \(wanted ?? "not said")")
                }
                scope = more
                unkept = nil
                await revoke(chain, as: client, at: server.metadata)
            }
        }
        throw Halted()
    }

    /// Steps 3 to 5; a kept client that is not known any more is replaced once.
    private func obtainTokens(
        _ server: DiscoveredServer, _ client: RegisteredClient, _ scope: String?
    ) async throws(Halted) -> (TokenChain, RegisteredClient) {
        let kept = await environment.memory.state[clientOf: target.persona]
        let isKept = kept?.clientID == client.clientID && record.facts.registrations == 0
        do throws(AuthorizationRefusal) {
            let chain = try await obtainTokens(server, client, scope, clientIsKept: isKept)
            if isKept { pass(.sessionClient) }
            return (chain, client)
        } catch {
            guard case .errorPage(let response) = error else { throw Halted() }
            // A firewall's 403 is no word about the client; a new one would not help.
            guard isKept, response.status != 429, response.status != 403 || response.speaksOfTheClient else {
                throw await refusedAuthorization(response, of: client)
            }
            let fresh = try await self.client(of: server.metadata, refresh: true)
            do throws(AuthorizationRefusal) {
                let chain = try await obtainTokens(server, fresh, scope, clientIsKept: false)
                check(
                    .sessionClient, false,
                    "the client registered at \(client.registeredAt.iso8601Seconds) is not known any more; a new "
                        + "registration was needed", evidence: summary(response))
                let until = now + Self.standing(afterAge: now - client.registeredAt)
                rememberSoon { state in
                    state.sessions.stand(.sessionClient, until: until)
                    // The kept session hangs on that client: the next login tries whether it is dead, too.
                    state.sessions.triedAge = 0
                }
                return (chain, fresh)
            } catch {
                guard case .errorPage(let response) = error else { throw Halted() }
                throw errorPage(response)
            }
        }
    }

    private func obtainTokens(
        _ server: DiscoveredServer, _ client: RegisteredClient, _ scope: String?, clientIsKept: Bool
    ) async throws(AuthorizationRefusal) -> TokenChain {
        let authorization = Authorization(
            server: server, client: client, scope: scope, state: environment.randomText(),
            pkce: PKCE(verifier: environment.randomText()))
        var jar = cookies
        defer { cookies = jar }
        let code = try await authorize(authorization, cookies: &jar)
        do throws(Halted) {
            if let chain = try await redeem(code, authorization, clientIsKept: clientIsKept) { return chain }
        } catch {
            throw .halted
        }
        guard let refusal = record.exchanges.last?.response else { throw .halted }
        throw .errorPage(refusal)
    }

    func errorPage(_ response: HTTPResponse, remedy: String? = nil) -> Halted {
        if let error = OAuthError(response), error.code == "invalid_scope" { return scopeRefused(error.text) }
        return halt(
            status: response, of: "the authorization endpoint", for: .authorizationPage, step: .authorization,
            remedy: remedy)
    }

    private func call(
        _ call: ProtectedCall, _ token: Secret, blaming id: CheckID, in step: Step
    ) async throws(Halted) {
        do throws(CallRefusal) {
            try await callAuthenticated(call, token: token, blaming: id, in: step)
        } catch {
            if case .insufficientScope(let wanted) = error {
                throw halt(id, .failure, "the refreshed token lacks the scope \(wanted ?? "")", step: step)
            }
            throw Halted()
        }
    }

    /// Takes back what the run was given and nobody keeps, and says that no answer is awaited any more.
    func cleanUp() async {
        let isStopped = record.findings.contains { $0.check == .monitorStopped }
        await handOverWhatWaits()
        await withholdAnswers()
        // A stopped run sends nothing more; its tokens are few, and the next start says that it was cut short.
        guard !isStopped else { return }
        if let unkept {
            await revoke(unkept.chain, as: unkept.client, at: unkept.server)
        }
        await forgetFormerClients()
        let state = await environment.memory.state
        if target.keepsNothing, target.client == nil, let client = state[clientOf: target.persona] {
            if step == nil { await enter(.revocation, detail: "Deleting the client...") }
            await delete(client)
        }
        if state.intent != nil { try? await remember(.deferred) { $0.intent = nil } }
    }

    /// Nothing was refused without a token, and the flow works: the open door is real.
    private func confirmOpenDoor(_ challenge: Challenge) async throws(Halted) {
        guard let message = challenge.openCall else { return }
        await enter(.guarding, detail: "Confirming that no token is needed...")
        var connection = MCPConnection(endpoint: endpoint, client: clientInfo)
        if let version = challenge.openVersion, version.isStateless {
            connection.speak(version)
        } else {
            let version = target.revision ?? .newestHandshake
            let initialize = MCPMessage.initialize(clientInfo, offering: version, id: connection.nextID())
            let first = try await answer(to: connection.request(initialize, step: .guarding), for: .mcpNoToken)
            connection.settle(first, version: version)
        }
        let response = try await answer(to: connection.request(message, step: .guarding), for: .mcpNoToken)
        guard response.status == 200 || connection.isStateless,
            let answer = try? MCPAnswer.read(response, id: message.id ?? 0)
        else { return }
        switch answer {
        case .result(let result) where result.isSpokenRefusal:
            check(
                .challengeStatus, false, "`tools/call` without a token is refused inside a 200, not with 401",
                evidence: summary(response))
        case .result:
            check(
                .mcpNoToken, false, "`tools/call` without a token is answered with a result",
                evidence: summary(response))
        case .error(let code, let text) where SpokenRefusal.speaksOfAuthentication(text):
            check(
                .challengeStatus, false, "`tools/call` without a token is refused inside a 200, not with 401",
                evidence: "JSON-RPC error \(code): \(text)")
        case .error(let code, let text) where SpokenRefusal.isAboutTheTool(code: code, text):
            // The request came as far as the tools: only the made-up name was wrong with it.
            check(
                .mcpNoToken, false, "`tools/call` without a token is not refused: only the tool's name was unknown",
                evidence: "JSON-RPC error \(code): \(text); `initialize` and `tools/list` were answered too")
        case .error: return
        }
    }

    /// The scope to ask for after a refusal: with what it names, else with all that the metadata list.
    ///
    /// - Returns: nil when nothing more can be asked for. What the operator configured only a name in the refusal widens.
    private func more(than scope: String?, _ wanted: String?, _ server: DiscoveredServer) -> String? {
        if let wanted { return Self.union(scope, wanted) }
        guard target.scope == nil, let listed = server.resourceScopes ?? server.metadata.scopesSupported else {
            return nil
        }
        let all = Self.union(scope, listed.joined(separator: " "))
        return all == scope ?? "" ? nil : all
    }

    private static func union(_ scope: String?, _ wanted: String) -> String {
        var scopes = scope?.split(separator: " ").map(String.init) ?? []
        for name in wanted.split(separator: " ").map(String.init) where !scopes.contains(name) { scopes.append(name) }
        return scopes.joined(separator: " ")
    }
}

extension JSON {
    /// Whether the result of a tool call says that somebody must log in.
    fileprivate var isSpokenRefusal: Bool {
        guard self["isError"]?.bool == true else { return false }
        let texts = (self["content"]?.array ?? []).compactMap { $0["text"]?.string }
        return SpokenRefusal.speaksOfAuthentication(texts.joined(separator: " "))
    }
}
