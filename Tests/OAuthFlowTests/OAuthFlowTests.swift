import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

struct OAuthFlowTests {
    @Test func isHealthy_andKeepsTheChain_whenTheServerIsCorrect() async throws {
        let scene = try Scene()
        let record = await scene.run()
        #expect(record.findingTexts == [])
        #expect(record.verdict == .healthy)
        #expect(
            record.steps.filter { $0.outcome == .passed }.map(\.step) == [
                .challenge, .discovery, .registration, .authorization, .authentication, .token, .mcp, .refresh,
            ])
        let state = await scene.memory.state
        #expect(state.intent == nil)
        #expect(state.chain?.scope == "read write")
        #expect(record.summary.authCodeReceived && record.summary.refreshTokenReceived)
    }

    /// What no green login scores could never be taken back on `/health`.
    @Test func aGreenLoginScoresEveryCheckThatAFlowCanFail() async throws {
        let scene = try Scene(FakeServer(loginPage: true))
        // The third one revokes its own tokens: the first two are the kept sessions.
        for _ in 1...2 {
            _ = await scene.run()
            scene.clock.advance(by: .seconds(900))
        }
        // At this age the refresh token is tried again.
        scene.clock.advance(by: .seconds(900))
        let scored = await scene.run().scored
        // With a kept client nothing is registered; without TLS there is no certificate; budgets, the monitor's own
        // troubles and clean-up are settled in `Health` by their nature; refusals are not met; the requests of other kinds
        // of clients are not due.
        let elsewhere: Set<CheckID> = [
            .registrationEndpoint, .registrationStatus, .registrationClientId, .registrationShape, .tlsVerify,
            .tlsExpiry,
            .budgetExhausted, .stateWritable, .monitorStopped, .monitorNetwork, .clockSkew, .authorizationHeaders,
            .challengeResourceMetadata, .personaDifference,
            // It takes a token that was refused before its time.
            .sessionOldAccessToken,
            .tokenErrorCode, .registrationLoopbackPort, .mcpUserAgent, .mcpCors, .discoveryHostSteering,
            .monitorUnwatched,
        ]
        let missing = Set(CheckID.allCases).subtracting(scored).subtracting(elsewhere)
            .subtracting(CheckID.guards.filter { $0 != .mcpNoToken && $0 != .mcpOpenListing })
        #expect(missing.map(\.rawValue).sorted() == [])
    }

    @Test func submitsThePasswordOnce_throughTheLoginPage() async throws {
        let scene = try Scene(FakeServer(loginPage: true))
        let record = await scene.run()
        #expect(record.findingTexts == [])
        #expect(record.facts.passwordSubmissions == 1)
        #expect(record.outcome(.authentication) == .passed)
    }

    @Test(arguments: [nil, "no-referrer"])
    func postsTheLogin_asTheReferrerPolicyOfThePageHasIt(policy: String?) async throws {
        let server = FakeServer(loginPage: true) { request, response in
            if request.url.path == "/authorize" { response.fields["Referrer-Policy"] = policy }
        }
        _ = try await Scene(server).run()
        let page = try #require(server.requests(to: "/authorize").first)
        let login = try #require(server.requests(to: "/login").first)
        #expect(page.fields["Referer"] == nil && page.fields["Origin"] == nil)
        #expect(login.fields["Referer"] == (policy == nil ? page.url.description : nil))
        #expect(login.fields["Origin"] == (policy == nil ? FakeServer.base : "null"))
    }

    @Test func knowsThePasswordAsItIsSent_whenItHoldsALineEnd() async throws {
        let scene = try Scene(FakeServer(loginPage: true), password: "correct horse\r\n")
        let record = await scene.run()
        #expect(record.findingTexts == [])
        #expect(record.secrets.passwords.contains(Secret("correct horse")))
    }

    @Test func blamesAuthentication_andSubmitsOnce_whenThePasswordIsWrong() async throws {
        let scene = try Scene(FakeServer(loginPage: true), password: "wrong")
        let record = await scene.run()
        #expect(record.findingTexts == ["authentication.rejected failure"])
        #expect(record.outcome(.authentication) == .failed)
        #expect(scene.server.requests(to: "/login").count == 1)
        #expect(await scene.memory.state.login.consecutiveRejections == 1)
    }

    @Test func waitsAfterTwoRejections_untilThePasswordChanges() async throws {
        var scene = try Scene(FakeServer(loginPage: true), password: "wrong")
        for _ in 1...3 { _ = await scene.run() }
        #expect(scene.server.requests(to: "/login").count == 2)
        let blocked = await scene.run()
        #expect(blocked.findingTexts == ["budget.exhausted inconclusive"])
        #expect(blocked.outcome(.authorization) == .passed)
        scene.target.password = Secret("correct horse")
        #expect(await scene.run().findingTexts == [])
    }

    /// Two targets with one account share what it can bear: a server locks the account, not the target.
    @Test(arguments: [("wrong", "wrong"), ("wrong", "wrong as well"), ("wrong", "correct horse")])
    func countsRejectionsOfTheAccount_whereverTheyWere(here: String, there: String) async throws {
        let server = FakeServer(loginPage: true)
        let (first, second) = (try Scene(server, password: here), try Scene(server, password: there))
        var verdicts: [Verdict] = []
        for (scene, other) in [(first, second), (second, first), (second, first), (first, second), (second, first)] {
            let elsewhere = other.memory
            let run = scene.flow { user in user == "alice" ? [await elsewhere.state.login] : [] }
            verdicts.append(await run.run(.login).verdict)
        }
        let wrong = server.memory.withLock { memory in
            memory.submissions.count { !$0.contains(FormPair("password", "correct horse")) }
        }
        #expect(wrong == 2)
        // A good password does not wait for a bad one.
        let good = there == "correct horse"
        #expect(verdicts.last == (good ? .healthy : .inconclusive))
    }

    @Test func reusesTheClient_andTriesTheKeptSession_onTheNextLogin() async throws {
        let scene = try Scene()
        _ = await scene.run()
        let first = await scene.memory.state
        scene.clock.advance(by: .seconds(900))
        let record = await scene.run()
        #expect(record.findingTexts == [])
        #expect(record.outcome(.registration) == .skipped)
        #expect(record.outcome(.session) == .passed)
        #expect(scene.server.requests(to: "/register").count == 1)
        // The kept session lived on, with its refresh token tried; the login's own tokens are the idle canary.
        let second = await scene.memory.state
        #expect(second.chain?.startedAt == first.chain?.startedAt && second.chain?.issuedAt != first.chain?.issuedAt)
        #expect(second.sessions.idle != nil)
        scene.clock.advance(by: .seconds(900))
        #expect(await scene.run().outcome(.revocation) == .passed)
        #expect(scene.server.memory.withLock { $0.refreshTokens.count } == 2)
    }

    @Test func sessionRunUsesTheKeptToken_andRefreshesOnlyWhenDue() async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.clock.advance(by: .seconds(300))
        let early = await scene.run(.session)
        #expect(early.findingTexts == [])
        #expect(early.facts.refreshes == 0)
        scene.clock.advance(by: .seconds(3400))
        let due = await scene.run(.session)
        #expect(due.findingTexts == [])
        #expect(due.facts.refreshes == 1)
        #expect(scene.server.requests(to: "/authorize").count { $0.step == .authorization } == 1)
    }

    @Test(arguments: [true, false])
    func refreshesATokenThatEnded_whenNoLifetimeWasPromised(refreshLives: Bool) async throws {
        let scene = try Scene(
            FakeServer { request, response in if request.url.path == "/token" { response.set("expires_in", nil) } })
        _ = await scene.run()
        scene.server.memory.withLock { memory in
            memory.accessTokens = []
            if !refreshLives { memory.refreshTokens = [] }
        }
        let record = await scene.run(.session)
        #expect(record.findingTexts == (refreshLives ? [] : ["session.refresh failure"]))
        #expect(record.facts.refreshes == (refreshLives ? 1 : 0))
        #expect(record.facts.sessionAlive[.ordinary] == refreshLives)
    }

    @Test(arguments: [
        ("/mcp", 503, ["mcp.status failure"]),
        ("/mcp", 401, ["session.early-death failure"]),
        ("/token", 503, ["token.status failure"]), ("/token", 429, ["token.status inconclusive"]),
        ("/token", 400, ["token.error-code info", "session.refresh failure"]),
    ])
    func tellsADeadSessionFromADeadServer(path: String, status: Int, expected: [String]) async throws {
        let scene = try Scene()
        _ = await scene.run()
        if path == "/token" { scene.clock.advance(by: .seconds(3590)) }
        scene.server.outage.withLock { $0 = (path, status) }
        let record = await scene.run(.session)
        #expect(record.findingTexts == expected)
        #expect(record.blamed?.step == .session)
        scene.server.outage.withLock { $0 = nil }
        let after = await scene.run(.session)
        #expect(after.findingTexts == [])
        // Only what the server itself refused, or left without an answer, is given up.
        #expect(await (scene.memory.state.chain == nil) == (path == "/token" && status == 400))
    }

    @Test func registersAgain_andSaysSo_whenTheClientIsForgotten() async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.server.memory.withLock { $0.clients = [] }
        let record = await scene.run()
        #expect(record.findingTexts == ["session.client failure"])
        #expect(record.summary.accessTokenReceived)
        #expect(scene.server.requests(to: "/register").count == 2)
    }

    @Test func registersAtMostFourTimesADay_evenWhenEveryClientIsRefused() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/authorize" { response = HTTPResponse(status: 400) }
            })
        for _ in 1...10 { _ = await scene.run() }
        #expect(scene.server.requests(to: "/register").count == 4)
    }

    @Test func sendsNothing_whenTheIntentCannotBeWritten() async throws {
        var scene = try Scene()
        scene.memory = FullDisk()
        let record = await scene.run()
        #expect(record.findingTexts == ["state.writable inconclusive"])
        #expect(scene.server.requests(to: "/register").isEmpty)
    }

    @Test func takesBackTokens_whenTheFlowFailsAfterThem() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/mcp", request.fields["authorization"] != nil {
                    response = HTTPResponse(status: 500)
                }
            })
        let record = await scene.run()
        #expect(record.findingTexts == ["mcp.status failure"])
        #expect(scene.server.memory.withLock { $0.accessTokens.isEmpty && $0.refreshTokens.isEmpty })
        #expect(await scene.memory.state.intent == nil)
    }

    @Test func keepsNothing_whenToldSo() async throws {
        var scene = try Scene()
        scene.target.keepsNothing = true
        let record = await scene.run()
        #expect(record.findingTexts == [])
        #expect(record.outcome(.revocation) == .passed)
        #expect(scene.server.memory.withLock { $0.accessTokens.count + $0.refreshTokens.count } == 1)
    }

    @Test func sendsNoSecretToAForeignTokenEndpoint() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path.hasPrefix("/.well-known/oauth-authorization") {
                    response.set("token_endpoint", "https://evil.test/token")
                }
            })
        let record = await scene.run()
        #expect(record.findingTexts == ["discovery.endpoints inconclusive"])
        #expect(record.findings.first?.remedy.contains("allowedOrigins: [https://evil.test]") == true)
        #expect(scene.server.requests(to: "/register").isEmpty)
    }

    @Test func asksForMoreScopeAtMostTwice() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                guard request.url.path == "/mcp", request.fields["authorization"] != nil else { return }
                response = HTTPResponse(status: 403)
                response.fields["WWW-Authenticate"] = #"Bearer error="insufficient_scope", scope="admin""#
            })
        let record = await scene.run()
        #expect(record.findingTexts == ["token.scope warning", "mcp.scope failure"])
        let scopes = scene.server.requests(to: "/authorize").map { Callback(pairs: $0.url.queryPairs)["scope"] }
        #expect(scopes == ["read write", "read write admin", "read write admin"])
    }

    /// Nothing names a scope but the authorization server's list, which is asked for where the operator did not choose.
    @Test(
        arguments: [
            (nil, ["none", "read admin"], ["challenge.resource-metadata info"]),
            ("read", ["read"], ["challenge.resource-metadata info", "mcp.scope failure"]),
        ] as [(String?, [String], [String])])
    func asksForAllThatIsListed_whenTheRefusalNamesNoScope(
        configured: String?, asked: [String], findings: [String]
    ) async throws {
        let server = FakeServer { request, response in
            switch request.url.path {
            case "/.well-known/oauth-protected-resource/mcp": response.set("scopes_supported", nil)
            case "/.well-known/oauth-authorization-server": response.set("scopes_supported", ["read", "admin"])
            case "/token": response.set("scope", nil)
            case "/mcp" where response.status == 401: response.fields["WWW-Authenticate"] = "Bearer"
            case "/mcp" where request.fields["authorization"] == "Bearer access-3-0123456789":
                response = HTTPResponse(status: 403)
                response.fields["WWW-Authenticate"] = #"Bearer error="insufficient_scope""#
            default: break
            }
        }
        var scene = try Scene(server)
        scene.target.scope = configured
        let record = await scene.run()
        #expect(record.findingTexts == findings)
        let scopes = server.requests(to: "/authorize").filter { $0.step != .guarding }.map {
            Callback(pairs: $0.url.queryPairs)["scope"] ?? "none"
        }
        #expect(scopes == asked)
    }

    @Test func remindsOfOfflineAccess_whereTheServerListsIt() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                switch request.url.path {
                case "/.well-known/oauth-protected-resource/mcp": response.set("scopes_supported", nil)
                case "/.well-known/oauth-authorization-server":
                    response.set("scopes_supported", ["read", "offline_access"])
                case "/token": response.set("refresh_token", nil)
                case "/mcp" where response.status == 401: response.fields["WWW-Authenticate"] = "Bearer"
                default: break
                }
            })
        let finding = await scene.run().findings.first { $0.check == .tokenRefreshIssued }
        #expect(finding?.severity == .warning)
        #expect(finding?.remedy.hasPrefix("The server lists `offline_access`, which was not asked for") == true)
    }

    @Test func findsTheProtectedCall_whenOnlyToolsAreClosed() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                guard request.url.path == "/mcp", case .json(let message)? = request.body else { return }
                if message["method"] != "tools/call" { response = FakeServer.result(of: message) }
                if message["method"] == "tools/call", response.status == 200 {
                    response = .json([
                        "jsonrpc": "2.0", "id": message["id"] ?? 0, "error": ["code": -32602, "message": "?"],
                    ])
                }
            })
        let record = await scene.run()
        #expect(record.findingTexts == ["mcp.open-listing warning"])
        #expect(record.verdict == .degraded)
    }

    @Test(arguments: [
        ("Unknown tool", ["challenge.status warning", "mcp.no-token insecure"]),
        ("Authentication required", ["challenge.status warning"]),
    ])
    func tellsAnUnknownToolFromARefusal_whenNothingAnswers401(error: String, expected: [String]) async throws {
        let scene = try Scene(
            FakeServer { request, response in
                guard request.url.path == "/mcp", case .json(let message)? = request.body else { return }
                response = FakeServer.result(of: message)
                guard message["method"] == "tools/call" else { return }
                response = .json(["id": message["id"] ?? 0, "error": ["code": -32602, "message": .string(error)]])
            })
        let record = await scene.run()
        #expect(Array(Set(record.findingTexts)).sorted() == expected)
    }

    @Test func isInsecure_whenNoTokenIsNeeded() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/mcp", case .json(let message)? = request.body {
                    response = FakeServer.result(of: message)
                }
            })
        let record = await scene.run()
        #expect(record.findingTexts == ["challenge.status warning", "mcp.no-token insecure"])
        #expect(record.blamed?.step == .guarding)
    }
}

/// Memory on a disk that takes nothing.
struct FullDisk: TargetMemory {
    var state: TargetState { TargetState() }
    func update(
        _: StateDurability, _: @escaping @Sendable (inout TargetState) -> Void
    ) async throws(MemoryFailure) {
        throw MemoryFailure("test.json: write: No space left on device")
    }
}
