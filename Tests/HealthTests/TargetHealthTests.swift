import Health
import Testing
import WatchCore

@Suite struct TargetHealthTests {
    private let start = WallTime(seconds: 1_795_417_200)

    private func run(_ findings: [Finding] = [], scored: Set<CheckID> = [], kind: RunKind = .login) -> RunRecord {
        var record = RunRecord(
            target: "a", kind: kind, serverURL: "https://a.example", username: "u", clientName: "c", startedAt: start)
        record.findings = findings
        record.scored = scored.union(findings.filter { $0.severity != .inconclusive }.map(\.check))
        return record
    }

    private func health(_ runs: RunRecord...) -> TargetHealth {
        var health = TargetHealth(name: "a")
        for (minute, record) in runs.enumerated() { health.observe(record, at: start + .seconds(60 * minute)) }
        return health
    }

    private let tokenFailed = Finding(.tokenStatus, nil, "500")

    @Test func isInconclusive_beforeTheFirstRun() {
        let health = TargetHealth(name: "a")
        #expect(health.verdict == .inconclusive)
        #expect(health.since == nil)
        #expect(health.loginSuccess == nil)
        #expect(health.line == "a inconclusive since - not run yet")
    }

    @Test func isHealthy_afterARunWithoutFindings() {
        let health = health(run())
        #expect(health.verdict == .healthy)
        #expect(health.loginSuccess == true)
        #expect(health.line == "a healthy since 2026-11-23T07:00:00Z")
    }

    @Test func keepsAFinding_untilItsCheckIsScored_byWhateverRun() {
        var health = health(run([tokenFailed]), run(kind: .session), run([Finding(.discoveryMetadata, nil, "404")]))
        #expect(health.verdict == .failed)
        #expect(health.since == start)
        #expect(health.findings.map(\.check) == [.discoveryMetadata, .tokenStatus])
        #expect(health.blamed?.check == .discoveryMetadata)
        health.observe(run(scored: [.discoveryMetadata], kind: .session), at: start + .seconds(600))
        #expect(health.blamed?.check == .tokenStatus)
        #expect(health.since == start)
        health.observe(run(scored: [.tokenStatus]), at: start + .seconds(900))
        #expect(health.verdict == .healthy)
        #expect(health.since == start + .seconds(900))
    }

    @Test func replacesAFinding_byTheNewerOneOfItsCheck() {
        let health = health(
            run([Finding(.tlsExpiry, .warning, "10 days")]), run([Finding(.tlsExpiry, .failure, "2 days")]))
        #expect(health.findings.map(\.message) == ["2 days"])
        #expect(health.verdict == .failed)
        #expect(health.since == start + .seconds(60))
    }

    @Test func keepsAFailure_whenItsCheckIsInconclusiveLater() {
        let health = health(
            run([tokenFailed]), run([Finding(.tokenStatus, .inconclusive, "429")]),
            run([Finding(.tokenStatus, .inconclusive, "429 again")]))
        #expect(health.verdict == .failed)
        #expect(Set(health.findings.map(\.message)) == ["500", "429 again"])
        #expect(health.loginSuccess == false)
    }

    @Test func replacesAnInconclusiveFinding_byAConclusiveOne() {
        let health = health(run([Finding(.tokenStatus, .inconclusive, "429")]), run([tokenFailed]))
        #expect(health.findings == [tokenFailed])
    }

    @Test func keepsAnInconclusiveFinding_untilItsCheckIsScored() {
        let needsBrowser = Finding(.authorizationPage, .inconclusive, "CAPTCHA")
        #expect(health(run([needsBrowser]), run(kind: .session)).verdict == .inconclusive)
        #expect(health(run([needsBrowser]), run(scored: [.authorizationPage])).verdict == .healthy)
    }

    @Test(
        arguments: [
            (.monitorNetwork, .session, .healthy), (.stateWritable, .session, .healthy),
            (.budgetExhausted, .session, .inconclusive), (.budgetExhausted, .login, .healthy),
        ] as [(CheckID, RunKind, Verdict)])
    func forgetsTroublesOfTheMonitor_whenARunCouldDoItsWork(check: CheckID, kind: RunKind, verdict: Verdict) {
        let trouble = Finding(check, nil, "trouble")
        #expect(health(run([trouble]), run([Finding(.clockSkew, .inconclusive, "?")])).verdict == .inconclusive)
        #expect(health(run([trouble]), run(kind: kind)).verdict == verdict)
    }

    @Test func leavesTheLoginAsItWas_afterAnInconclusiveRun() {
        let inconclusive = run([Finding(.monitorNetwork, nil, "no route")])
        #expect(health(inconclusive).loginSuccess == nil)
        #expect(health(run(), inconclusive).loginSuccess == true)
        #expect(health(run([tokenFailed]), inconclusive).loginSuccess == false)
        #expect(health(run([tokenFailed]), run(kind: .session)).loginSuccess == false)
        #expect(health(run([Finding(.mcpNoToken, nil, "open")])).loginSuccess == true)
    }

    @Test func ranksInsecureBeforeFailed() {
        let health = health(run([tokenFailed, Finding(.mcpNoToken, nil, "open")]))
        #expect(health.verdict == .insecure)
        #expect(health.blamed?.check == .mcpNoToken)
    }

    @Test func namesStepCheckAndMessage_onOneLine() {
        let finding = Finding(.tokenStatus, nil, "500\r\n\tInternal\u{202e} \u{1b}[31mError\u{2028}end  ")
        #expect(
            health(run([finding])).line
                == "a failed since 2026-11-23T07:00:00Z step=token check=token.status 500 Internal [31mError end")
    }

    @Test func cutsLongMessages() {
        #expect(String(repeating: "x", count: 5_000).asOneLine == String(repeating: "x", count: 300) + "…")
    }

    @Test func comesBackAfterARestart_asItWas() {
        let before = health(run([tokenFailed, Finding(.tokenNoStore, nil, "cached", evidence: "max-age=5")]))
        #expect(TargetHealth(name: "a", restoring: before.json) == before)
        let healthy = health(run(kind: .session))
        #expect(TargetHealth(name: "a", restoring: healthy.json) == healthy)
        let never = TargetHealth(name: "a")
        #expect(TargetHealth(name: "a", restoring: never.json) == never)
    }

    @Test func leavesOut_whatALaterProgramRemembered() {
        let finding: JSON = [
            "check": "future.check", "step": "token", "severity": "insecure", "layer": "edge", "message": "m",
            "evidence": "", "remedy": "",
        ]
        let json: JSON = ["verdict": "insecure", "since": 5, "findings": [finding, "x"]]
        let health = TargetHealth(name: "a", restoring: json)
        #expect(health.findings.isEmpty)
        #expect(health.verdict == .healthy)
        #expect(TargetHealth(name: "a", restoring: ["verdict": "fine"]) == TargetHealth(name: "a"))
    }
}
