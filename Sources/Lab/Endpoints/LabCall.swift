import WatchCore

/// One request and all that decides about its answer.
struct LabCall: Sendable {
    var request: LabRequest
    var behaviour: Behaviour
    let configuration: LabConfiguration
    let store: LabStore
    let sites: LabSites
    let clock: any WatchClock
    /// When the lab was made.
    let startedAt: Instant

    /// The scopes that this server knows.
    static let scopes = ["read", "write", "admin"]
    /// The scopes that a client gets without asking, and that the challenge names.
    static let ordinaryScopes = ["read", "write"]

    var now: Instant { clock.now }

    /// How long the answer takes.
    var delay: Duration {
        if behaviour.mcp.initializeDelay > .zero, request.bearerToken != nil, request.text.contains("\"initialize\""),
            store.stats.mcpCalls == 0
        {
            return behaviour.mcp.initializeDelay
        }
        return endpointClass.flatMap { behaviour.wire.delays[$0] } ?? .zero
    }

    /// The answer, with the varieties of HTTP itself.
    func answer() -> LabResponse {
        var response =
            blockedByFirewall ?? moved ?? route.map(answer(to:)) ?? .json(["error": "not_found"], status: 404)
        if behaviour.wire.isChunked, response.framing == .contentLength, response.mayHaveBody {
            response.framing = .chunked
        }
        let takesGzip = request.fields["Accept-Encoding"]?.contains("gzip") ?? false
        if behaviour.wire.usesGzip, takesGzip, !response.body.isEmpty, response.framing != .openEnded {
            response.body = Gzip.wrap(response.body)
            response.fields["Content-Encoding"] = "gzip"
            response.fields["Vary"] = "Accept-Encoding"
        }
        steer(&response)
        return response
    }

    /// The documents of a server that believes everybody's forwarding headers.
    private func steer(_ response: inout LabResponse) {
        guard behaviour.discovery.followsForwardedHost, let host = request.fields["X-Forwarded-Host"],
            let own = WebURL(sites.here)
        else { return }
        let authority = own.origin.description.split(separator: "/").last.map { String($0) } ?? ""
        response.body = Array(String(decoding: response.body, as: UTF8.self).replacing(authority, with: host).utf8)
        response.fields["WWW-Authenticate"] = response.fields["WWW-Authenticate"]?.replacing(authority, with: host)
    }

    /// What a browser asks before it sends a request to another origin.
    ///
    /// Source: Fetch standard, CORS protocol.
    func preflight() -> LabResponse {
        guard !behaviour.wire.refusesPreflight else { return .empty(405, ["Allow": "POST"]) }
        return .empty(
            204,
            [
                "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "POST, GET, DELETE",
                "Access-Control-Allow-Headers": "authorization, content-type, mcp-protocol-version, mcp-session-id",
            ])
    }

    /// The way to where an endpoint is now.
    private var moved: LabResponse? {
        behaviour.wire.moved[request.path].map { .redirect(to: sites.here + $0, status: 307) }
    }

    /// The page of a firewall that dislikes a user agent.
    private var blockedByFirewall: LabResponse? {
        let agent = request.fields["User-Agent"] ?? ""
        let wire = behaviour.wire
        if wire.wantsAgent, agent.isEmpty { return .text("Bad Request\n", status: 400) }
        if !wire.onlyAgents.isEmpty, !wire.onlyAgents.contains(where: agent.contains) {
            var response = page.notice("Just a moment...", "Checking your browser.", status: 403)
            response.fields["Server"] = "cloudflare"
            return response
        }
        guard let blocked = behaviour.wire.blockedAgent, request.fields["User-Agent"]?.contains(blocked) ?? false else {
            return nil
        }
        return page.notice("Access denied", "This request was blocked by the lab's firewall.", status: 403)
    }

    /// Whether a form of the login was sent, by whatever method.
    private var isLoginForm: Bool { request.method == "POST" || request.query["csrf_token"] != nil }

    private func answer(to route: Route) -> LabResponse {
        guard route.methods.contains(request.method) else {
            return .empty(405, ["Allow": route.methods.joined(separator: ", ")])
        }
        switch route {
        case .resourceMetadata(let path): return resourceMetadata(path: path)
        case .serverMetadata: return serverMetadata()
        case .register: return register()
        case .client(let id): return manageClient(id)
        case .authorize: return isLoginForm ? submitLogin() : startLogin()
        case .token where request.method == "OPTIONS": return preflight()
        case .token where request.method == "GET" && !isWeak(.tokenGet): return .empty(405, ["Allow": "POST"])
        case .token: return token()
        case .revoke: return revoke()
        case .introspect: return introspect()
        case .mcp(let path): return mcp(path: path)
        case .keys: return keys()
        case .userInfo: return userInfo()
        case .newUser: return request.method == "POST" ? registerUser() : userForm()
        }
    }
}
