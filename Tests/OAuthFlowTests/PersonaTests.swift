import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

struct PersonaTests {
    private func scene(
        _ names: Persona..., loginPage: Bool = true, tamper: @escaping FakeServer.Tamper = { _, _ in }
    ) throws -> Scene {
        var scene = try Scene(FakeServer(loginPage: loginPage, tamper: tamper))
        scene.target.personas = names
        scene.target = scene.target.acting(as: names[0])
        return scene
    }

    private static func form(_ request: HTTPRequest) -> Callback {
        guard case .form(let pairs)? = request.body else { return Callback(pairs: []) }
        return Callback(pairs: pairs)
    }

    @Test func isHealthy_andSendsThePasswordOnce_whenAllAreTreatedAlike() async throws {
        let scene = try scene(.claudeDesktop, .claude, .inspector)
        let record = await scene.run()
        #expect(record.findingTexts == [])
        #expect(record.scored.contains(.personaDifference))
        #expect(scene.server.requests(to: "/login").count == 1)
        #expect(scene.server.requests(to: "/register").count == 3)
        // No second token for the same user: that could end the first.
        let redeemed = scene.server.requests(to: "/token").filter {
            Self.form($0)["grant_type"] == "authorization_code"
        }
        #expect(redeemed.count == 3)
        #expect(scene.server.memory.withLock { $0.accessTokens.count } == 2)
    }

    @Test func keepsAClientForEach() async throws {
        let scene = try scene(.claudeDesktop, .claude)
        _ = await scene.run()
        let state = await scene.memory.state
        #expect(state.client == nil)
        #expect(
            state.personaClients.mapValues(\.redirectURI) == [
                "claude": "https://claude.ai/api/mcp/auth_callback", "claude-desktop": "http://localhost:3000/callback",
            ])
        scene.clock.advance(by: .seconds(7_200))
        #expect(await scene.run().findingTexts == [])
        #expect(scene.server.requests(to: "/register").count == 2)
    }

    @Test func comparesOnceAnHour_whileAllIsWell() async throws {
        let scene = try scene(.claudeDesktop, .claude)
        _ = await scene.run()
        let before = scene.server.requests(to: "/authorize").count
        scene.clock.advance(by: .seconds(900))
        let early = await scene.run()
        #expect(scene.server.requests(to: "/authorize").count == before + 1)
        #expect(!early.scored.contains(.personaDifference))
        scene.clock.advance(by: .seconds(3_000))
        #expect(await scene.run().scored.contains(.personaDifference))
    }

    @Test func dressesItsOwnRequests_andLeavesThePagesToTheBrowser() async throws {
        let scene = try scene(.claude)
        let record = await scene.run()
        let own: Set<Step> = [.discovery, .registration, .token, .refresh]
        let pages: Set<Step> = [.authorization, .authentication]
        for exchange in record.exchanges {
            let agent = exchange.request.fields["user-agent"]
            if own.contains(exchange.request.step) { #expect(agent == "Claude-User") }
            if pages.contains(exchange.request.step) { #expect(agent == nil) }
        }
    }

    @Test func registersAsTheHostedClientDoes() async throws {
        let scene = try scene(.claude)
        _ = await scene.run()
        guard case .json(let body)? = scene.server.requests(to: "/register").first?.body else {
            Issue.record("no registration")
            return
        }
        #expect(body["client_name"] == "Claude")
        #expect(body["redirect_uris"] == ["https://claude.ai/api/mcp/auth_callback"])
        #expect(body["grant_types"] == ["authorization_code", "refresh_token"])
        #expect(body["token_endpoint_auth_method"] == "none")
        #expect(body["application_type"] == "web")
    }

    struct Row: Sendable {
        var name: String
        var personas: [Persona] = [.claudeDesktop, .claude]
        var tamper: FakeServer.Tamper
        var step: Step
        var severity = Severity.failure
        var text: String
        /// What the flow itself says besides.
        var besides: [String] = []
    }

    private static func isClaude(_ request: HTTPRequest) -> Bool { request.fields["user-agent"] == "Claude-User" }

    static let rows = [
        Row(
            name: "a user agent is blocked everywhere",
            tamper: { request, response in if isClaude(request) { response = .page("<html>no", status: 403) } },
            step: .challenge, text: "only `claude`, not `claude-desktop`: only the user agent Claude-User is blocked",
            besides: ["mcp.user-agent warning"]),
        Row(
            name: "a user agent is blocked at the token endpoint",
            tamper: { request, response in
                if isClaude(request), request.step == .token { response = .page("<html>no", status: 403) }
            }, step: .token, text: "only the user agent Claude-User is blocked: the token endpoint answers 403"),
        Row(
            name: "a user agent is blocked with the token",
            tamper: { request, response in
                if isClaude(request), request.step == .mcp { response = .page("<html>no", status: 403) }
            }, step: .mcp, text: "only the user agent Claude-User is blocked"),
        Row(
            name: "registration refuses the hosted redirect",
            tamper: { request, response in
                guard case .json(let body)? = request.body, request.url.path == "/register" else { return }
                if body["redirect_uris"]?.strings?.first?.hasPrefix("https://claude.ai") ?? false {
                    response = .json(["error": "invalid_redirect_uri"], status: 400)
                }
            }, step: .registration, text: "only the redirect URI https://claude.ai/api/mcp/auth_callback is refused"),
        Row(
            name: "the authorization endpoint refuses the hosted redirect",
            tamper: { request, response in
                if request.url.path == "/authorize", request.url.query?.contains("claude.ai") ?? false {
                    response = .page("<html>wrong redirect", status: 400)
                }
            }, step: .authorization, text: "only the redirect URI https://claude.ai/api/mcp/auth_callback is refused"),
        Row(
            name: "the first of the list is the one that is refused", personas: [.claude, .claudeDesktop],
            tamper: { request, response in
                guard case .json(let body)? = request.body, request.url.path == "/register" else { return }
                if body["client_name"] == "Claude" {
                    response = .json(["error": "invalid_redirect_uri"], status: 400)
                }
            }, step: .registration, text: "only `claude`, not `claude-desktop`: only the redirect URI",
            besides: ["registration.status failure"]),
        Row(
            name: "only a strict client takes offence", personas: [.claudeDesktop, .strict],
            tamper: { request, response in
                if request.url.path.hasPrefix("/.well-known/oauth-authorization") {
                    response.set("code_challenge_methods_supported", nil)
                }
            }, step: .discovery, text: "only `strict`, not `claude-desktop`: `code_challenge_methods_supported` is",
            besides: ["discovery.s256 warning"]),
    ]

    @Test(arguments: rows.indices)
    func saysWhichClientFaresWorse_andWhy(_ index: Int) async throws {
        let row = Self.rows[index]
        let server = FakeServer(loginPage: true, tamper: row.tamper) { request in
            request.url.path == "/.well-known/openid-configuration" ? HTTPResponse(status: 404) : nil
        }
        var scene = try Scene(server)
        scene.target.personas = row.personas
        scene.target = scene.target.acting(as: row.personas[0])
        let record = await scene.run()
        let found = record.findings.filter { $0.check == .personaDifference }
        #expect(found.count == 1, "\(row.name)")
        #expect(found.first?.step == row.step, "\(row.name)")
        #expect(found.first?.severity == row.severity, "\(row.name)")
        #expect(found.first?.message.contains(row.text) == true, "\(row.name): \(found.first?.message ?? "")")
        let others = record.findingTexts.filter { !$0.hasPrefix("persona.difference") }
        #expect(others == row.besides, "\(row.name)")
        #expect(scene.server.requests(to: "/login").count <= 1)
        // What differs is looked at again in the next run, so that a repair is seen at once.
        #expect(await scene.memory.state.personasCompared == nil)
    }

    /// A server that asks for fewer requests, or cannot be reached, is no proof against a client.
    @Test(arguments: [429, 503])
    func isSilent_whenTheOtherClientCouldNotBeTried(status: Int) async throws {
        let scene = try scene(.claudeDesktop, .claude) { request, response in
            if Self.isClaude(request), request.url.path == "/register" { response = HTTPResponse(status: status) }
        }
        let record = await scene.run()
        #expect(record.findingTexts == (status == 429 ? [] : ["persona.difference failure"]))
        #expect(record.scored.contains(.personaDifference) == (status != 429))
    }
}
