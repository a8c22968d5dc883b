import Testing
import WatchCore

@testable import Health

/// What the server presents otherwise than was accepted, on the health page.
struct ChangeTests {
    private static let time = WallTime(seconds: 1_800_000_000)
    private static let change = Finding(.baselineChanged, "metadata.scopes_supported: -admin")

    private func health(_ findings: [Finding]) -> TargetHealth {
        var record = RunRecord(
            target: "t", kind: .login, serverURL: "", username: "", clientName: "", startedAt: Self.time)
        record.findings = findings
        record.scored = Set(findings.map(\.check))
        var health = TargetHealth(name: "t")
        health.observe(record, at: Self.time)
        return health
    }

    @Test func standsBeforeTheFailureThatComesWithIt() {
        let line = health([Self.change, Finding(.tokenStatus, "400 (invalid_scope)")]).line
        #expect(
            line.hasSuffix(
                "step=token check=token.status changed: metadata.scopes_supported: -admin | 400 (invalid_scope)"))
    }

    @Test func isNotShownWhereAllIsWell() {
        #expect(health([Self.change]).line.hasSuffix("t healthy since 2027-01-15T08:00:00Z"))
    }

    @Test func isSettledByTheOperator() {
        let warning = Finding(.baselineChanged, .warning, "token.expires_in: -3600 +60")
        var health = health([warning])
        #expect(health.verdict == .degraded && health.change != nil)
        health.settle(.baselineChanged, at: Self.time + .seconds(60))
        #expect(health.verdict == .healthy && health.change == nil && health.since == Self.time + .seconds(60))
        health.settle(.baselineChanged, at: Self.time + .seconds(120))
        #expect(health.since == Self.time + .seconds(60))
    }

    @Test func aSessionThatDiedIsNoLoginThatFailed() {
        #expect(health([Finding(.sessionRefresh, "dead")]).loginSuccess == true)
        #expect(health([Finding(.tokenStatus, "400")]).loginSuccess == false)
    }
}
