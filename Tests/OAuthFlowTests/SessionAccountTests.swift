import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// Kept sessions with an account of their own.
struct SessionAccountTests {
    private func scene(password: String = "correct horse") throws -> Scene {
        var scene = try Scene(FakeServer(loginPage: true))
        scene.target.sessionAccount = TargetSettings.Account(username: "bob", password: Secret(password))
        scene.target.keepsIdleSession = false
        return scene
    }

    private func users(_ scene: Scene) -> [String?] {
        scene.server.memory.withLock { memory in
            memory.submissions.map { form in form.first { $0.name == "username" }?.value }
        }
    }

    @Test func beginOnce_andLoginsAreRevoked() async throws {
        let scene = try scene()
        for _ in 1...3 {
            #expect(await scene.run().findingTexts == [])
            scene.clock.advance(by: .seconds(900))
        }
        #expect(users(scene) == ["alice", "bob", "alice", "alice"])
        #expect(await scene.run(.session).facts.sessionAlive == [.ordinary: true])
        #expect(scene.server.memory.withLock { $0.refreshTokens.count } == 1)
        #expect(scene.server.requests(to: "/register").count == 1)
    }

    @Test func areReplacedOnce_whenTheyDie() async throws {
        let scene = try scene()
        _ = await scene.run()
        scene.clock.advance(by: .seconds(3_600))
        scene.server.memory.withLock { ($0.accessTokens, $0.refreshTokens) = ([], []) }
        #expect(await scene.run().findingTexts == ["session.refresh failure"])
        #expect(await scene.run().findingTexts == [])
        #expect(users(scene) == ["alice", "bob", "alice", "bob", "alice"])
    }

    @Test func haveABudgetOfTheirOwn() async throws {
        let scene = try scene(password: "wrong")
        let record = await scene.run()
        #expect(record.findingTexts == ["authentication.rejected failure"])
        #expect(record.findings.first?.step == .session)
        #expect(record.findings.first?.message.hasPrefix("no session can begin with its own account `bob`") == true)
        #expect(record.outcome(.mcp) == .passed && record.outcome(.authentication) == .passed)
        for _ in 1...3 { _ = await scene.run() }
        #expect(users(scene).count { $0 == "bob" } == 2)
        let state = await scene.memory.state
        #expect(state.login.consecutiveRejections == 0 && state.sessions.login.consecutiveRejections == 2)
        #expect(scene.server.memory.withLock { $0.refreshTokens.isEmpty })
    }

    @Test func getAnIdleOneWithALoginOfItsOwn() async throws {
        var scene = try scene()
        scene.target.keepsIdleSession = true
        for _ in 1...3 { _ = await scene.run() }
        #expect(users(scene) == ["alice", "bob", "alice", "bob", "alice"])
        #expect(await scene.memory.state.sessions.idle != nil)
    }
}
