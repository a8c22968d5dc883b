import Crypto
import JSONReader
import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// A correct OAuth 2.1 and MCP server that lives in memory; a test changes its answers.
///
/// A request that it does not know fails the test.
final class FakeServer: HTTPTransport {
    struct Memory {
        var challenges: [String: String] = [:]
        var accessTokens: Set<String> = []
        var refreshTokens: Set<String> = []
        var clients: Set<String> = []
        var issued = 0
        var requests: [HTTPRequest] = []
        var submissions: [[FormPair]] = []
        /// Whether a login ends what earlier ones gave.
        var keepsOneSession = false
        /// Whether a revocation ends every token.
        var revokesEverything = false
        /// Whether a refresh ends the access token that came with the refresh token.
        var refreshEndsAccess = false
    }

    typealias Tamper = @Sendable (HTTPRequest, inout HTTPResponse) throws -> Void

    static let base = "https://mcp.test"
    let memory = Mutex(Memory())
    /// A path of which requests of the session step get this status, before the server looks at them.
    let outage = Mutex<(path: String, status: Int)?>(nil)
    /// A login page instead of the immediate redirect.
    let loginPage: Bool
    let tamper: Tamper
    /// Answers what the server does not know by itself.
    let extra: @Sendable (HTTPRequest) -> HTTPResponse?

    init(
        loginPage: Bool = false, tamper: @escaping Tamper = { _, _ in },
        extra: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil }
    ) {
        self.loginPage = loginPage
        self.extra = extra
        self.tamper = tamper
    }

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        if let outage = outage.withLock({ $0 }), request.step == .session, request.url.path == outage.path {
            return HTTPResponse(status: outage.status)
        }
        var response = memory.withLock { memory in
            memory.requests.append(request)
            return extra(request) ?? answer(request, &memory)
        }
        do {
            try tamper(request, &response)
        } catch let failure as TransportFailure {
            throw failure
        } catch {
            Issue.record("the tamper threw \(error)")
        }
        return response
    }

    /// Requests to a path, in order.
    func requests(to path: String) -> [HTTPRequest] {
        memory.withLock { $0.requests.filter { $0.url.path == path } }
    }

    private func answer(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        switch (request.method, request.url.path) {
        case ("GET", "/.well-known/oauth-protected-resource"), ("GET", "/.well-known/oauth-protected-resource/mcp"):
            .json([
                "resource": .string("\(Self.base)/mcp"), "authorization_servers": [.string(Self.base)],
                "scopes_supported": ["read", "write"],
            ])
        case ("GET", "/.well-known/oauth-authorization-server"): .json(Self.metadata)
        case ("POST", "/register"): register(request, &memory)
        case ("GET", "/authorize"): loginPage ? .page(Self.form(request.url)) : redirect(request.url, &memory)
        case ("POST", "/login"): logIn(request, &memory)
        case ("POST", "/token"): token(request, &memory)
        case ("POST", "/revoke"): revoke(request, &memory)
        case ("POST", "/mcp"): mcp(request, &memory)
        case ("GET", "/mcp"): HTTPResponse(status: 405)
        case ("OPTIONS", "/mcp"), ("OPTIONS", "/token"): .preflight
        default: unexpected(request)
        }
    }

    private func unexpected(_ request: HTTPRequest) -> HTTPResponse {
        Issue.record("unexpected request: \(request.method) \(request.url)")
        return HTTPResponse(status: 500)
    }

    private static let metadata: JSON = [
        "issuer": .string(base), "authorization_endpoint": .string("\(base)/authorize"),
        "token_endpoint": .string("\(base)/token"), "registration_endpoint": .string("\(base)/register"),
        "revocation_endpoint": .string("\(base)/revoke"), "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"], "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    ]

    private static func form(_ url: WebURL) -> String {
        """
        <html><title>Sign in</title><form method="post" action="/login?\(url.query ?? "")">
        <input type="hidden" name="csrf" value="c5rf-Token-0123456789"><input name="username">
        <input type="password" name="password"><button>Log in</button></form></html>
        """
    }

    private func register(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .json(let body)? = request.body else { return unexpected(request) }
        memory.issued += 1
        let id = "client-\(memory.issued)"
        memory.clients.insert(id)
        var response = HTTPResponse.json(
            ["client_id": .string(id), "redirect_uris": body["redirect_uris"] ?? .null], status: 201)
        response.fields["Cache-Control"] = "no-store"
        return response
    }

    private func logIn(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .form(let pairs)? = request.body else { return unexpected(request) }
        memory.submissions.append(pairs)
        let accepted = pairs.contains(FormPair("password", "correct horse"))
        return accepted ? redirect(request.url, &memory) : .page(Self.form(request.url))
    }

    private func redirect(_ url: WebURL, _ memory: inout Memory) -> HTTPResponse {
        let query = Callback(pairs: url.queryPairs)
        guard memory.clients.contains(query["client_id"] ?? "") else {
            return .json(["error": "invalid_request", "error_description": "Invalid client_id"], status: 400)
        }
        memory.issued += 1
        let code = "code-\(memory.issued)-0123456789"
        memory.challenges[code] = query["code_challenge"]
        let answer = [FormPair("code", code), FormPair("state", query["state"] ?? ""), FormPair("iss", Self.base)]
        var response = HTTPResponse(status: 302)
        response.fields["Location"] = WebURL(query["redirect_uri"] ?? "")?.addingQuery(answer).description
        return response
    }

    private func token(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .form(let pairs)? = request.body else { return unexpected(request) }
        let form = Callback(pairs: pairs)
        switch form["grant_type"] {
        case "authorization_code":
            let challenge = Base64URL.encode(SHA256.digest(Array((form["code_verifier"] ?? "").utf8)))
            guard memory.challenges.removeValue(forKey: form["code"] ?? "") == challenge else { return .invalidGrant }
            if memory.keepsOneSession { (memory.accessTokens, memory.refreshTokens) = ([], []) }
        case "refresh_token":
            guard let old = memory.refreshTokens.remove(form["refresh_token"] ?? "") else { return .invalidGrant }
            if memory.refreshEndsAccess { memory.accessTokens.remove("access" + old.dropFirst("refresh".count)) }
        default: return unexpected(request)
        }
        memory.issued += 1
        let (access, refresh) = ("access-\(memory.issued)-0123456789", "refresh-\(memory.issued)-0123456789")
        memory.accessTokens.insert(access)
        memory.refreshTokens.insert(refresh)
        var response = HTTPResponse.json([
            "access_token": .string(access), "refresh_token": .string(refresh), "token_type": "Bearer",
            "expires_in": 3600, "scope": "read write",
        ])
        response.fields["Cache-Control"] = "no-store"
        return response
    }

    private func revoke(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .form(let pairs)? = request.body, let token = Callback(pairs: pairs)["token"] else {
            return unexpected(request)
        }
        memory.accessTokens.remove(token)
        memory.refreshTokens.remove(token)
        if memory.revokesEverything { (memory.accessTokens, memory.refreshTokens) = ([], []) }
        return HTTPResponse(status: 200)
    }

    private func mcp(_ request: HTTPRequest, _ memory: inout Memory) -> HTTPResponse {
        guard case .json(let message)? = request.body else { return unexpected(request) }
        let token = request.fields["authorization"]?.dropFirst("Bearer ".count) ?? ""
        guard memory.accessTokens.contains(String(token)) else {
            var refusal = HTTPResponse(status: 401)
            let url = "\(Self.base)/.well-known/oauth-protected-resource/mcp"
            refusal.fields["WWW-Authenticate"] = #"Bearer resource_metadata="\#(url)", scope="read write""#
            return refusal
        }
        return Self.result(of: message)
    }

    static func result(of message: JSON) -> HTTPResponse {
        guard let id = message["id"] else { return HTTPResponse(status: 202) }
        if message["method"] == "server/discover" { return .rpcError(id, -32_601) }
        let result: JSON =
            switch message["method"]?.string {
            case "initialize": ["protocolVersion": "2025-06-18", "capabilities": .object([])]
            case "tools/list": ["tools": [["name": "echo"]]]
            default: ["content": []]
            }
        return .json(["jsonrpc": "2.0", "id": id, "result": result])
    }
}

extension HTTPResponse {
    static func json(_ json: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, fields: ["Content-Type": "application/json"], body: json.bytes())
    }

    static func page(_ html: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status,
            fields: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
                "Referrer-Policy": "no-referrer",
            ], body: Array(html.utf8))
    }

    /// A browser may go on.
    static var preflight: HTTPResponse {
        HTTPResponse(
            status: 204,
            fields: ["Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization, content-type"])
    }

    static func rpcError(_ id: JSON, _ code: Int, status: Int = 200, data: JSON = .null) -> HTTPResponse {
        let error: JSON = ["code": .integer(code), "message": "refused", "data": data]
        return .json(["jsonrpc": "2.0", "id": id, "error": error], status: status)
    }

    static var invalidGrant: HTTPResponse { .json(["error": "invalid_grant"], status: 400) }

    /// Changes one member of a JSON body; nil removes it.
    mutating func set(_ name: String, _ value: JSON?) {
        guard var members = (try? JSON(parsing: body))?.members else { return }
        members.removeAll { $0.name == name }
        if let value { members.append(JSON.Member(name, value)) }
        body = JSON.object(members).bytes()
    }
}

/// Time that stands still unless a test moves it.
final class FakeClock: WatchClock {
    private let elapsed = Mutex(Duration.zero)
    var now: Instant { Instant(nanoseconds: 1_000_000_000_000) + elapsed.withLock { $0 } }
    var wallTime: WallTime { WallTime(seconds: 1_800_000_000) + elapsed.withLock { $0 } }
    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }
    func sleep(until deadline: Instant) async throws { Issue.record("the flow does not sleep") }
}

/// One target, one memory, one server.
struct Scene {
    var server: FakeServer
    var clock = FakeClock()
    var memory: any TargetMemory = TransientMemory()
    var target: TargetSettings

    init(_ server: FakeServer = FakeServer(), password: String = "correct horse") throws {
        self.server = server
        target = TargetSettings(
            name: "test", server: try #require(WebURL("\(FakeServer.base)/mcp")), username: "alice",
            password: Secret(password), redirectURI: try #require(WebURL("http://localhost:3000/callback")))
    }

    func run(_ kind: RunKind = .login, permits: Set<String> = [FakeServer.base]) async -> RunRecord {
        await flow(permits: permits).run(kind)
    }

    func flow(
        permits: Set<String> = [FakeServer.base],
        historiesElsewhere: @escaping @Sendable (String) async -> [LoginHistory] = { _ in [] }
    ) -> OAuthFlow {
        var environment = FlowEnvironment(
            transport: server, clock: clock, memory: memory,
            permitsSecrets: { permits.contains($0.description) }, allowAnnounced: { _ in })
        environment.historiesElsewhere = historiesElsewhere
        return OAuthFlow(target: target, environment: environment)
    }
}

extension RunRecord {
    /// `check severity` of each finding, for comparison.
    var findingTexts: [String] { findings.map { "\($0.check.rawValue) \($0.severity.rawValue)" } }

    func outcome(_ step: Step) -> Outcome? { steps.first { $0.step == step }?.outcome }
}
