import Crypto
import JSONReader
import OAuthFlow
import Synchronization
import Testing
import WatchCore

/// An OAuth 2.1 and MCP server in memory that refuses what it must, but for the weaknesses that it is given.
///
/// A request that it does not know fails the test.
final class WeakServer: HTTPTransport {
    /// What a code or token stands for.
    struct Grant {
        var client: String
        var redirectURI = ""
        var challenge = ""
        var scope = "read write"
        var family = 0
        var isUsed = false
        var isAccess = true
        var isDead = false
        var resource: String?
    }

    struct Memory {
        var clients: [String: String?] = [:]
        var logins: [String: [FormPair]] = [:]
        var grants: [String: Grant] = [:]
        var sessions: Set<String> = []
        var issued = 0
        var requests: [HTTPRequest] = []
        /// For an access token, the refresh token that ends with its first use.
        var replaced: [String: String] = [:]
    }

    static let base = "https://mcp.test"
    let memory = Mutex(Memory())
    let weak: Set<CheckID>
    let manner: Manner
    /// Changes an answer after the server has given it.
    let tamper: @Sendable (HTTPRequest, inout HTTPResponse) -> Void

    /// Ways of being right that differ.
    struct Manner: Sendable {
        /// The login page stands before any check of the request.
        var asksFirst = false
        /// A code is issued without a page.
        var approvesAtOnce = false
        /// A code ends at the first wrong use.
        var burnsCodes = false
        var issuesRefreshTokens = true
        var registers = true
        /// The browser stays logged in.
        var remembersUser = false
        /// `grant_type=password` is known, and refused without a look at the password.
        var looksAtNoPassword = false
        /// A used refresh token ends when the new access token is first used.
        var refreshEndsByUse = false
    }

    init(
        weak: Set<CheckID> = [], manner: Manner = Manner(),
        tamper: @escaping @Sendable (HTTPRequest, inout HTTPResponse) -> Void = { _, _ in }
    ) {
        (self.weak, self.manner, self.tamper) = (weak, manner, tamper)
    }

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        var response = memory.withLock { memory in
            memory.requests.append(request)
            return answer(request, &memory)
        }
        tamper(request, &response)
        return response
    }

    /// Requests of guards to a path, in order.
    func guarded(_ path: String) -> [HTTPRequest] {
        memory.withLock { $0.requests.filter { $0.url.path == path && $0.step == .guarding } }
    }

    private func answer(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        switch (request.method, request.url.path) {
        case ("GET", "/.well-known/oauth-protected-resource/mcp"):
            .json([
                "resource": .string("\(Self.base)/mcp"), "authorization_servers": [.string(Self.base)],
                "scopes_supported": ["read", "write"],
            ])
        case ("GET", "/.well-known/oauth-authorization-server"): .json(metadata)
        case ("POST", "/register"): register(request, &memory)
        case ("GET", "/authorize"): authorize(request.url.queryPairs, request, &memory)
        case ("POST", "/login"): logIn(request, &memory)
        case ("POST", "/token"), ("GET", "/token"): token(request, &memory)
        case ("POST", "/revoke"): revoke(request, &memory)
        case ("POST", "/introspect"):
            weak.contains(.introspectOpen) ? .json(["active": true]) : .json(["error": "invalid_client"], status: 401)
        case ("POST", "/mcp"): mcp(request, &memory)
        case ("DELETE", "/mcp"): HTTPResponse(status: 204)
        default: unexpected(request)
        }
    }

    private func unexpected(_ request: HTTPRequest) -> HTTPResponse {
        Issue.record("unexpected request: \(request.method) \(request.url)")
        return HTTPResponse(status: 500)
    }

    private var metadata: JSON {
        var members: [JSON.Member] = [
            .init("issuer", .string(Self.base)), .init("authorization_endpoint", .string("\(Self.base)/authorize")),
            .init("token_endpoint", .string("\(Self.base)/token")),
            .init("revocation_endpoint", .string("\(Self.base)/revoke")),
            .init("introspection_endpoint", .string("\(Self.base)/introspect")),
            .init("response_types_supported", ["code"]), .init("scopes_supported", ["read", "write", "admin"]),
            .init("grant_types_supported", ["authorization_code", "refresh_token"]),
            .init("token_endpoint_auth_methods_supported", ["none", "client_secret_post"]),
            .init("code_challenge_methods_supported", ["S256"]),
        ]
        if manner.registers { members.append(.init("registration_endpoint", .string("\(Self.base)/register"))) }
        return .object(members)
    }

    private func register(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .json(let json)? = request.body, let uri = json["redirect_uris"]?.strings?.first else {
            return unexpected(request)
        }
        let isBad = uri.hasPrefix("javascript:") || uri.contains("#")
        guard !isBad || weak.contains(.registerBadRedirect) else {
            return .json(["error": "invalid_redirect_uri"], status: 400)
        }
        memory.issued += 1
        let id = "client-\(memory.issued)"
        let secret = json["token_endpoint_auth_method"]?.string == "client_secret_post" ? "secret-of-\(id)" : nil
        memory.clients[id] = .some(secret)
        var members: [JSON.Member] = [
            .init("client_id", .string(id)), .init("redirect_uris", [.string(uri)]),
            .init("token_endpoint_auth_method", .string(secret == nil ? "none" : "client_secret_post")),
        ]
        if let secret {
            members += [.init("client_secret", .string(secret)), .init("client_secret_expires_at", 0)]
        }
        return .json(.object(members), status: 201)
    }

    // MARK: Authorization

    private func refusal(_ query: [FormPair], _ memory: Memory) -> HTTPResponse? {
        let redirectURI = query["redirect_uri"] ?? ""
        guard memory.clients[query["client_id"] ?? ""] != nil || weak.contains(.authorizeUnknownClient) else {
            return .page("<title>Unknown client</title>", status: 400)
        }
        let registered = "http://localhost:3000/callback"
        let isPrefix = redirectURI.hasPrefix(registered) && weak.contains(.authorizeRedirectPrefix)
        guard redirectURI == registered || isPrefix || weak.contains(.authorizeUnregisteredRedirect) else {
            return .page("<title>Wrong redirect</title>", status: 400)
        }
        if query["response_type"] == "token", weak.contains(.authorizeImplicit) { return nil }
        guard query["response_type"] == "code" else { return redirect(query, "error", "unsupported_response_type") }
        let isPlain = query["code_challenge_method"] == "plain" && weak.contains(.authorizePlainPkce)
        let isOpen = query["code_challenge"] == nil && weak.contains(.authorizeNoPkce)
        guard query["code_challenge_method"] == "S256" || isPlain || isOpen else {
            return redirect(query, "error", "invalid_request")
        }
        guard query["resource"] == "\(Self.base)/mcp" || weak.contains(.mcpOtherAudience) else {
            return redirect(query, "error", "invalid_target")
        }
        return nil
    }

    private func authorize(_ query: [FormPair], _ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        if !manner.asksFirst, let refusal = refusal(query, memory) { return refusal }
        if manner.approvesAtOnce { return refusal(query, memory) ?? finish(query, &memory) }
        if manner.remembersUser, request.fields["cookie"]?.contains("user=") ?? false {
            return refusal(query, memory) ?? finish(query, &memory)
        }
        memory.issued += 1
        let session = "session-\(memory.issued)"
        memory.logins[session] = query
        var page = HTTPResponse.page(
            """
            <title>Sign in</title><form method="post" action="/login"><input type="hidden" name="redirect_uri" \
            value="\(query["redirect_uri"] ?? "")"><input type="hidden" name="csrf" value="token-of-\(session)">
            <input name="username"><input type="password" name="password"><button>Log in</button></form>
            """)
        page.fields["Set-Cookie"] = "session=\(session); Path=/"
        return page
    }

    private func logIn(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .form(let form)? = request.body else { return unexpected(request) }
        let cookie = request.fields["cookie"]?.split(separator: "session=").last.map(String.init) ?? ""
        let session = String(cookie.prefix { $0 != ";" })
        let hidden = form["csrf"].map { String($0.dropFirst("token-of-".count)) } ?? ""
        guard var query = memory.logins[session] ?? (weak.contains(.authorizeCsrf) ? memory.logins[hidden] : nil) else {
            return .page("<title>Session lost</title>", status: 400)
        }
        if weak.contains(.authorizePostTampered) { query.set("redirect_uri", form["redirect_uri"] ?? "") }
        let isRight = form["username"] == "alice" && form["password"] == "correct horse"
        let isUnknown = form["username"] != "alice" && weak.contains(.authorizeUnknownUser)
        guard isRight || isUnknown || (form["username"] == "alice" && weak.contains(.authorizeWrongPassword)) else {
            return authorizeAgain()
        }
        if manner.asksFirst, let refusal = refusal(query, memory) { return refusal }
        var response = finish(query, &memory)
        if manner.remembersUser { response.fields["Set-Cookie"] = "user=alice; Path=/" }
        return response
    }

    private func authorizeAgain() -> HTTPResponse {
        .page(
            """
            <title>Sign in</title><form method="post" action="/login"><input name="username">
            <input type="password" name="password"><button>Log in</button></form>
            """)
    }

    private func finish(_ query: [FormPair], _ memory: inout Memory) -> HTTPResponse {
        memory.issued += 1
        if query["response_type"] == "token" { return redirect(query, "access_token", "implicit-\(memory.issued)") }
        let code = "code-\(memory.issued)-0123456789"
        memory.grants[code] = Grant(
            client: query["client_id"] ?? "", redirectURI: query["redirect_uri"] ?? "",
            challenge: query["code_challenge"] ?? "", family: memory.issued, resource: query["resource"])
        return redirect(query, "code", code)
    }

    private func redirect(_ query: [FormPair], _ name: String, _ value: String) -> HTTPResponse {
        var response = HTTPResponse(status: 302)
        let answer = [FormPair(name, value), FormPair("state", query["state"] ?? "")]
        response.fields["Location"] = WebURL(query["redirect_uri"] ?? "")?.addingQuery(answer).description
        return response
    }

    // MARK: Tokens

    private func token(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        var form = request.url.queryPairs
        if case .form(let pairs)? = request.body { form = pairs }
        if request.method == "GET", !weak.contains(.tokenGet) { return HTTPResponse(status: 405) }
        let id = form["client_id"] ?? ""
        guard let secret = memory.clients[id] ?? (weak.contains(.tokenUnknownClient) ? .some(nil) : nil) else {
            return .json(["error": "invalid_client"], status: 401)
        }
        guard secret == nil || form["client_secret"] == secret || weak.contains(.tokenWrongSecret) else {
            return .json(["error": "invalid_client"], status: 401)
        }
        switch form["grant_type"] {
        case "authorization_code": return redeem(form, id, &memory)
        case "refresh_token": return refresh(form, id, &memory)
        case "password" where weak.contains(.tokenPasswordGrant) || manner.looksAtNoPassword:
            let isRight = form["username"] == "alice" && form["password"] == "correct horse"
            let error = isRight && !manner.looksAtNoPassword ? "unauthorized_client" : "invalid_grant"
            return .json(["error": .string(error)], status: 400)
        default: return .json(["error": "unsupported_grant_type"], status: 400)
        }
    }

    private func redeem(_ form: [FormPair], _ client: String, _ memory: inout Memory) -> HTTPResponse {
        let code = form["code"] ?? ""
        if memory.grants[code] == nil, weak.contains(.tokenRandomCode) { return issue(Grant(client: client), &memory) }
        guard let grant = memory.grants[code] else { return .invalidGrant }
        if grant.isUsed {
            if weak.contains(.tokenCodeReplay) { return issue(grant, &memory) }
            end(grant.family, &memory)
            return .invalidGrant
        }
        let verifier = form["code_verifier"]
        let challenge = Base64URL.encode(SHA256.digest(Array((verifier ?? "").utf8)))
        let isProven =
            verifier == nil
            ? weak.contains(.tokenNoVerifier) : challenge == grant.challenge || weak.contains(.tokenWrongVerifier)
        let anyClient = weak.contains(.tokenOtherClient) || weak.contains(.tokenUnknownClient)
        guard isProven, grant.client == client || anyClient,
            form["redirect_uri"] == grant.redirectURI || weak.contains(.tokenOtherRedirect)
        else {
            if manner.burnsCodes { memory.grants[code] = nil }
            return .invalidGrant
        }
        memory.grants[code]?.isUsed = true
        return issue(grant, &memory)
    }

    private func refresh(_ form: [FormPair], _ client: String, _ memory: inout Memory) -> HTTPResponse {
        let token = form["refresh_token"] ?? ""
        if memory.grants[token] == nil, weak.contains(.refreshGarbage) { return issue(Grant(client: client), &memory) }
        guard var grant = memory.grants[token], !grant.isDead || weak.contains(.revokeIgnored),
            !grant.isAccess || weak.contains(.refreshAccessAsRefresh),
            grant.client == client || weak.contains(.refreshOtherClient)
        else { return .invalidGrant }
        if grant.isUsed, !weak.contains(.refreshReplay), !manner.refreshEndsByUse {
            end(grant.family, &memory)
            return .invalidGrant
        }
        if let scope = form["scope"], scope != grant.scope {
            guard weak.contains(.refreshWiderScope) else { return .json(["error": "invalid_scope"], status: 400) }
            grant.scope = scope
        }
        memory.grants[token]?.isUsed = true
        if manner.refreshEndsByUse { memory.replaced["access-\(memory.issued + 1)-0123456789"] = token }
        return issue(grant, &memory)
    }

    private func end(_ family: Int, _ memory: inout Memory) {
        for (token, grant) in memory.grants where grant.family == family { memory.grants[token]?.isDead = true }
    }

    private func issue(_ grant: Grant, _ memory: inout Memory) -> HTTPResponse {
        memory.issued += 1
        let (access, refresh) = ("access-\(memory.issued)-0123456789", "refresh-\(memory.issued)-0123456789")
        var held = grant
        (held.isUsed, held.isAccess) = (false, true)
        memory.grants[access] = held
        held.isAccess = false
        if manner.issuesRefreshTokens { memory.grants[refresh] = held }
        var response = HTTPResponse.json([
            "access_token": .string(access), "refresh_token": manner.issuesRefreshTokens ? .string(refresh) : .null,
            "token_type": "Bearer", "expires_in": 3600, "scope": .string(grant.scope),
        ])
        response.fields["Cache-Control"] = "no-store"
        return response
    }

    private func revoke(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .form(let form)? = request.body, let token = form["token"] else { return unexpected(request) }
        memory.grants[token]?.isDead = true
        return HTTPResponse(status: 200)
    }

    // MARK: MCP

    private func mcp(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .json(let message)? = request.body else { return unexpected(request) }
        guard isLetIn(request, memory) else {
            var refusal = HTTPResponse(status: 401)
            let url = "\(Self.base)/.well-known/oauth-protected-resource/mcp"
            refusal.fields["WWW-Authenticate"] = #"Bearer resource_metadata="\#(url)", scope="read write""#
            return refusal
        }
        let token = (request.fields["authorization"] ?? "").dropFirst("Bearer ".count)
        if let old = memory.replaced.removeValue(forKey: String(token)) { memory.grants[old]?.isDead = true }
        if request.fields["origin"] != nil, !weak.contains(.mcpBadOrigin) { return HTTPResponse(status: 403) }
        guard let id = message["id"] else { return HTTPResponse(status: 202) }
        var response = HTTPResponse.json([
            "jsonrpc": "2.0", "id": id,
            "result": message["method"]?.string == "initialize"
                ? ["protocolVersion": "2025-06-18", "capabilities": [:]] : ["tools": [["name": "echo"]]],
        ])
        if message["method"]?.string == "initialize" {
            memory.issued += 1
            memory.sessions.insert("mcp-\(memory.issued)")
            response.fields["Mcp-Session-Id"] = "mcp-\(memory.issued)"
        }
        return response
    }

    private func isLetIn(_ request: HTTPRequest, _ memory: Memory) -> Bool {
        if let session = request.fields["mcp-session-id"], memory.sessions.contains(session),
            request.fields["authorization"] == nil, weak.contains(.mcpSessionWithoutToken)
        {
            return true
        }
        let words = (request.fields["authorization"] ?? "").split(separator: " ").map(String.init)
        var token = words.count == 2 && (words[0] == "Bearer" || weak.contains(.mcpBasicScheme)) ? words[1] : ""
        if token.isEmpty, weak.contains(.mcpQueryToken) { token = request.url.queryPairs["access_token"] ?? "" }
        guard !token.isEmpty else { return false }
        guard let grant = memory.grants[token] else {
            let isTampered = memory.grants.keys.contains { $0.hasSuffix(token.suffix(8)) && $0.count == token.count }
            return weak.contains(.mcpGarbageToken) && !isTampered || weak.contains(.mcpTamperedToken) && isTampered
        }
        guard grant.isAccess || weak.contains(.mcpRefreshAsAccess) else { return false }
        return !grant.isDead || weak.contains(.revokeIgnored)
    }
}

extension [FormPair] {
    fileprivate subscript(name: String) -> String? { first { $0.name == name }?.value }

    fileprivate mutating func set(_ name: String, _ value: String) {
        for index in indices where self[index].name == name { self[index].value = value }
    }
}

extension HTTPResponse {
    static func json(_ json: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, fields: ["Content-Type": "application/json"], body: json.bytes())
    }

    static func page(_ html: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, fields: ["Content-Type": "text/html; charset=utf-8"], body: Array(html.utf8))
    }

    static var invalidGrant: HTTPResponse { .json(["error": "invalid_grant"], status: 400) }
}
