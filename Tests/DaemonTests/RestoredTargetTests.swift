import Health
import Metrics
import Testing
import WatchCore

@testable import Daemon

@Suite struct RestoredTargetTests {
    @Test(arguments: [true, false])
    func knowsHowTheLastLoginWent_afterARestart(isGood: Bool) throws {
        let server = try #require(WebURL("https://a.example"))
        let settings = TargetSettings(
            name: "a", server: server, username: "u", password: nil, redirectURI: TargetSettings.defaultRedirectURI)
        var record = RunRecord(
            target: "a", kind: .login, serverURL: "https://a.example", username: "u", clientName: "c",
            startedAt: WallTime(seconds: 1))
        if !isGood { record.findings = [Finding(.authenticationRejected, .failure, "rejected")] }
        var health = TargetHealth(name: "a", restoring: nil)
        health.observe(record, at: WallTime(seconds: 2))
        var state = TargetState()
        state.health = health.json
        let target = Board.Target(settings, restoring: state)
        let families = TargetMetrics.families([target.metrics], at: WallTime(seconds: 3))
        let success = try #require(families.first { $0.name == "oauthwatch_target_login_success" }?.samples.first)
        guard case .number(let value) = success.value else {
            Issue.record("a gauge has one number")
            return
        }
        #expect(value == (isGood ? 1 : 0))
    }
}
