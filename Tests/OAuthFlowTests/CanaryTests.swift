import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// How kept sessions live on, die and are replaced.
struct CanaryTests {
    private static let quarter = Duration.seconds(900)

    @Test func livesOnOverLogins_whoseOwnTokensAreRevoked() async throws {
        let scene = try Scene()
        scene.server.memory.withLock { $0.refreshEndsAccess = true }
        _ = await scene.run()
        let start = await scene.memory.state.chain?.startedAt
        for _ in 1...8 {
            scene.clock.advance(by: Self.quarter)
            #expect(await scene.run().findingTexts == [])
        }
        #expect(await scene.memory.state.chain?.startedAt == start)
        // The ordinary canary's and the idle one's.
        #expect(scene.server.memory.withLock { ($0.refreshTokens.count, $0.accessTokens.count) } == (2, 2))
        #expect(scene.server.requests(to: "/register").count == 1)
    }

    @Test func isRefreshedHourly_whenItsTokensLiveLonger() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/token" { response.set("expires_in", 86_400) }
            })
        _ = await scene.run()
        scene.clock.advance(by: .seconds(3_500))
        #expect(await scene.run(.session).facts.refreshes == 0)
        scene.clock.advance(by: .seconds(100))
        #expect(await scene.run(.session).facts.refreshes == 1)
    }

    @Test func isRefreshedInLogins_atGrowingAge_untilItWasDue() async throws {
        let scene = try Scene()
        _ = await scene.run()
        var refreshes: [Int] = []
        for minutes in 1...100 where minutes.isMultiple(of: 5) {
            scene.clock.advance(by: .seconds(300))
            let before = await scene.memory.state.chain?.issuedAt
            #expect(await scene.run().findingTexts == [])
            if await scene.memory.state.chain?.issuedAt != before { refreshes.append(minutes) }
        }
        // Ages of 5, 10, 20 and 40 minutes; then it begins anew.
        #expect(refreshes == [5, 15, 35, 75])
    }

    @Test func isRefreshedInEachOneShotRun() async throws {
        var scene = try Scene()
        scene.target.triesEveryRefresh = true
        for _ in 1...5 {
            scene.clock.advance(by: .seconds(10))
            _ = await scene.run()
        }
        #expect(await scene.memory.state.chain?.issuedAt == scene.clock.wallTime)
    }

    @Test func keepsItsClient_whenLoginsGetAFreshOne() async throws {
        let scene = try Scene()
        for _ in 1...3 { _ = await scene.run() }
        scene.clock.advance(by: .seconds(8 * 86_400))
        #expect(await scene.run().findingTexts == [])
        let state = await scene.memory.state
        #expect(state.client?.clientID != state.chain?.clientID)
        #expect(state.sessions.formerClients.map(\.clientID) == [state.chain?.clientID])
        scene.clock.advance(by: .seconds(3_600))
        #expect(await scene.run(.session).facts.sessionAlive == [.ordinary: true])
    }

    @Test func isReplacedByTheNextLogin_andSaysHowLongItHadLived() async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.clock.advance(by: .seconds(11_100))
        scene.server.memory.withLock { ($0.accessTokens, $0.refreshTokens) = ([], []) }
        let record = await scene.run()
        #expect(record.findingTexts == ["session.refresh failure"])
        #expect(record.findings.first?.message.contains("it had lived 3 h 5 min") == true)
        #expect(record.outcome(.mcp) == .passed)
        #expect(scene.server.requests(to: "/authorize").count { $0.step == .authorization } == 2)
        #expect(await scene.memory.state.chain?.startedAt == scene.clock.wallTime)
    }

    @Test func leavesTheFindingStanding_whileItsSuccessorIsYoung() async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.clock.advance(by: .seconds(3_600))
        scene.server.memory.withLock { $0.refreshTokens = [] }
        #expect(await scene.run(.session).findingTexts == ["session.refresh failure"])
        for minutes in [15, 10] {
            scene.clock.advance(by: .seconds(minutes * 60))
            let record = await scene.run()
            #expect(record.findingTexts == [] && !record.scored.contains(.sessionRefresh))
        }
        scene.clock.advance(by: .seconds(1_200))
        #expect(await scene.run().scored.contains(.sessionRefresh))
    }

    @Test func namesThePromise_whenTheRefreshTokenDiesBeforeIt() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/token" { response.set("refresh_token_expires_in", "2592000") }
            })
        _ = await scene.run()
        scene.clock.advance(by: .seconds(600))
        scene.server.memory.withLock { $0.refreshTokens = [] }
        let record = await scene.run()
        #expect(record.findingTexts == ["session.early-death failure", "session.refresh failure"])
        #expect(record.findings.first?.message.contains("10 min after it was issued") == true)
        #expect(record.findings.first?.message.contains("promised 30 d") == true)
    }

    @Test func seesAnExpiry_whenSessionsDieAtOneAge() async throws {
        let scene = try Scene()
        var last = RunRecord(
            target: "", kind: .login, serverURL: "", username: "", clientName: "", startedAt: scene.clock.wallTime)
        for _ in 1...4 {
            last = await scene.run()
            scene.clock.advance(by: .seconds(4_000))
            scene.server.memory.withLock { $0.refreshTokens = [] }
        }
        #expect(last.findings.first?.message.contains("the last 3 sessions died at about this age") == true)
    }

    @Test func isNotDead_whenSomethingInFrontAnswers() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.step == .session, request.url.path == "/token" {
                    response = .page("<title>Attention required</title>", status: 403)
                }
            })
        _ = await scene.run()
        scene.clock.advance(by: .seconds(3_600))
        #expect(await scene.run(.session).findingTexts == ["token.status failure"])
        #expect(await scene.memory.state.chain != nil)
    }

    @Test func isNoRegression_whenTheServerKeepsOneSessionAUser() async throws {
        let scene = try Scene()
        scene.server.memory.withLock { $0.keepsOneSession = true }
        _ = await scene.run()
        for count in 1...3 {
            scene.clock.advance(by: Self.quarter)
            let record = await scene.run()
            #expect(record.findingTexts == ["session.single-session info"])
            #expect(
                record.findings.first?.message.hasPrefix(count == 1 ? "single-session?" : "single-session: ") == true)
            #expect(await scene.run(.session).findingTexts == [])
        }
        #expect(await scene.memory.state.sessions.idle == nil)
        #expect(scene.server.memory.withLock { $0.refreshTokens.count } == 1)
        // What ends between our logins is a finding, with the likely reason.
        scene.server.memory.withLock { ($0.accessTokens, $0.refreshTokens) = ([], []) }
        let dead = await scene.run(.session)
        #expect(dead.findings.first?.message.contains("another login of this one may have ended it") == true)
    }

    @Test func isNoRegression_whenARevocationEndsEverySession() async throws {
        var scene = try Scene()
        scene.target.keepsIdleSession = false
        scene.server.memory.withLock { $0.revokesEverything = true }
        var findings: [[String]] = []
        for _ in 1...5 {
            scene.clock.advance(by: Self.quarter)
            findings += [await scene.run().findingTexts, await scene.run(.session).findingTexts]
        }
        #expect(findings.flatMap { $0 } == ["session.single-session info"])
    }

    @Test(arguments: [nil, true, false])
    func isNoRegression_whenAGuardLoggedInMeanwhile(survivesLogin: Bool?) async throws {
        let scene = try Scene()
        _ = await scene.run()
        scene.clock.advance(by: Self.quarter)
        let time = scene.clock.wallTime
        try await scene.memory.update { state in
            (state.sessions.survivesLogin, state.sessions.otherLoginAt) = (survivesLogin, time)
        }
        scene.server.memory.withLock { ($0.accessTokens, $0.refreshTokens) = ([], []) }
        let dead = await scene.run(.session)
        #expect(
            dead.findingTexts
                == (survivesLogin == true
                    ? ["session.refresh failure", "session.early-death failure"] : ["session.single-session info"]))
        #expect(await scene.memory.state.chain == nil)
    }

    @Test func looksAgain_whenASessionThatSurvivedLoginsDies() async throws {
        let scene = try Scene()
        for _ in 1...3 { _ = await scene.run() }
        #expect(await scene.memory.state.sessions.survivesLogin == true)
        scene.server.memory.withLock { ($0.accessTokens, $0.refreshTokens) = ([], []) }
        _ = await scene.run(.session)
        #expect(await scene.memory.state.sessions.survivesLogin == nil)
    }

    @Test(arguments: [RefusedToken.Cause.refresh, .revocation])
    func seesARefusedTokenThatComesBack(cause: RefusedToken.Cause) async throws {
        var scene = try Scene()
        scene.target.keepsIdleSession = false
        scene.server.memory.withLock { $0.refreshEndsAccess = cause == .refresh }
        for _ in 1...3 { #expect(await scene.run().findingTexts == []) }
        let refused = await scene.memory.state.sessions.refused.first { $0.cause == cause }
        let token = try #require(refused).token.reveal()
        scene.clock.advance(by: .seconds(700))
        let quiet = await scene.run(.session)
        #expect(quiet.findingTexts == [] && quiet.scored.contains(.sessionOldAccessToken))
        scene.server.memory.withLock { _ = $0.accessTokens.insert(token) }
        scene.clock.advance(by: .seconds(700))
        let record = await scene.run(.session)
        #expect(record.findingTexts == ["session.old-access-token insecure"])
        #expect(record.findings.first?.step == .session)
    }

    @Test func isUsed_whenTheOperatorRegisteredTheClient() async throws {
        var scene = try Scene()
        scene.target.client = TargetSettings.Client(id: "client-1")
        scene.server.memory.withLock { $0.clients = ["client-1"] }
        _ = await scene.run()
        scene.clock.advance(by: .seconds(300))
        #expect(await scene.run(.session).facts.sessionAlive == [.ordinary: true])
    }
}
