import JSONReader
import Testing
import WatchCore

@testable import Alerts

@Suite struct IncidentMachineTests {
    @Test func firesAfterTwoFailures_resolvesAfterTwoGoodRuns_eachOnce() {
        var scene = Scene()
        #expect(scene.run("a", .login, [Scene.outage]) == [])
        #expect(scene.run("a", .login, [Scene.outage]) == ["firing login a"])
        #expect(scene.run("a", .login, [Scene.outage]) == [])
        #expect(scene.run("a", .login) == [])
        #expect(scene.run("a", .login) == ["resolved login a"])
        #expect(scene.run("a", .login) == [])
        #expect(scene.machine.incidents.isEmpty)
    }

    @Test func forgetsASingleFailure() {
        var scene = Scene()
        for _ in 0..<5 {
            #expect(scene.run("a", .login, [Scene.outage]) == [])
            #expect(scene.run("a", .login) == [])
        }
        #expect(scene.machine.trackers.isEmpty)
    }

    /// A server that is away for some seconds meets a login and a session run, maybe; the repetition a minute later tells.
    @Test func takesALoginAndASessionRun_thatFailTogether_forOneBlip() {
        var scene = Scene()
        #expect(scene.run("a", .login, [Scene.outage]) == [])
        #expect(scene.run("a", .session, [Scene.outage], after: 1) == [])
        #expect(scene.run("a", .login, [Scene.outage]) == ["firing login a"])
    }

    @Test func staysOpen_whenGoodRunsDoNotLast() {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.outage])
        for _ in 0..<3 {
            #expect(scene.run("a", .login) == [])
            #expect(scene.run("a", .login, [Scene.outage]) == [])
        }
    }

    @Test func firesForAnOpenDoor_atOnce() {
        var scene = Scene()
        #expect(scene.run("a", .login, [Scene.open]) == ["firing open-door a"])
        #expect(scene.machine.incidents.first?.finding.experience == "anyone can call tools without a token")
    }

    /// One cause, one alert: what is not refused without a token is also a challenge that is missing.
    @Test(arguments: [Scene.open, Scene.outage])
    func saysNothingOfAWarning_besideWhatIsWorse(_ worse: Finding) {
        var scene = Scene()
        for _ in 0..<3 { scene.run("a", .login, [Scene.slow, worse]) }
        #expect(scene.machine.incidents.map(\.finding.check) == [worse.check.rawValue])
        for _ in 0..<2 { scene.run("a", .login, [Scene.slow]) }
        #expect(scene.machine.incidents.map(\.symptom) == [.degraded])
    }

    @Test func namesTheFirstStepOfTheFlow_whereACheckFailedInTwo() {
        var scene = Scene()
        let kept = Finding(.mcpStatus, .failure, "answers 500", step: .session)
        for _ in 0..<2 { scene.run("a", .login, [kept, Finding(.mcpStatus, .failure, "answers 500")]) }
        #expect(scene.machine.incidents.first?.finding.step == "mcp")
    }

    @Test func saysThatPasswordsWouldGoElsewhere_notThatSomebodyGotIn() {
        var scene = Scene()
        scene.run(
            "a", .login, [Finding(.authenticationFormOrigin, .insecure, "the form posts to https://evil.example")])
        #expect(scene.machine.incidents.first?.finding.experience == "the login page would send passwords elsewhere")
    }

    @Test func keepsLoginAndSessionApart() {
        var scene = Scene()
        scene.run("a", .session, [Scene.sessionDead])
        #expect(scene.run("a", .session, [Scene.sessionDead]) == ["firing session a"])
        #expect(scene.machine.incidents.first?.finding.experience == "everyone is logged out")
        #expect(scene.run("a", .login, [Scene.outage], standing: [Scene.outage, Scene.sessionDead]) == [])
        #expect(
            scene.run("a", .login, [Scene.outage], standing: [Scene.outage, Scene.sessionDead]) == ["firing login a"])
    }

    /// It is replaced, and no run meets it again; the finding stands for half an hour.
    @Test(arguments: [RunKind.session, .login])
    func firesForASessionThatDied_thoughItCannotDieAgain(_ kind: RunKind) {
        var scene = Scene()
        #expect(scene.run("a", kind, [Scene.sessionDead]) == [])
        scene.restart()
        scene.wallTime = scene.wallTime + .seconds(1)
        let healthy = scene.observation("a", kind, [], standing: [Scene.sessionDead])
        var later = healthy
        later.trace = "/traces/later.json"
        let told = scene.machine.observe(later, isMuted: { _ in false })
        #expect(told.map(\.event) == [.firing] && told.first?.facts.experience == "everyone is logged out")
        #expect(told.first?.facts.trace == "/traces/a.json")
        #expect(scene.run("a", .login) == [])
        #expect(scene.run("a", .login) == ["resolved session a"])
    }

    @Test func doesNotFireForASessionThatDied_whenItsSuccessorHasShownThatRefreshesWork() {
        var scene = Scene()
        #expect(scene.run("a", .session, [Scene.sessionDead]) == [])
        #expect(scene.run("a", .session) == [])
        #expect(scene.run("a", .session, [Scene.sessionDead]) == [])
    }

    /// A finding stands until its check is scored again: a run of another kind neither raises nor resolves it.
    @Test func isNotResolved_byARunThatCouldNotSeeIt() {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.outage])
        for _ in 0..<5 { #expect(scene.run("a", .session, [], standing: [Scene.outage]) == []) }
        for _ in 0..<5 { #expect(scene.run("a", .session, []) == []) }
        scene.run("a", .login)
        #expect(scene.run("a", .login) == ["resolved login a"])
    }

    @Test func raisesNothing_whenTheMonitorIsIll_andSaysSoAfterTwoIntervals() {
        var scene = Scene()
        for _ in 0..<30 { #expect(scene.run("a", .login, [Scene.ill], after: 60) == []) }
        #expect(scene.run("a", .login, [Scene.ill], after: 60) == ["firing unwatched a"])
        #expect(scene.run("a", .login) == [])
        #expect(scene.run("a", .login) == ["resolved unwatched a"])
    }

    @Test func isNeitherResolvedNorForgotten_byInconclusiveRuns() {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.ill])
        #expect(scene.run("a", .login, [Scene.outage]) == ["firing login a"])
        for _ in 0..<3 { #expect(scene.run("a", .login, [Scene.ill]) == []) }
    }

    @Test func blamesNobody_forARunThatASuspendCutInTwo() {
        var scene = Scene()
        for _ in 0..<4 { #expect(scene.run("a", .login, [Scene.outage], trusted: false) == []) }
    }

    @Test func isOneIncident_forTargetsThatShareIssuerAndCheck() {
        var scene = Scene()
        for target in ["a", "b"] { scene.run(target, .login, [Scene.outage], issuer: "https://as") }
        #expect(scene.run("a", .login, [Scene.outage], issuer: "https://as") == ["firing login a"])
        #expect(scene.run("b", .login, [Scene.outage], issuer: "https://as") == ["joined login b a"])
        scene.run("c", .login, [Scene.outage], issuer: "https://other")
        #expect(scene.run("c", .login, [Scene.outage], issuer: "https://other") == ["firing login c"])
        scene.run("a")
        #expect(scene.run("a") == [])
        scene.run("b")
        #expect(scene.run("b") == ["resolved login a b"])
    }

    @Test func takesUpWhatTheNewestRunSays_whileItLasts() {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.outage])
        let changed = Finding(.mcpStatus, .failure, "answers 502")
        #expect(scene.run("a", .login, [changed]) == [])
        #expect(scene.machine.incidents.first?.finding.check == "mcp.status")
    }

    @Test func remindsAfterFourHours_thenDaily_oneEach() {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.outage])
        scene.pass(4 * 3_600 - 1)
        #expect(scene.remind() == [])
        scene.pass(1)
        #expect(scene.remind() == ["reminder login a"])
        #expect(scene.remind() == [])
        scene.pass(24 * 3_600)
        #expect(scene.remind() == ["reminder login a"])
        // Three days in suspend are one reminder.
        scene.pass(3 * 86_400)
        #expect(scene.remind() == ["reminder login a"])
        #expect(scene.remind() == [])
    }

    @Test(arguments: [-86_400.0, 86_400.0])
    func remindsNobody_becauseTheClockWasSet(seconds: Double) {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.outage])
        scene.wallTime = scene.wallTime + .seconds(seconds)
        #expect(scene.remind() == [])
        #expect(scene.run("b") == [])
        scene.pass(4 * 3_600)
        #expect(scene.remind() == ["reminder login a"])
    }

    @Test func waitsNoLongerThanADay_whenTheClockWasSetBackOverARestart() {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.outage])
        let json = scene.machine.json(at: scene.now, scene.wallTime)
        scene.wallTime = scene.wallTime + .seconds(-10 * 86_400)
        scene.machine = IncidentMachine(
            restoring: json, thresholds: scene.machine.thresholds, at: scene.now, scene.wallTime)
        scene.pass(86_400)
        #expect(scene.remind() == ["reminder login a"])
    }

    @Test func resolvesAnIncident_thatAnEarlierProgramWroteDown() {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.run("a", .login, [Scene.outage])
        let written = scene.machine.json(at: scene.now, scene.wallTime).text()
        let earlier = written.replacingEach(#""bad":{"login":2}"#, with: #""bad":2,"kinds":["login"]"#)
        #expect(earlier != written)
        guard let json = try? JSON(parsing: Array(earlier.utf8)) else {
            Issue.record("no JSON")
            return
        }
        scene.machine = IncidentMachine(
            restoring: json, thresholds: scene.machine.thresholds, at: scene.now, scene.wallTime)
        scene.run("a")
        #expect(scene.run("a") == ["resolved login a"])
    }

    @Test func tellsNothingOfAMutedTarget_untilTheSilenceEnds() {
        var scene = Scene()
        scene.muted = ["a"]
        scene.run("a", .login, [Scene.outage])
        #expect(scene.run("a", .login, [Scene.outage]) == [])
        scene.muted = []
        #expect(scene.remind() == ["firing login a"])
        scene.muted = ["a"]
        scene.run("a")
        #expect(scene.run("a") == ["resolved login a"])
    }

    @Test func tellsNothingAtAll_ofWhatBeganAndEndedInASilence() {
        var scene = Scene()
        scene.muted = ["a"]
        for _ in 0..<2 { scene.run("a", .login, [Scene.outage]) }
        scene.run("a")
        #expect(scene.run("a") == [])
        scene.muted = []
        #expect(scene.remind() == [])
    }

    @Test func resolvesWhatIsNoLongerWatched() {
        var scene = Scene()
        for _ in 0..<2 { scene.run("a", .login, [Scene.outage]) }
        let told = scene.machine.keep(only: ["b"], at: scene.wallTime)
        #expect(scene.told(told) == ["resolved login a"])
        #expect(told.first?.facts.message == "the target is no longer watched")
    }

    @Test func goesOnWhereItWas_afterEachRestart() {
        var scene = Scene()
        var told: [String] = []
        for _ in 0..<3 {
            told += scene.run("a", .login, [Scene.outage])
            let before = scene.machine.incidents
            scene.restart()
            #expect(scene.machine.incidents == before)
        }
        for _ in 0..<3 {
            told += scene.run("a")
            scene.restart()
        }
        #expect(told == ["firing login a", "resolved login a"])
    }

    @Test func givesEachIncidentANewName() {
        var scene = Scene()
        var names: Set<String> = []
        for _ in 0..<3 {
            for _ in 0..<2 { scene.run("a", .login, [Scene.outage], after: 0) }
            names.insert(scene.machine.incidents.first?.id ?? "")
            for _ in 0..<2 { scene.run("a", after: 0) }
            scene.restart()
        }
        #expect(names.count == 3)
    }

    @Test func readsAsAPersonWantsToReadIt() throws {
        var scene = Scene()
        scene.run("a", .login, [Scene.outage])
        scene.pass(60)
        let told = scene.machine.observe(
            scene.observation("a", .login, [Scene.outage]), isMuted: { _ in false })
        let text = try #require(told.first?.text)
        #expect(
            text == """
                FIRING a: new logins fail
                step token, check token.status: answers 500
                since 2027-01-15T08:02:00Z (first bad 2027-01-15T08:01:00Z, last good 2023-11-14T22:13:20Z)
                at fault: authorization-server
                remedy: \(Scene.outage.remedy)
                trace: /traces/a.json
                """)
        #expect(Notification(told[0].json) == told[0])
    }

    @Test func namesWhatChanged_atTheTopOfTheFailureThatCameWithIt() throws {
        var scene = Scene()
        let changed = Finding(
            .baselineChanged, .info, "the metadata changed", evidence: "metadata.scopes_supported: -admin")
        for _ in 0..<2 { scene.run("a", .login, [Scene.outage], standing: [Scene.outage, changed]) }
        let facts = try #require(scene.machine.incidents.first?.finding)
        #expect(facts.changes == ["the metadata changed", "metadata.scopes_supported: -admin"])
    }

    @Test func namesAChangeOnce_thatTheEvidenceTellsToo() throws {
        var scene = Scene()
        let changed = Finding(.baselineChanged, .info, "tools: -echo", evidence: "accepted yesterday; tools: -echo")
        for _ in 0..<2 { scene.run("a", .login, [Scene.outage], standing: [Scene.outage, changed]) }
        #expect(scene.machine.incidents.first?.finding.changes == ["tools: -echo"])
    }
}
