import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// The session that sleeps between touches.
struct IdleCanaryTests {
    private static let day = Duration.seconds(86_400)

    /// A scene with an idle session that has just fallen asleep.
    private func sleepingScene(_ server: FakeServer = FakeServer()) async throws -> Scene {
        let scene = try Scene(server)
        for _ in 1...2 { _ = await scene.run() }
        #expect(await scene.memory.state.sessions.idle != nil)
        return scene
    }

    @Test func sleepsLongerEachTime() async throws {
        let scene = try await sleepingScene()
        var touches: [Int] = []
        for day in 1...86 {
            scene.clock.advance(by: Self.day)
            let record = await scene.run(.session)
            #expect(record.findingTexts == [])
            if record.facts.sessionAlive[.idle] != nil { touches.append(day) }
        }
        #expect(touches == [1, 4, 11, 25, 55, 85])
    }

    /// Days slept before, days slept at the death, severity; and how long the next one sleeps then at most.
    @Test(arguments: [
        (0, 1, "failure", 20 * 3_600), (1, 3, "warning", 86_400), (2, 7, "warning", 3 * 86_400),
    ])
    func weighsItsDeath_byHowLongItSlept(survived: Int, slept: Int, severity: String, next: Int) async throws {
        let scene = try await sleepingScene()
        for sleep in IdleSession.sleeps.prefix(survived) {
            scene.clock.advance(by: sleep)
            #expect(await scene.run(.session).facts.sessionAlive[.idle] == true)
        }
        scene.clock.advance(by: Self.day * slept)
        forget(try #require(await scene.memory.state.sessions.idle?.chain.refreshToken), scene)
        let record = await scene.run(.session)
        #expect(record.findingTexts == ["session.refresh \(severity)"])
        #expect(record.findings.first?.message.contains("dead after it slept \(slept) d") == true)
        let state = await scene.memory.state
        #expect(state.sessions.idle == nil && state.chain != nil)
        let limit = try #require(state.sessions.idleLimit)
        let successor = IdleSession(chain: try #require(state.chain), asleepSince: scene.clock.wallTime, survived: 4)
        #expect(successor.sleep(limit: limit) <= .seconds(next) && successor.sleep(limit: limit) < .seconds(limit))
    }

    @Test func isARegression_whenItOnceSurvivedThatSleep() async throws {
        let scene = try await sleepingScene()
        try await scene.memory.update { state in
            state.sessions.longestSleep = 8 * 86_400
            state.sessions.idle?.survived = 2
        }
        scene.clock.advance(by: Self.day * 7)
        forget(try #require(await scene.memory.state.sessions.idle?.chain.refreshToken), scene)
        #expect(await scene.run(.session).findingTexts == ["session.refresh failure"])
    }

    @Test func isAnAfterthought_whenTheOrdinarySessionDiedMeanwhile() async throws {
        let scene = try await sleepingScene()
        scene.clock.advance(by: .seconds(7_200))
        scene.server.memory.withLock { $0.refreshTokens = [] }
        #expect(await scene.run().findingTexts == ["session.refresh failure"])
        scene.clock.advance(by: Self.day)
        #expect(await scene.run(.session).findingTexts == ["session.refresh info"])
    }

    @Test func sleepsNoLongerThanPromised() async throws {
        let scene = try await sleepingScene(
            FakeServer { request, response in
                if request.url.path == "/token" { response.set("refresh_expires_in", 7_200) }
            })
        scene.clock.advance(by: .seconds(6_600))
        #expect(await scene.run(.session).facts.sessionAlive[.idle] == true)
    }

    @Test func isGivenUp_whenItsRefreshWasCutShort() {
        var state = TargetState()
        let chain = TokenChain(
            issuer: "i", clientID: "c", accessToken: Secret("a"), refreshToken: Secret("r"), scope: nil,
            issuedAt: WallTime(seconds: 0), expiresIn: nil, startedAt: WallTime(seconds: 0))
        state.chain = chain
        state.sessions.idle = IdleSession(chain: chain, asleepSince: WallTime(seconds: 0))
        state.intent = Intent(.idleRefresh, at: WallTime(seconds: 1))
        state.giveUpIntent()
        #expect(state.sessions.idle == nil && state.chain == chain && state.interrupted?.action == .idleRefresh)
    }

    private func forget(_ token: Secret, _ scene: Scene) {
        scene.server.memory.withLock { _ = $0.refreshTokens.remove(token.reveal()) }
    }
}
