import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// A server that wants to do harm.
struct HostileServerTests {
    @Test(arguments: [JSON.integer(.min), .string("\(Int.min)"), .integer(.max), .number(-1e300)])
    func goesOn_whateverLifetimeATokenHas(lifetime: JSON) async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/token" { response.set("expires_in", lifetime) }
            })
        _ = await scene.run()
        // The lifetime is counted with when the kept token is used.
        #expect(await scene.run(.session).outcome(.session) == .passed)
    }

    @Test func keepsABodyWholeInTheEvidence_soThatNoSecretIsCutInTwo() async throws {
        let body = String(repeating: "x", count: 190) + " and the end"
        let scene = try Scene(
            FakeServer { request, response in
                guard request.url.path == "/token" else { return }
                response = HTTPResponse(status: 400, fields: ["Content-Type": "text/plain"], body: Array(body.utf8))
            })
        #expect(await scene.run().blamed?.evidence.hasSuffix(body) == true)
    }

    @Test func sendsNoKeptToken_toAServerThatBorrowsTheNameOfItsIssuer() async throws {
        let isTaken = Atomic(false)
        let evil = "https://evil.test"
        let scene = try Scene(
            FakeServer { request, response in
                guard isTaken.load(ordering: .relaxed) else { return }
                if request.url.path.hasPrefix("/.well-known/oauth-protected-resource") {
                    response.set("authorization_servers", [.string(evil)])
                } else if request.url.path.hasPrefix("/.well-known/oauth-authorization-server") {
                    for name in ["authorize", "token"] {
                        let member = name == "token" ? "token_endpoint" : "authorization_endpoint"
                        response.set(member, .string("\(evil)/\(name)"))
                    }
                }
            })
        _ = await scene.run()
        let kept = try #require(await scene.memory.state.chain?.refreshToken?.reveal())
        isTaken.store(true, ordering: .relaxed)
        scene.clock.advance(by: .seconds(4_000))
        let record = await scene.run(permits: [FakeServer.base, evil])
        #expect(record.findingTexts.contains("discovery.issuer failure"))
        let sent = scene.server.requests(to: "/token").filter { $0.url.host == "evil.test" }.compactMap(\.body)
        #expect(!sent.contains { "\($0)".contains(kept) })
    }

    /// Source: RFC 8414 §3.3.
    @Test func goesNoFurther_whereTheMetadataAreOfAnotherIssuer() async throws {
        let scene = try Scene(
            FakeServer(loginPage: true) { request, response in
                guard request.url.path == "/.well-known/oauth-authorization-server" else { return }
                response.set("issuer", "https://evil.test")
            })
        #expect(await scene.run().findingTexts == ["discovery.issuer failure"])
        #expect(
            scene.server.memory.withLock { $0.requests.map(\.url.path) }.last
                == "/.well-known/oauth-authorization-server")
        #expect(scene.server.memory.withLock { $0.submissions.isEmpty })
    }

    /// The evidence of the challenge holds the server's words, and what they give away is known by then.
    @Test func knowsEverySecretThatIsKept_beforeTheFirstAnswer() async throws {
        let isTaken = Atomic(false)
        var scene = try Scene(
            FakeServer(loginPage: true) { _, response in
                if isTaken.load(ordering: .relaxed) { response = HTTPResponse(status: 500) }
            })
        scene.target.sessionAccount = TargetSettings.Account(username: "bob", password: Secret("correct horse"))
        scene.target.guards.password = Secret("the guards' own")
        _ = await scene.run()
        let state = await scene.memory.state
        isTaken.store(true, ordering: .relaxed)
        let known = await scene.run().secrets
        #expect(state.secrets.count == 3)
        #expect(known.values.isSuperset(of: state.secrets))
        #expect(known.passwords == [Secret("correct horse"), Secret("the guards' own")])
    }

    /// A server that goes astray after the login has not refused the password, and the next tries must not be held back.
    @Test(arguments: [
        (404, "authentication.redirect failure"), (400, "authentication.redirect failure"),
        (401, "authentication.rejected failure"), (403, "authentication.rejected failure"),
    ])
    func blamesThePassword_onlyForWhatAnswersIt(status: Int, finding: String) async throws {
        let scene = try Scene(
            FakeServer(
                loginPage: true,
                tamper: { request, response in
                    guard request.url.path == "/login" else { return }
                    response = HTTPResponse(status: 302, fields: ["Location": "/after"])
                },
                extra: { $0.url.path == "/after" ? .page("<title>Oops</title>", status: status) : nil }))
        #expect(await scene.run().findingTexts == [finding])
        let rejections = await scene.memory.state.login.consecutiveRejections
        #expect(rejections == (finding.contains("rejected") ? 1 : 0))
    }

    @Test(arguments: [400, 422])
    func blamesThePassword_whenItsAnswerIsAnError(status: Int) async throws {
        let scene = try Scene(
            FakeServer(loginPage: true) { request, response in
                if request.url.path == "/login" { response = .page("<title>Wrong</title>", status: status) }
            })
        #expect(await scene.run().findingTexts == ["authentication.rejected failure"])
    }

    @Test(arguments: [("<h1>Unknown client: abc</h1>", 2), ("<h1>403 Forbidden</h1>", 1)])
    func registersAnew_whenA403SpeaksOfTheClient(page: String, registrations: Int) async throws {
        let isLost = Atomic(false)
        let scene = try Scene(
            FakeServer { request, response in
                guard isLost.load(ordering: .relaxed), request.url.path == "/authorize",
                    request.url.query?.contains("client_id=client-1&") == true
                else { return }
                response = .page(page, status: 403)
            })
        _ = await scene.run()
        isLost.store(true, ordering: .relaxed)
        _ = await scene.run()
        #expect(scene.server.requests(to: "/register").count == registrations)
    }

    /// Hosts that a browser reads and we do not: in letters of their own, and in an address that stands for another.
    @Test(arguments: [
        "https://mcp.t\u{e9}st/login", "//mcp\u{3002}test/login", "https://[::ffff:127.0.0.1]/login",
        "\\\\\u{e9}vil.test\\x",
    ])
    func callsAFormInsecure_whoseHostIsNotReadable(action: String) async throws {
        let form = "<form method=post action='\(action)'><input name=username><input type=password name=password>"
        let scene = try Scene(
            FakeServer(loginPage: true) { request, response in
                if request.url.path == "/authorize" { response = .page(form + "<button>Log in</button></form>") }
            })
        #expect(await scene.run().findingTexts == ["authentication.form-origin insecure"])
        #expect(scene.server.memory.withLock { $0.submissions.isEmpty })
    }

    @Test func learnsTheSecretsOfAnAnswerThatBreaksOff() async throws {
        let server = FakeServer { request, _ in
            guard request.url.path == "/token" else { return }
            let fields: HTTPFields = ["Set-Cookie": "sid=canary-cookie; Path=/", "Mcp-Session-Id": "canary-session"]
            throw TransportFailure(.truncated, "cut off", partial: HTTPResponse(status: 200, fields: fields))
        }
        let record = try await Scene(server).run()
        #expect(record.secrets.values.isSuperset(of: [Secret("canary-cookie"), Secret("canary-session")]))
    }

    @Test func readsEachEventOnce() {
        func event(_ id: Int) -> [UInt8] { Array("data: {\"id\":\(id),\"result\":{}}\n\n".utf8) }
        let search = AnswerSearch(id: 1)
        #expect(!search.ends(with: event(7)))
        #expect(!search.ends(with: event(1) + event(8)))
        #expect(!search.ends(with: event(7) + event(8) + event(1).dropLast()))
        #expect(search.ends(with: event(7) + event(8) + event(1)))
    }
}
