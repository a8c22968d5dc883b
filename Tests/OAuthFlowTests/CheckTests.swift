import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// One change to a correct server, and what must be said of it.
struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var expected: [String]
    var tamper: FakeServer.Tamper

    var testDescription: String { name }

    init(_ name: String, _ expected: String..., tamper: @escaping FakeServer.Tamper) {
        self.name = name
        self.expected = expected
        self.tamper = tamper
    }

    /// Changes one member of the JSON answers of a path.
    static func member(_ path: String, _ name: String, _ value: JSON?, _ expected: String...) -> Fault {
        var fault = Fault("\(path) \(name)=\(value?.text() ?? "absent")") { request, response in
            if request.url.path == path { response.set(name, value) }
        }
        fault.expected = expected
        return fault
    }

    /// Replaces the answers of a path.
    static func answer(_ path: String, _ response: HTTPResponse, _ expected: String...) -> Fault {
        var fault = Fault("\(path) \(response.status) \(response.text.prefix(30))") { request, answer in
            if request.url.path == path { answer = response }
        }
        fault.expected = expected
        return fault
    }

    /// Changes a header field of the answers of a path; nil removes it.
    static func header(_ path: String, _ name: String, _ value: String?, _ expected: String...) -> Fault {
        var fault = Fault("\(path) \(name): \(value ?? "absent")") { request, response in
            if request.url.path == path, value == nil || response.fields[name] != nil { response.fields[name] = value }
        }
        fault.expected = expected
        return fault
    }

    /// With another status of the redirect.
    func with(_ status: Int) -> Fault {
        var fault = self
        fault.name += " \(status)"
        fault.tamper = { [tamper] request, response in
            try tamper(request, &response)
            if response.fields["location"] != nil { response.status = status }
        }
        return fault
    }

    /// A path brings no answer.
    static func failure(_ path: String, _ kind: TransportFailure.Kind, _ expected: String...) -> Fault {
        var fault = Fault("\(path) \(kind.rawValue)") { request, _ in
            if request.url.path == path { throw TransportFailure(kind, "\(kind.rawValue)") }
        }
        fault.expected = expected
        return fault
    }

    /// Changes the redirect with the code.
    static func callback(_ name: String, _ expected: String..., change: @escaping @Sendable (inout WebURL) -> Void)
        -> Fault
    {
        var fault = Fault("callback \(name)") { request, response in
            guard request.url.path == "/authorize", var url = response.fields["location"].flatMap({ WebURL($0) })
            else { return }
            change(&url)
            response.fields["Location"] = url.description
        }
        fault.expected = expected
        return fault
    }
}

struct CheckTests {
    static let prm = "/.well-known/oauth-protected-resource/mcp"
    static let asm = "/.well-known/oauth-authorization-server"

    static let faults: [Fault] = [
        .member(prm, "resource", nil, "discovery.resource failure"),
        .member(prm, "resource", "https://other.test/mcp", "discovery.resource failure"),
        .member(prm, "resource", "https://mcp.test", "discovery.resource warning"),
        .member(prm, "authorization_servers", [], "discovery.authorization-servers failure"),
        .answer(prm, .page("<html><title>Hi</title>"), "discovery.resource-metadata failure"),
        .answer(
            prm, HTTPResponse(status: 404), "discovery.resource-metadata warning", "challenge.resource-metadata warning"
        ),
        .answer(prm, HTTPResponse(status: 500), "discovery.resource-metadata failure"),
        .answer(asm, .page("<!doctype html>"), "discovery.metadata failure"),
        .answer(asm, .json([]), "discovery.metadata failure"),
        .answer(asm, HTTPResponse(status: 503), "discovery.metadata failure"),
        .member(asm, "issuer", "https://mcp.test/", "discovery.issuer warning", "authentication.iss warning"),
        .member(asm, "issuer", "https://evil.test", "discovery.issuer failure"),
        .member(asm, "authorization_endpoint", nil, "discovery.endpoints failure"),
        .member(asm, "token_endpoint", "/token", "discovery.endpoints failure"),
        .member(asm, "response_types_supported", ["token"], "discovery.endpoints failure"),
        .member(asm, "code_challenge_methods_supported", nil, "discovery.s256 warning"),
        .member(asm, "code_challenge_methods_supported", ["plain"], "discovery.s256 failure"),
        .member(asm, "revocation_endpoint", "http://mcp.test/revoke", "discovery.https failure"),
        .member(asm, "registration_endpoint", nil, "registration.endpoint failure"),
        .answer("/register", .json(["error": "x"], status: 500), "registration.status failure"),
        .answer("/register", HTTPResponse(status: 429), "registration.status inconclusive"),
        .member("/register", "client_id", nil, "registration.client-id failure"),
        .member("/register", "redirect_uris", ["http://x.test/"], "registration.client-id failure"),
        .member("/register", "client_secret", "s", "registration.shape warning"),
        Fault("/register: a secret that its method does not use", "registration.shape info") { request, response in
            guard request.url.path == "/register" else { return }
            response.set("client_secret", "s")
            response.set("client_secret_expires_at", 0)
            response.set("token_endpoint_auth_method", "none")
        },
        .answer("/authorize", HTTPResponse(status: 400), "authorization.page failure"),
        .answer("/authorize", HTTPResponse(status: 502), "authorization.page failure"),
        .failure("/authorize", .timedOut, "authorization.page failure"),
        .callback("state", "authentication.state failure") { $0.query = "code=abcdefgh&state=x&iss=https://mcp.test" },
        .callback("no iss", "authentication.iss failure") {
            $0.query = $0.queryPairs.filter { $0.name != "iss" }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        },
        .callback("other host", "authentication.redirect insecure") { $0.host = "evil.test" },
        .callback("other port", "authentication.redirect insecure") { $0.port = 4000 },
        .callback("other path", "authentication.redirect failure") { $0.path = "/callback/x" },
        .callback("two states", "authentication.state failure") { $0.query? += "&state=again" },
        .callback("fragment", "authentication.redirect failure") { ($0.fragment, $0.query) = ($0.query, nil) },
        .callback("two codes", "authentication.redirect failure") { $0.query? += "&code=again" },
        .callback("error", "authentication.redirect failure") {
            $0.query =
                "error=access_denied&" + ($0.query ?? "").split(separator: "&").dropFirst().joined(separator: "&")
        },
        .callback("invalid_scope", "discovery.scopes failure") {
            $0.query =
                "error=invalid_scope&" + ($0.query ?? "").split(separator: "&").dropFirst().joined(separator: "&")
        },
        .callback("other host, though with 307", "authentication.redirect insecure") { $0.host = "evil.test" }.with(
            307),
        .answer("/token", .invalidGrant, "token.status failure"),
        .answer(
            "/token", .json(["error": "invalid_request"], status: 400), "token.error-code info", "token.status failure"),
        .answer("/token", .json(["detail": "no"], status: 422), "token.error-code info", "token.status failure"),
        .member("/token", "scope", ["read", "write"], "token.scope warning"),
        .member(asm, "scopes_supported", ["openid"], "discovery.scopes warning"),
        .member(asm, "grant_types_supported", ["implicit"], "discovery.methods warning"),
        .member(asm, "jwks_uri", "http://mcp.test/keys", "discovery.https failure"),
        .member("/register", "redirect_uris", nil, "registration.client-id failure"),
        .member("/register", "contacts", [nil], "registration.shape warning"),
        .header("/register", "Cache-Control", nil, "registration.shape info"),
        .header(
            "/mcp", "WWW-Authenticate", #"Bearer resource_metadata="/here""#, "challenge.error-uninvited info",
            "challenge.resource-metadata warning"),
        .header("/mcp", "WWW-Authenticate", "Basic realm=x", "challenge.header warning"),
        Fault("another user agent is refused", "mcp.user-agent warning") { request, response in
            if request.fields["user-agent"] == "node" { response = HTTPResponse(status: 403) }
        },
        Fault("no preflight", "mcp.cors info", "mcp.cors info") { request, response in
            if request.method == "OPTIONS" { response = HTTPResponse(status: 405) }
        },
        Fault("metadata follow X-Forwarded-Host", "discovery.host-steering warning") { request, response in
            guard let host = request.fields["x-forwarded-host"], request.url.path == asm else { return }
            response.set("issuer", .string("https://\(host)"))
        },
        Fault("another loopback port is refused", "registration.loopback-port info") { request, response in
            if request.step == .guarding, request.url.path == "/authorize" { response = HTTPResponse(status: 400) }
        },
        .answer("/token", .json(["error": "invalid_client"], status: 401), "token.status failure"),
        .answer("/token", .page("<html>"), "token.json failure"),
        .answer("/token", .json(["error": "invalid_grant"]), "token.error-in-200 failure"),
        .member("/token", "access_token", nil, "token.access-token failure"),
        .member("/token", "token_type", "mac", "token.type failure"),
        .member("/token", "token_type", "bearer"),
        .member("/token", "expires_in", "3600", "token.expires-in warning"),
        .member("/token", "expires_in", 0, "token.expires-in failure"),
        .member("/token", "expires_in", nil, "token.expires-in warning"),
        .member("/token", "scope", "read", "token.scope warning"),
        .member("/token", "refresh_token", nil, "token.refresh-issued warning"),
        .failure("/token", .connectionReset, "token.status failure"),
        .answer("/mcp", .page("<html><title>Welcome"), "challenge.status failure"),
        Fault("challenge without metadata", "challenge.resource-metadata info") { _, response in
            if response.status == 401 { response.fields["WWW-Authenticate"] = #"Bearer scope="read write""# }
        },
        .failure("/mcp", .connectionRefused, "challenge.status failure"),
        .failure("/mcp", .tlsVerification, "tls.verify failure"),
        .failure("/mcp", .noRoute, "monitor.network inconclusive"),
        .failure("/mcp", .cancelled, "monitor.stopped inconclusive"),
        .failure(asm, .bodyTooLarge, "discovery.metadata failure"),
        .failure(asm, .addressRefused, "discovery.metadata inconclusive"),
    ]

    @Test(arguments: faults)
    func namesTheFault(_ fault: Fault) async throws {
        let record = try await Scene(FakeServer(tamper: fault.tamper)).run()
        #expect(record.findingTexts == fault.expected)
    }

    @Test func blamesTheStepWhereTheLoginStops() async throws {
        let endless = FakeServer(loginPage: true) { request, response in
            if request.url.path == "/login" {
                response = .page("<form method=post action='/login'><button>Continue</button></form>")
            }
        }
        let record = try await Scene(endless).run()
        #expect(record.findings.map(\.check) == [.authorizationLoop])
        #expect(record.findings.map(\.step) == [.authentication])
        #expect(record.outcome(.authorization) == .passed)
    }

    static let authenticated: [Fault] = [
        Fault("wrong id", "mcp.id failure") { _, response in response.set("id", 99) },
        Fault("error", "mcp.error failure") { _, response in
            response.set("result", nil)
            response.set("error", ["code": -32000, "message": "boom"])
        },
        Fault("no JSON", "mcp.body failure") { _, response in response = .page("<html>") },
        Fault("401", "mcp.status failure") { _, response in response = HTTPResponse(status: 401) },
        Fault("version", "mcp.version failure") { _, response in response.set("result", ["protocolVersion": "1999"]) },
        Fault("event stream with noise") { _, response in
            let data = ": hi\n\nevent: message\nid: 1\ndata:\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"x\"}\n\ndata: "
            response.body = Array(data.utf8) + response.body + [10, 10]
            response.fields["Content-Type"] = "text/event-stream"
        },
        Fault("event stream without answer", "mcp.body failure") { _, response in
            response = HTTPResponse(
                status: 200, fields: ["Content-Type": "text/event-stream"], body: Array(": hi\n\n".utf8))
        },
    ]

    @Test(arguments: authenticated)
    func namesTheFaultOfTheMCPAnswer(_ fault: Fault) async throws {
        let server = FakeServer { request, response in
            if request.url.path == "/mcp", response.status == 200 { try fault.tamper(request, &response) }
        }
        #expect(try await Scene(server).run().findingTexts == fault.expected)
    }

    static let refreshes: [Fault] = [
        Fault("refused", "refresh.status failure") { _, response in response = .invalidGrant },
        Fault("page", "refresh.access-token failure") { _, response in response = .page("<html>") },
        Fault("error in 200", "refresh.access-token failure") { _, response in
            response = .json(["error": "invalid_grant"])
        },
        Fault("no token", "refresh.access-token failure") { _, response in response.set("access_token", nil) },
        Fault("dead token", "refresh.works failure") { _, response in response.set("access_token", "dead") },
        Fault("old token gone", "refresh.rotation failure") { request, response in
            response.set("refresh_token", nil)
        },
        Fault("scope lost", "refresh.scope warning") { _, response in response.set("scope", "read") },
    ]

    /// A server with a grace looks so until the grace is over.
    @Test func notesARefreshTokenThatIsNotReplaced() async throws {
        let refreshes = Mutex(0)
        let server = FakeServer { request, response in
            if request.step == .refresh, request.url.path == "/token" { response.set("refresh_token", nil) }
        } extra: { request in
            guard request.step == .refresh, request.url.path == "/token" else { return nil }
            let number = refreshes.withLock { count in
                count += 1
                return count
            }
            guard number == 2 else { return nil }
            var again = HTTPResponse.json([
                "access_token": "access-4-0123456789", "token_type": "Bearer", "expires_in": 3600,
            ])
            again.fields["Cache-Control"] = "no-store"
            return again
        }
        #expect(try await Scene(server).run().findingTexts == ["refresh.rotation info"])
    }

    @Test(arguments: refreshes)
    func namesTheFaultOfTheRefresh(_ fault: Fault) async throws {
        let server = FakeServer { request, response in
            if request.step == .refresh, request.url.path == "/token", response.status == 200 {
                try fault.tamper(request, &response)
            }
        }
        #expect(try await Scene(server).run().findingTexts == fault.expected)
    }
}
