import Alerts
import Health
import Metrics
import Testing
import WatchCore

@testable import Daemon

@Suite struct StatusTests {
    private let now = WallTime(seconds: 1_800_000_000)

    private func view() throws -> Board.View {
        let targets = try ["good", "bad"].map { name in
            let server = try #require(WebURL("https://\(name).example"))
            let settings = TargetSettings(
                name: name, server: server, username: "u", password: Secret("canary-password"),
                redirectURI: TargetSettings.defaultRedirectURI)
            var target = Board.Target(settings, restoring: TargetState())
            var record = RunRecord(
                target: name, kind: .login, serverURL: "", username: "u", clientName: "c", startedAt: now)
            if name == "bad" { record.findings = [Finding(.tokenStatus, .failure, "answers\n500", evidence: "e")] }
            target.health.observe(record, at: now)
            target.lastRun = [.login: now]
            return target
        }
        var view = Board.View(targets: targets, daemon: DaemonMetrics(version: "0", configuredAt: now), isReady: true)
        view.holds.begin(.silence, of: "bad", Hold(since: now, until: now + .seconds(60), reason: "upgrade"))
        view.problems[.traces] = "traces are not written"
        return view
    }

    @Test func tellsEachTarget_withItsHolds() throws {
        let json = StatusDocument(view: try view(), now: now).json
        #expect(json["verdict"] == "failed" && json["ready"] == true)
        let bad = try #require(json["targets"]?.array?.last)
        #expect(bad["step"] == "token" && bad["check"] == "token.status" && bad["message"] == "answers 500")
        #expect(bad["silence"]?["until"] == "2027-01-15T08:01:00Z" && bad["pause"] == .null)
        #expect(bad["lastRun"] == ["login": "2027-01-15T08:00:00Z"])
        #expect(!json.text().contains("canary"))
    }

    @Test func printsATable() throws {
        let json = StatusDocument(view: try view(), now: now).json
        #expect(
            StatusTable.text(json) == """
                TARGET  VERDICT  SINCE                 STEP   CHECK         MESSAGE
                good    healthy  2027-01-15T08:00:00Z  -      -
                bad     failed   2027-01-15T08:00:00Z  token  token.status  [silenced until 2027-01-15T08:01:00Z: upgrade] answers 500
                oauthwatch: traces are not written

                """)
    }

    @Test(
        arguments: [
            (nil, "/state/control.sock"), ("/run/oauthwatch", "/run/oauthwatch/control.sock"),
            ("/run/a:/run/b", "/run/a/control.sock"),
        ] as [(String?, String)])
    func listensInTheRuntimeDirectory_elseInTheStateDirectory(runtime: String?, path: String) {
        #expect(ControlPlace.listening(stateDirectory: "/state", runtimeDirectory: runtime) == path)
    }

    @Test func findsTheDaemon_byItsConfiguration_whateverElseStandsThere() throws {
        #expect(try ControlPlace.find(socket: "/s", configuration: "/nowhere") == "/s")
        #expect(try ControlPlace.find(socket: nil, configuration: nil) == "/run/oauthwatch/control.sock")
        let error = #expect(throws: UsageError.self) { try ControlPlace.find(socket: nil, configuration: "/nowhere") }
        #expect(error?.status == 78)
    }

    @Test func mutesAndNotes_whatIsUnderMaintenance() throws {
        var view = try view()
        view.maintenance = [
            MaintenanceWindow(start: .at(now), length: .seconds(60), targets: ["good"], reason: "weekly\nupgrade")
        ]
        #expect(view.isMuted("good", at: now) && view.isMuted("bad", at: now))
        #expect(view.note(on: "good", at: now) == " [maintenance: weekly upgrade]")
        #expect(!view.isMuted("good", at: now + .seconds(60)) && view.note(on: "good", at: now + .seconds(60)) == "")
    }
}
