import Testing
import WatchCore

@testable import OAuthFlow

/// `latency.budget`: what the strictest clients wait for.
@Suite struct LatencyTests {
    /// A login at a server that takes its time before some of its answers.
    private func login(_ delays: [(Step, path: String, seconds: Double)]) async throws -> RunRecord {
        let clock = FakeClock()
        var scene = try Scene(
            FakeServer { request, _ in
                for delay in delays where request.step == delay.0 && request.url.path == delay.path {
                    clock.advance(by: .seconds(delay.seconds))
                }
            })
        scene.clock = clock
        return await scene.run()
    }

    private func latency(_ record: RunRecord) -> [Finding] { record.findings.filter { $0.check == .latencyBudget } }

    @Test func isKept_atTheLastMoment() async throws {
        let record = try await login([(.token, "/token", 5)])
        #expect(latency(record).isEmpty && record.scored.contains(.latencyBudget))
    }

    @Test func namesTheTokenRequest_andWhoseItIs() async throws {
        let found = try #require(latency(try await login([(.token, "/token", 5.25)])).first)
        #expect(found.message == "the token request took 5.3 s; the strictest client gives up after 5 s")
        #expect(found.step == .token && found.layer == .authorizationServer && found.severity == .warning)
    }

    @Test func namesTheFirstRequestToTheMCPServer() async throws {
        let found = try #require(latency(try await login([(.mcp, "/mcp", 10.5)])).first)
        #expect(found.message == "`initialize` took 10.5 s; the strictest client gives up after 10 s")
        #expect(found.step == .mcp && found.layer == .resourceServer)
    }

    @Test func addsUpTheWholeLogin_thoughEachPartWasQuick() async throws {
        let record = try await login([
            (.discovery, "/.well-known/oauth-authorization-server", 12), (.registration, "/register", 10),
            (.authorization, "/authorize", 9),
        ])
        #expect(
            latency(record).map(\.message) == ["the whole login took 31.0 s; the strictest client gives up after 30 s"])
    }
}
