import WatchCore

/// One request and all that decides about its answer.
struct LabCall: Sendable {
    let request: LabRequest
    let behaviour: Behaviour
    let configuration: LabConfiguration
    let store: LabStore
    let sites: LabSites
    let clock: any WatchClock

    /// The scopes that this server knows.
    static let scopes = ["read", "write", "admin"]
    /// The scopes that a client gets without asking, and that the challenge names.
    static let ordinaryScopes = ["read", "write"]

    var now: Instant { clock.now }

    /// The answer, with the varieties of HTTP itself.
    func answer() -> LabResponse {
        var response = blockedByFirewall ?? route.map(answer(to:)) ?? .json(["error": "not_found"], status: 404)
        if behaviour.wire.isChunked, response.framing == .contentLength, response.mayHaveBody {
            response.framing = .chunked
        }
        let takesGzip = request.fields["Accept-Encoding"]?.contains("gzip") ?? false
        if behaviour.wire.usesGzip, takesGzip, !response.body.isEmpty, response.framing != .openEnded {
            response.body = Gzip.wrap(response.body)
            response.fields["Content-Encoding"] = "gzip"
            response.fields["Vary"] = "Accept-Encoding"
        }
        return response
    }

    /// The page of a firewall that dislikes a user agent.
    private var blockedByFirewall: LabResponse? {
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
        case .token where request.method == "GET" && !isWeak(.tokenGet): return .empty(405, ["Allow": "POST"])
        case .token: return token()
        case .revoke: return revoke()
        case .introspect: return introspect()
        case .mcp(let path): return mcp(path: path)
        case .userInfo: return userInfo()
        case .newUser: return request.method == "POST" ? registerUser() : userForm()
        }
    }
}
