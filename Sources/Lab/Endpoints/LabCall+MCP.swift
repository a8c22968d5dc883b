import JSONReader
import WatchCore

extension LabCall {
    /// One message over Streamable HTTP.
    ///
    /// Source: MCP 2025-11-25, transports.
    func mcp(path: String) -> LabResponse {
        if request.method == "OPTIONS" { return preflight() }
        if let origin = request.fields["Origin"], !isOwn(origin), !isWeak(.mcpBadOrigin) {
            return .json(["error": "this Origin is not allowed"], status: 403)
        }
        let grant = self.grant
        let isForgotten = behaviour.challenge.forgetsStateless && request.fields["Mcp-Method"] != nil
        if grant == nil, behaviour.challenge.protection == .everything, !isForgotten { return challenge(path: path) }
        switch request.method {
        case "POST": return post(path: path, grant: grant)
        case "DELETE": return endSession()
        default: return .empty(405, ["Allow": "POST, DELETE"])
        }
    }

    /// The claims of the user, for servers that are no MCP servers.
    ///
    /// Source: OpenID Connect Core 1.0 §5.3.
    func userInfo() -> LabResponse {
        guard let grant else { return challenge(path: "/") }
        return .json(["sub": .string(grant.user), "name": .string(grant.user)], Self.noStore)
    }

    /// Who asks, by a token that is good.
    private var grant: Grant? {
        guard !behaviour.mcp.rejectsEveryToken else { return nil }
        let now = now
        if behaviour.mcp.hasAnotherReplica, request.text.contains("tools/list") { return nil }
        let known = request.bearerToken.flatMap { token in
            store.withLock { state -> Grant? in
                if let change = behaviour.token.keyChangesAfter, let issued = state.accessTokens[token]?.issuedAt,
                    issued - startedAt > change
                {
                    return nil
                }
                return state.grant(accessToken: token, now: now)
            }
        }
        return known ?? weakGrant
    }

    private func isOwn(_ origin: String) -> Bool {
        WebURL(origin).map { $0.isLoopback || $0.origin.description == sites.here } ?? false
    }

    private func post(path: String, grant: Grant?) -> LabResponse {
        guard request.mediaType == "application/json" else { return .json(["error": "JSON is wanted"], status: 415) }
        let accepted = (request.fields["Accept"] ?? "").lowercased()
        guard accepted.contains("*/*") || (accepted.contains("/json") && accepted.contains("/event-stream")) else {
            return .json(["error": "JSON and event streams must both be acceptable"], status: 406)
        }
        let message: JSON
        do { message = try JSON(parsing: request.body) } catch {
            return refuse(id: nil, code: -32_700, "the body is no JSON", status: 400)
        }
        guard message["jsonrpc"]?.string == "2.0" else {
            return refuse(id: message["id"], code: -32_600, "this is no JSON-RPC 2.0 message", status: 400)
        }
        let method = message["method"]?.string
        if grant == nil, behaviour.challenge.protection == .toolCalls, method == "tools/call" {
            return challenge(path: path)
        }
        if let grant, method?.hasPrefix("tools/") ?? false, let needed = missingScope(grant) {
            return challenge(path: path, missingScope: needed)
        }
        switch (isStateless(message), behaviour.mcp.eras) {
        case (true, let eras) where eras.contains(.stateless): return answerStateless(message)
        case (false, let eras) where !eras.contains(.handshake): return refuseHandshake(message)
        default: return badSession(method) ?? answer(message, method: method)
        }
    }

    private func missingScope(_ grant: Grant) -> String? {
        switch behaviour.mcp.scopeDemand {
        case .ordinary: nil
        case .more: grant.scopes.contains("admin") ? nil : "read write admin"
        case .everMore: "read write admin"
        }
    }

    /// The refusal of a request whose session or revision does not fit.
    private func badSession(_ method: String?) -> LabResponse? {
        guard method != "initialize" else { return nil }
        if let revision = request.fields["MCP-Protocol-Version"], !behaviour.mcp.revisions.contains(revision) {
            return .json(["error": "this MCP-Protocol-Version is unknown"], status: 400)
        }
        switch (behaviour.mcp.sessions, request.fields["Mcp-Session-Id"]) {
        case (.absent, _), (.offered, nil): return nil
        case (.required, nil): return .json(["error": "Mcp-Session-Id is missing"], status: 400)
        case (_, let id?):
            return store.withLock { $0.sessions.contains(id) } ? nil : .json(["error": "unknown session"], status: 404)
        }
    }

    private func endSession() -> LabResponse {
        guard behaviour.mcp.sessions != .absent else { return .empty(405, ["Allow": "POST"]) }
        guard let id = request.fields["Mcp-Session-Id"], store.withLock({ $0.sessions.remove(id) }) != nil else {
            return .json(["error": "unknown session"], status: 404)
        }
        return .empty(204)
    }
}
