import Testing
import WatchCore

@testable import Metrics

@Suite struct TargetMetricsTests {
    private func families(_ targets: TargetMetrics...) -> [MetricFamily] {
        TargetMetrics.families(targets, at: Samples.now)
    }

    @Test func showsEverySeries_beforeTheFirstRun() throws {
        var target = TargetMetrics(try Samples.settings())
        let first = Set(families(target).series)
        target.observe(Samples.run())
        target.observe(Samples.run(.session))
        #expect(Set(families(target).series) == first)
        #expect(first.count < 180)
    }

    @Test func isUnknown_beforeTheFirstRun() throws {
        let families = families(TargetMetrics(try Samples.settings()))
        #expect(families.value("target_verdict", ["verdict": "inconclusive"]) == 1)
        #expect(families.value("target_verdict", ["verdict": "healthy"]) == 0)
        #expect(families.value("last_success_timestamp_seconds", ["kind": "login"]) == 0)
        #expect(families.value("target_insecure") == 0)
        for unknown in [
            "target_login_success", "session_alive", "token_lifetime_seconds", "clock_skew_seconds",
            "certificate_expiry_timestamp_seconds",
        ] {
            #expect(families.value(unknown)?.isNaN == true, "\(unknown)")
        }
    }

    @Test func tellsTargetsApart_andForgetsOneThatIsGone() throws {
        let both = families(TargetMetrics(try Samples.settings("a")), TargetMetrics(try Samples.settings("b")))
        #expect(Set(both.series).count == both.series.count)
        #expect(Set(both.map(\.name)).count == both.count)
        let one = families(TargetMetrics(try Samples.settings("a")))
        #expect(one.series.count * 2 == both.series.count)
        #expect(!one.series.contains { $0.contains("target=b") })
    }

    @Test func countsRuns_byKindAndVerdict() throws {
        var target = TargetMetrics(try Samples.settings())
        target.observe(Samples.run())
        target.observe(Samples.run())
        target.observe(Samples.run(.session, [Samples.failure()]))
        let families = families(target)
        #expect(families.value("runs_total", ["kind": "login", "verdict": "healthy"]) == 2)
        #expect(families.value("runs_total", ["kind": "session", "verdict": "failed"]) == 1)
        #expect(families.value("runs_total", ["kind": "session", "verdict": "healthy"]) == 0)
        #expect(families.histogram("run_duration_seconds", MetricLabel("kind", "login"))?.count == 2)
    }

    @Test func measuresStepsThatRan_notThoseSkipped() throws {
        var target = TargetMetrics(try Samples.settings())
        target.observe(Samples.run())
        let families = families(target)
        #expect(families.histogram("step_duration_seconds", MetricLabel("step", "token"))?.sum == 0.3)
        #expect(families.histogram("step_duration_seconds", MetricLabel("step", "mcp"))?.count == 0)
    }

    @Test func hidesStepHistograms_whenSwitchedOff() throws {
        let target = TargetMetrics(try Samples.settings())
        let families = TargetMetrics.families([target], at: Samples.now, stepHistograms: false)
        #expect(!families.series.contains { $0.hasPrefix("oauthwatch_step_duration_seconds") })
        #expect(families.series.contains { $0.hasPrefix("oauthwatch_run_duration_seconds") })
    }

    @Test func showsTheKindsOfItsNewSettings_andKeepsWhatWasCounted() throws {
        var settings = try Samples.settings()
        settings.guards.isEnabled = false
        var target = TargetMetrics(settings)
        target.observe(Samples.run())
        #expect(!families(target).series.contains { $0.contains("kind=guard") })
        settings.guards.isEnabled = true
        target.configure(as: TargetMetrics(settings))
        #expect(families(target).series.contains { $0.contains("kind=guard") })
        #expect(
            families(target).value("runs_total", ["kind": "login", "verdict": "healthy"]) == 1)
        settings.guards.isEnabled = false
        target.configure(as: TargetMetrics(settings))
        #expect(!families(target).series.contains { $0.contains("kind=guard") })
    }

    @Test func keepsLoginSuccess_overInconclusiveAndSessionRuns() throws {
        var target = TargetMetrics(try Samples.settings())
        target.observe(Samples.run(.login, [Samples.failure()]))
        #expect(families(target).value("target_login_success") == 0)
        target.observe(Samples.run(.session))
        target.observe(Samples.run(.login, [Finding(.monitorNetwork, .inconclusive, "no network")]))
        #expect(families(target).value("target_login_success") == 0)
        target.observe(Samples.run(.login, [Finding(.mcpNoToken, .insecure, "open")]))
        #expect(families(target).value("target_login_success") == 1)
    }

    @Test(arguments: [(true, 1.0), (false, 0.0)])
    func restoresLoginSuccess_afterARestart(success: Bool, expected: Double) throws {
        var target = TargetMetrics(try Samples.settings())
        target.restore(TargetState(), loginSuccess: success)
        #expect(families(target).value("target_login_success") == expected)
        target.observe(Samples.run(.login, [Finding(.budgetExhausted, .inconclusive, "wait")]))
        #expect(families(target).value("target_login_success") == expected)
    }

    @Test func showsTheGuardStep_whichCanBeToBlame() throws {
        var target = TargetMetrics(try Samples.settings())
        target.status = TargetStatus(verdict: .insecure, active: [Samples.openDoor], blamed: .guarding)
        #expect(families(target).value("step_failed", ["step": "guard"]) == 1)
    }

    @Test func notesWhenRunsBegan_byWhatTheyCameTo() throws {
        var target = TargetMetrics(try Samples.settings())
        let unknown = Finding(.monitorNetwork, .inconclusive, "no network")
        target.observe(Samples.run(.login, at: WallTime(seconds: 10)))
        target.observe(Samples.run(.login, [Samples.failure()], at: WallTime(seconds: 20)))
        target.observe(Samples.run(.login, [unknown], at: WallTime(seconds: 30)))
        let families = families(target)
        #expect(families.value("last_run_timestamp_seconds", ["kind": "login"]) == 30)
        #expect(families.value("last_conclusive_timestamp_seconds", ["kind": "login"]) == 20)
        #expect(families.value("last_success_timestamp_seconds", ["kind": "login"]) == 10)
        #expect(families.value("last_run_timestamp_seconds", ["kind": "session"]) == 0)
        var kept = TargetState()
        kept.lastSuccess = target.kept.lastSuccess
        var restarted = TargetMetrics(try Samples.settings())
        restarted.observe(kept)
        #expect(self.families(restarted).value("last_success_timestamp_seconds", ["kind": "login"]) == 10)
    }

    @Test func showsStandingFindings_onceEach() throws {
        var target = TargetMetrics(try Samples.settings())
        let insecure = Finding(.mcpNoToken, .insecure, "open")
        target.status = TargetStatus(
            verdict: .insecure, active: [Samples.failure(), Samples.failure(), insecure], blamed: .mcp)
        let families = families(target)
        #expect(families.value("finding", ["check": "token.status", "severity": "failure"]) == 1)
        #expect(families.first { $0.name == "oauthwatch_finding" }?.samples.count == 2)
        #expect(families.value("findings", ["severity": "failure"]) == 2)
        #expect(families.value("findings", ["severity": "warning"]) == 0)
        #expect(families.value("target_insecure") == 1)
        #expect(families.value("step_failed", ["step": "mcp"]) == 1)
        #expect(families.value("step_failed", ["step": "token"]) == 0)
        #expect(families.value("target_verdict", ["verdict": "insecure"]) == 1)
    }

    @Test func countsRequestsAndPhases() throws {
        var answer = HTTPResponse(status: 302)
        answer.phases.tls = .milliseconds(250)
        var record = Samples.run()
        record.exchanges = [
            try Samples.exchange(.authorization, .success(answer)),
            try Samples.exchange(.authorization, .failure(TransportFailure(.timedOut, "late", partial: answer))),
            try Samples.exchange(.token, .failure(TransportFailure(.connectionRefused, "refused"))),
        ]
        var target = TargetMetrics(try Samples.settings())
        target.observe(record)
        let families = families(target)
        #expect(families.value("http_requests_total", ["step": "authorization", "code_class": "3xx"]) == 2)
        #expect(families.value("http_requests_total", ["step": "token", "code_class": "none"]) == 1)
        #expect(families.value("http_phase_seconds_total", ["phase": "tls"]) == 0.5)
    }

    @Test func learnsFromTheFactsOfARun() throws {
        var record = Samples.run()
        record.facts.revision = "2025-06-18"
        record.facts.passwordSubmissions = 1
        record.facts.refreshes = 2
        record.facts.refreshesRefused = 1
        record.facts.registrations = 1
        record.facts.tokenLifetime = 3_600
        record.facts.clockSkew = -1.5
        record.facts.certificateExpiry = WallTime(seconds: 2_000_000_000)
        record.facts.sessionAlive[.ordinary] = true
        record.facts.sessionStart[.ordinary] = WallTime(seconds: 1_000)
        record.summary.authCodeReceived = true
        var target = TargetMetrics(try Samples.settings())
        target.observe(record)
        // A later run that learned nothing changes nothing.
        target.observe(Samples.run(.session))
        let families = families(target)
        #expect(families.value("target_info", ["revision": "2025-06-18", "server": "https://mcp.example/mcp"]) == 1)
        #expect(families.value("password_submissions_total", ["result": "accepted"]) == 1)
        #expect(families.value("refreshes_total", ["result": "succeeded"]) == 2)
        #expect(families.value("refreshes_total", ["result": "refused"]) == 1)
        #expect(families.value("registrations_total", ["result": "succeeded"]) == 1)
        #expect(families.value("token_lifetime_seconds") == 3_600)
        #expect(families.value("clock_skew_seconds") == -1.5)
        #expect(families.value("certificate_expiry_timestamp_seconds", ["role": "server"]) == 2_000_000_000)
        #expect(families.value("session_alive", ["canary": "ordinary"]) == 1)
        #expect(families.value("session_start_timestamp_seconds") == 1_000)
    }

    @Test(arguments: [(1, 0, "rejected"), (0, 1, "accepted"), (0, 0, "unknown")])
    func tellsWhatBecameOfAPassword(_ rejections: Int, _ codes: Int, _ result: String) throws {
        var record = Samples.run()
        record.facts.passwordSubmissions = 1
        record.facts.passwordRejections = rejections
        record.summary.authCodeReceived = codes == 1
        var target = TargetMetrics(try Samples.settings())
        target.observe(record)
        for other in ["accepted", "rejected", "unknown"] {
            #expect(
                families(target).value("password_submissions_total", ["result": other]) == (other == result ? 1 : 0))
        }
    }

    @Test func reckonsBudgets_atTheTimeOfTheScrape() throws {
        var state = TargetState()
        state.registered(at: Samples.now)
        state.login.submitted(at: Samples.now)
        var target = TargetMetrics(try Samples.settings())
        target.observe(state)
        #expect(families(target).value("budget_remaining", ["budget": "registrations"]) == 3)
        #expect(families(target).value("budget_remaining", ["budget": "rejected_logins"]) == 5)
        let nextDay = TargetMetrics.families([target], at: Samples.now + .seconds(86_401))
        #expect(nextDay.value("budget_remaining", ["budget": "registrations"]) == 4)
    }

    @Test func showsNoSecret() throws {
        var target = TargetMetrics(try Samples.settings())
        target.observe(Samples.run(.login, [Samples.failure()]))
        #expect(!Exposition.prometheus.text(families(target)).contains("hidden"))
    }
}
