import Health
import Testing
import WatchCore

@Suite struct HealthPageTests {
    private static let start = WallTime(seconds: 1_795_417_200)

    private static func target(_ name: String, _ findings: Finding...) -> TargetHealth {
        var record = RunRecord(
            target: name, kind: .login, serverURL: "", username: "", clientName: "", startedAt: start)
        record.findings = findings
        var health = TargetHealth(name: name)
        health.observe(record, at: start)
        return health
    }

    private let healthy = target("good")
    private let degraded = target("so-so", Finding(.tokenNoStore, nil, "cached"))
    private let failed = target("bad", Finding(.tokenStatus, nil, "500"))
    private let insecure = target("open", Finding(.mcpNoToken, nil, "answered"))
    private let unknown = TargetHealth(name: "new")

    @Test func is200_whenAllAreHealthyOrDegraded() {
        let page = HealthPage.text([healthy, degraded])
        #expect(page.status == 200)
        #expect(
            page.body == """
                good healthy since 2026-11-23T07:00:00Z
                so-so degraded since 2026-11-23T07:00:00Z step=token check=token.no-store cached

                """)
    }

    @Test func is503_whenOneIsNot() {
        for bad in [failed, insecure, unknown] { #expect(HealthPage.text([healthy, bad]).status == 503) }
    }

    @Test func tellsTheDaemonsOwnProblems_inLinesOfTheirOwn() {
        let page = HealthPage.text([healthy], problems: ["traces are not written:\nNo space left on device"])
        #expect(page.status == 200)
        #expect(page.body.hasSuffix("\noauthwatch: traces are not written: No space left on device\n"))
    }

    @Test func tellsWhenThePasswordIsTriedAgain_besideWhatIsWrong() {
        var health = Self.target("a", Finding(.authenticationRejected, nil, "not accepted"))
        var record = RunRecord(
            target: "a", kind: .login, serverURL: "", username: "", clientName: "", startedAt: Self.start)
        record.findings = [Finding(.budgetExhausted, .inconclusive, "the next try is at 07:30")]
        health.observe(record, at: Self.start)
        #expect(health.line.hasSuffix("check=authentication.rejected not accepted; the next try is at 07:30"))
    }

    @Test func leavesRoomForWhatIsWrong_whateverChanged() {
        let change = Finding(.baselineChanged, .info, String(repeating: "metadata ", count: 60))
        let line = Self.target("a", change, Finding(.discoveryHttps, nil, "the token endpoint is plain http")).line
        #expect(line.contains("changed: metadata "))
        #expect(line.hasSuffix("… | the token endpoint is plain http"))
    }

    @Test func namesTheWorstFirst_inTheStatus() {
        #expect(HealthPage.status([healthy]) == "1/1 healthy")
        #expect(
            HealthPage.status([healthy, degraded, failed]) == """
                2/3 healthy; bad failed at token since 07:00; so-so degraded at token since 07:00
                """)
        #expect(
            HealthPage.status([unknown, failed, failed, insecure, degraded], problems: ["disk full"])
                == "1/5 healthy; open insecure at guard since 07:00; bad failed at token since 07:00; "
                + "bad failed at token since 07:00; 2 more; disk full")
    }
}
