import JSONReader
import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// What the server presented when it last worked.
struct BaselineTests {
    /// A scene whose server's answers may be changed after the first runs.
    private final class Tampered: Sendable {
        let change = Mutex<FakeServer.Tamper?>(nil)

        func scene() throws -> Scene {
            try Scene(
                FakeServer(loginPage: true) { request, response in
                    if let change = self.change.withLock({ $0 }) { try change(request, &response) }
                })
        }
    }

    @Test func isTheFirstGoodLogin_andHoldsNoSecret() async throws {
        let scene = try Scene(FakeServer(loginPage: true))
        #expect(await scene.run().findingTexts == [])
        let baseline = try #require(await scene.memory.state.baseline)
        #expect(baseline.acceptedAt == scene.clock.wallTime && baseline.latest == nil)
        let names = (baseline.portrait.members ?? []).map(\.name)
        #expect(
            names == [
                "challenge", "resource", "metadata", "registration", "login", "token", "mcp", "revision.profile",
                "revision.protocol",
            ])
        #expect(baseline.had("token", "scope")?.strings == ["read", "write"])
        #expect(baseline.had("token", "refresh_token") == "<text>")
        #expect(
            baseline.had("login", "forms")?.array?.first?["fields"]?.strings
                == ["csrf:hidden", "username:text", "password:password", ":submit"])
        let text = baseline.portrait.text()
        let secrets = ["0123456789", "correct horse", "client-1"]
        #expect(secrets.filter { text.contains($0) } == [])
        scene.clock.advance(by: .seconds(900))
        let again = await scene.run()
        #expect(again.findingTexts == [] && again.scored.contains(.baselineChanged))
    }

    @Test(
        arguments: [
            (
                "/.well-known/oauth-authorization-server", "grant_types_supported", ["authorization_code"],
                "metadata.grant_types_supported: -refresh_token"
            ),
            (
                "/.well-known/oauth-authorization-server", "issuer_note", "new",
                "metadata.issuer_note: +new (new)"
            ),
            (
                "/.well-known/oauth-protected-resource/mcp", "scopes_supported", ["read"],
                "resource.scopes_supported: -write"
            ),
            ("/token", "expires_in", 600, "token.expires_in: -3600 +600"),
            ("/token", "id_token", "aaa", "token.id_token: +<text> (new)"),
        ] as [(String, String, JSON, String)])
    func namesTheChange(path: String, member: String, value: JSON, line: String) async throws {
        let tampered = Tampered()
        let scene = try tampered.scene()
        _ = await scene.run()
        tampered.change.withLock { $0 = { if $0.url.path == path { $1.set(member, value) } } }
        let record = await scene.run()
        let finding = try #require(record.findings.first { $0.check == .baselineChanged })
        #expect(finding.severity == .info && finding.message == line)
        #expect(record.verdict == .healthy)
    }

    @Test func weighsMore_whereConfigured_andStandsFirstInAFailure() async throws {
        let tampered = Tampered()
        var scene = try tampered.scene()
        scene.target.warnsOfChanges = true
        _ = await scene.run()
        tampered.change.withLock { change in
            change = { request, response in
                if request.url.path.hasPrefix("/.well-known/oauth-auth") { response.set("scopes_supported", ["x"]) }
                if request.url.path == "/token" { response = .invalidGrant }
            }
        }
        let record = await scene.run()
        #expect(record.findings.first?.check == .baselineChanged)
        #expect(record.findings.first?.severity == .warning)
        #expect(record.verdict == .failed && record.blamed?.check != .baselineChanged)
        // What the failed run saw can be accepted; what it did not come to see stays.
        var baseline = try #require(await scene.memory.state.baseline)
        #expect(baseline.accept(at: scene.clock.wallTime) == ["metadata.scopes_supported: +[\"x\"] (new)"])
        #expect(baseline.had("token", "token_type") == "Bearer" && baseline.latest == nil)
    }

    @Test func isAcceptedOnce_andThenStill() async throws {
        let tampered = Tampered()
        let scene = try tampered.scene()
        _ = await scene.run()
        tampered.change.withLock { $0 = { if $0.url.path == "/token" { $1.set("expires_in", 60) } } }
        #expect(await scene.run().findingTexts == ["baseline.changed info"])
        try await scene.memory.update { _ = $0.baseline?.accept(at: WallTime(seconds: 1)) }
        #expect(await scene.run().findingTexts == [])
        #expect(await scene.memory.state.baseline?.acceptedAt == WallTime(seconds: 1))
    }

    @Test func isNotTakenFromARunThatFailed() async throws {
        let scene = try Scene(FakeServer { if $0.url.path == "/token" { $1 = .invalidGrant } })
        _ = await scene.run()
        #expect(await scene.memory.state.baseline == nil)
    }

    @Test func makesAMissingRefreshTokenAFailure_whenItHadOne() async throws {
        let tampered = Tampered()
        let scene = try tampered.scene()
        _ = await scene.run()
        try await scene.memory.update { $0.chain = nil }
        tampered.change.withLock { $0 = { if $0.url.path == "/token" { $1.set("refresh_token", nil) } } }
        let record = await scene.run()
        #expect(record.findingTexts == ["baseline.changed info", "token.refresh-issued failure"])
    }

    @Test func makesAnOpenListingInsecure_whenItWasClosed() async throws {
        let tampered = Tampered()
        let scene = try tampered.scene()
        _ = await scene.run()
        tampered.change.withLock { change in
            change = { request, response in
                guard request.url.path == "/mcp", case .json(let message)? = request.body,
                    message["method"] != "tools/call"
                else { return }
                response = FakeServer.result(of: message)
            }
        }
        let record = await scene.run()
        #expect(record.findings.contains { $0.check == .mcpOpenListing && $0.severity == .insecure })
        #expect(record.findings.first?.message.contains("challenge.answeredWithoutToken: +initialize") == true)
    }

    @Test func keepsNothing_whenToldSo() async throws {
        var scene = try Scene()
        scene.target.keepsNothing = true
        _ = await scene.run()
        #expect(await scene.memory.state.baseline == nil)
    }
}
