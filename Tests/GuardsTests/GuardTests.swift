import Synchronization
import Testing
import WatchCore

@testable import Guards

struct GuardTests {
    /// Those that a single run against this server can score.
    static let scorable = Guard.ids.subtracting([.mcpExpiredToken, .mcpAlgNone])
    /// Weaknesses that one run shows by themselves.
    static let weaknesses = scorable.sorted { $0.rawValue < $1.rawValue }

    @Test func areAllRefused_byACorrectServer() async throws {
        let record = try await Scene().run()
        #expect(record.guardTexts == [])
        #expect(record.verdict == .healthy)
        let refused = Set(record.guards.filter { $0.result == .refused }.map(\.id))
        #expect(Self.scorable.subtracting(refused) == [])
    }

    /// The weakness is found, and of the others only those that follow from it.
    @Test(arguments: weaknesses)
    func findEachWeakness(id: CheckID) async throws {
        let record = try await Scene(WeakServer(weak: [id])).run()
        #expect(record.result(id) == .accepted)
        #expect(record.guardTexts.contains("\(id.rawValue) \(id.severity.rawValue)"))
        let implied: [CheckID: Set<CheckID>] = [
            .authorizeUnregisteredRedirect: [.authorizeRedirectPrefix], .tokenUnknownClient: [.tokenOtherClient],
            .revokeIgnored: [.mcpExpiredToken],
        ]
        let others = Set(record.findings.filter { $0.severity != .info && $0.step == .guarding }.map(\.check))
        #expect(others.subtracting([id]).subtracting(implied[id] ?? []) == [])
    }

    /// A server that shows its login before it looks at the request.
    @Test(arguments: Guard.authorize.map(\.id))
    func goOnThroughTheLogin_whereAPageComesFirst(id: CheckID) async throws {
        var manner = WeakServer.Manner()
        manner.asksFirst = true
        let weak = try await Scene(WeakServer(weak: [id], manner: manner)).run()
        #expect(weak.result(id) == .accepted)
        let strong = try await Scene(WeakServer(manner: manner)).run()
        #expect(strong.result(id) == .refused)
        #expect(strong.guardTexts == [])
    }

    /// As Doorkeeper does: a lost answer to a refresh does no harm.
    @Test func takeNoOffence_whenAUsedRefreshTokenEndsWithTheFirstUseOfTheNewAccessToken() async throws {
        var manner = WeakServer.Manner()
        manner.refreshEndsByUse = true
        let record = try await Scene(WeakServer(manner: manner)).run()
        #expect(record.result(.refreshReplay) == .refused)
        #expect(record.guardTexts == [])
    }

    /// As servers made with oauthlib do that leave the password grant out.
    @Test func takeNoOffence_whenThePasswordGrantIsRefusedWhateverThePassword() async throws {
        var manner = WeakServer.Manner()
        manner.looksAtNoPassword = true
        let record = try await Scene(WeakServer(manner: manner)).run()
        #expect(record.result(.tokenPasswordGrant) == .refused)
        #expect(record.findings.allSatisfy { $0.check != .tokenPasswordGrant || $0.severity == .info })
    }

    @Test func sayWhichRedirectUriWasAskedFor() async throws {
        let record = try await Scene(WeakServer(weak: [.authorizeRedirectPrefix])).run()
        let finding = try #require(record.findings.first { $0.check == .authorizeRedirectPrefix })
        #expect(finding.evidence.contains("asked for: http://localhost:3000/callback/oauthwatch"))
    }

    @Test func doNotScoreAPage_withoutALogin() async throws {
        var manner = WeakServer.Manner()
        manner.asksFirst = true
        let record = try await Scene(WeakServer(weak: [.authorizeNoPkce], manner: manner)).run(.login, .safe)
        #expect(record.result(.authorizeNoPkce) == .inconclusive)
        #expect(!record.scored.contains(.authorizeNoPkce))
        #expect(record.verdict == .healthy)
    }

    @Test(arguments: [CheckID.authorizeNoPkce, .authorizePlainPkce, .authorizeUnregisteredRedirect])
    func takeACodeThatComesAtOnceForProof(id: CheckID) async throws {
        var manner = WeakServer.Manner()
        manner.approvesAtOnce = true
        let record = try await Scene(WeakServer(weak: [id], manner: manner)).run(.login, .safe)
        #expect(record.result(id) == .accepted)
        #expect(record.verdict == .insecure)
    }

    /// A code that is gone after the first wrong use proves nothing about the second.
    @Test(arguments: CodeGuard.all.map(\.id).filter { $0 != .tokenUnknownClient })
    func useAFreshCodeEach_whereAWrongUseEndsIt(id: CheckID) async throws {
        var manner = WeakServer.Manner()
        manner.burnsCodes = true
        let weak = try await Scene(WeakServer(weak: [id], manner: manner)).run()
        #expect(weak.result(id) == .accepted)
        let strong = try await Scene(WeakServer(manner: manner)).run()
        #expect(strong.result(id) == .refused)
        #expect(strong.verdict == .healthy)
    }

    @Test func shareOneCode_whereItSurvives() async throws {
        let scene = try Scene()
        _ = await scene.run()
        let codes = scene.server.guarded("/token").compactMap { request in
            request.form.first { $0.name == "code" }?.value
        }
        #expect(Dictionary(grouping: codes) { $0 }.values.map(\.count).max() ?? 0 >= 5)
    }

    @Test func confirmWhatIsNotRefused_overAFreshConnection() async throws {
        let scene = try Scene(WeakServer(weak: [.mcpGarbageToken]))
        _ = await scene.run(.login, .safe)
        #expect(scene.server.guarded("/mcp").contains { $0.wantsFreshConnection })
    }

    @Test func doNotCryWolf_whenTheSecondTryIsRefused() async throws {
        let scene = try Scene(
            WeakServer(weak: [.mcpGarbageToken]) { request, response in
                if request.wantsFreshConnection { response = HTTPResponse(status: 401) }
            })
        let record = await scene.run(.login, .safe)
        #expect(record.result(.mcpGarbageToken) == .inconclusive)
        #expect(record.verdict == .healthy)
    }

    @Test func leaveTheServerAlone_onceItAsksForFewerRequests() async throws {
        let scene = try Scene(
            WeakServer { request, response in
                if request.step == .guarding { response = HTTPResponse(status: 429, fields: ["Retry-After": "120"]) }
            })
        let record = await scene.run()
        #expect(scene.server.memory.withLock { $0.requests.count { $0.step == .guarding } } == 1)
        #expect(record.guards.allSatisfy { $0.result != .accepted } && record.verdict == .healthy)
        #expect(record.facts.retryAfter == .seconds(120))
    }

    @Test func callAServerErrorAFault_neitherRefusalNorAcceptance() async throws {
        let scene = try Scene(
            WeakServer { request, response in
                if request.step == .guarding, request.url.path == "/mcp" { response = HTTPResponse(status: 500) }
            })
        let record = await scene.run(.login, .safe)
        #expect(record.result(.mcpGarbageToken) == .inconclusive)
        #expect(record.guardTexts.contains("mcp.garbage-token warning"))
        let finding = record.findings.first { $0.check == .mcpGarbageToken }
        #expect(finding?.remedy.contains("Look in the server's log for what failed") == true)
        #expect(record.verdict == .degraded)
    }

    @Test func areNotTried_whenTheFlowFails() async throws {
        var scene = try Scene()
        scene.target.password = Secret("wrong")
        let record = await scene.run()
        #expect(record.guards == [] && scene.server.guarded("/mcp").isEmpty)
    }

    @Test func stayOff_whenTheOperatorSaysSo() async throws {
        var scene = try Scene(WeakServer(weak: [.mcpGarbageToken]))
        scene.target.guards.disabled = [.mcpGarbageToken: "a honeypot"]
        let record = await scene.run(.login, .safe)
        #expect(record.result(.mcpGarbageToken) == nil && record.verdict == .healthy)
    }
}
