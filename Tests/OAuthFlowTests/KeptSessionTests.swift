import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// What is said when the server has forgotten what an earlier run was given.
struct KeptSessionTests {
    @Test func namesTheLostSession_whenTheServerForgotEveryToken() async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.server.memory.withLock { memory in
            memory.accessTokens = []
            memory.refreshTokens = []
        }
        let record = await scene.run(.session)
        #expect(record.findingTexts == ["session.refresh failure", "session.early-death failure"])
        #expect(await scene.memory.state.chain == nil)
    }

    @Test func namesTheLostRefreshToken_whenItIsDue() async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.server.memory.withLock { $0.refreshTokens = [] }
        scene.clock.advance(by: .seconds(4000))
        #expect(await scene.run(.session).findingTexts == ["session.refresh failure"])
        #expect(await scene.memory.state.chain == nil)
    }

    @Test func refreshes_whenTheAccessTokenDiesBeforeItsTime() async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.server.memory.withLock { $0.accessTokens = [] }
        let record = await scene.run(.session)
        #expect(record.findingTexts == ["session.early-death failure"])
        #expect(record.facts.refreshes == 1 && record.facts.sessionAlive[.ordinary] == true)
    }

    @Test func blamesTheServerAlone_whenItRefusesFreshTokens_andIsGreenAsSoonAsItTakesThem() async throws {
        let refuses = Mutex(false)
        let scene = try Scene(
            FakeServer { request, response in
                guard request.url.path == "/mcp", request.fields["Authorization"] != nil else { return }
                if refuses.withLock({ $0 }) { response = HTTPResponse(status: 401) }
            })
        _ = await scene.run()
        refuses.withLock { $0 = true }
        let record = await scene.run()
        #expect(record.findingTexts == ["mcp.status failure"])
        #expect(record.outcome(.session) == .passed && record.outcome(.mcp) == .failed)
        #expect(!record.scored.contains(.sessionEarlyDeath))
        let session = await scene.run(.session)
        #expect(session.findingTexts == ["session.early-death failure"])
        refuses.withLock { $0 = false }
        let after = await scene.run(.session)
        #expect(after.findingTexts == [] && after.scored.contains(.sessionEarlyDeath))
    }

    @Test func blamesTheLogin_whereNoScopeIsEnough_andNotTheSessionBeforeIt() async throws {
        let refuses = Mutex(false)
        let scene = try Scene(
            FakeServer { request, response in
                guard refuses.withLock({ $0 }), request.url.path == "/mcp", request.fields["Authorization"] != nil
                else { return }
                response = HTTPResponse(status: 403)
                response.fields["WWW-Authenticate"] = #"Bearer error="insufficient_scope", scope="admin""#
            })
        _ = await scene.run()
        refuses.withLock { $0 = true }
        #expect(await scene.run().blamed?.check == .mcpScope)
    }

    @Test func triesTheSessionOfAClientThatWasForgotten_atTheNextLogin() async throws {
        let scene = try Scene()
        for _ in 1...3 {
            _ = await scene.run()
            scene.clock.advance(by: .seconds(900))
        }
        try await scene.memory.update { $0.sessions.triedAge = 3_000 }
        scene.server.memory.withLock { $0.clients = [] }
        #expect(await scene.run().findingTexts == ["session.client failure"])
        scene.server.memory.withLock { $0.refreshTokens = [] }
        scene.clock.advance(by: .seconds(900))
        #expect(await scene.run().findingTexts.contains("session.refresh failure"))
    }

    @Test func isOver_whenTheAccessTokenDiesAndNothingCanRefreshIt() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/token" { response.set("refresh_token", nil) }
            })
        _ = await scene.run()
        scene.server.memory.withLock { $0.accessTokens = [] }
        let record = await scene.run(.session)
        #expect(record.findingTexts == ["session.early-death failure"])
        #expect(record.facts.sessionAlive[.ordinary] == false)
    }

    @Test func blamesTheClient_whenTheTokenEndpointHasForgottenIt() async throws {
        let scene = try await sceneThatForgetsTheClient()
        let record = await scene.run()
        #expect(Set(record.findingTexts) == ["session.early-death failure", "session.client failure"])
        #expect(record.summary.accessTokenReceived)
    }

    @Test func blamesTheTokenEndpointAlone_whenItRefusesFreshClients_too() async throws {
        let refuses = Mutex(false)
        let scene = try Scene(
            FakeServer { request, response in
                guard refuses.withLock({ $0 }), request.url.path == "/token" else { return }
                response = .json(["error": "invalid_client"], status: 401)
            })
        _ = await scene.run()
        scene.clock.advance(by: .seconds(4_000))
        refuses.withLock { $0 = true }
        let record = await scene.run()
        #expect(record.findingTexts == ["token.status failure"])
        #expect(record.outcome(.session) == .passed && !record.scored.contains(.sessionClient))
    }

    @Test func registersAgain_whenOnlyTheCodeShowsThatTheClientIsForgotten() async throws {
        let scene = try await sceneThatForgetsTheClient()
        try await scene.memory.update { $0.chain = nil }
        let record = await scene.run()
        #expect(record.findingTexts == ["session.client failure"])
        #expect(record.outcome(.token) == .passed && record.summary.accessTokenReceived)
    }

    /// After one good run: a token endpoint that does not know the client, and an authorization endpoint that does.
    private func sceneThatForgetsTheClient() async throws -> Scene {
        var scene = try Scene()
        _ = await scene.run()
        scene.server = FakeServer { request, response in
            guard request.url.path == "/token", case .form(let pairs)? = request.body else { return }
            if pairs.contains(FormPair("client_id", "client-1")) {
                response = .json(["error": "invalid_client"], status: 401)
            }
        }
        scene.server.memory.withLock { memory in
            memory.clients = ["client-1"]
            memory.issued = 100
        }
        return scene
    }
}
