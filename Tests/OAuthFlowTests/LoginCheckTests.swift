import Testing
import WatchCore

@testable import OAuthFlow

struct LoginCheckTests {
    @Test func bringsTheCode_andRedeemsNothing_whenThePasswordIsRight() async throws {
        let scene = try Scene(FakeServer(loginPage: true))
        let record = await scene.logIn()
        #expect(record.findingTexts == [])
        #expect(record.summary.authCodeReceived)
        #expect(scene.server.requests(to: "/token").isEmpty)
        #expect(record.facts.passwordSubmissions == 1)
    }

    @Test func bringsNoCode_andSubmitsOnce_whenThePasswordIsWrong() async throws {
        let scene = try Scene(FakeServer(loginPage: true), password: "wrong")
        let record = await scene.logIn()
        #expect(record.findingTexts == ["authentication.rejected failure"])
        #expect(!record.summary.authCodeReceived)
        #expect(record.facts.passwordSubmissions == 1)
    }

    @Test func blamesThePage_whenTheServerRefusesToAuthorize() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/authorize" { response = .page("<p>no</p>", status: 400) }
            })
        let record = await scene.logIn()
        #expect(record.findingTexts == ["authorization.page failure"])
        #expect(!record.summary.authCodeReceived)
    }
}

extension Scene {
    fileprivate func logIn() async -> RunRecord {
        let environment = FlowEnvironment(
            transport: server, clock: clock, memory: memory,
            permitsSecrets: { $0.description == FakeServer.base }, allowAnnounced: { _ in })
        return await OAuthFlow(target: target, environment: environment).logIn()
    }
}
