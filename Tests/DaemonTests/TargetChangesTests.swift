import Testing
import WatchCore

@testable import Daemon

@Suite struct TargetChangesTests {
    private func target(_ name: String, _ change: (inout TargetSettings) -> Void = { _ in }) throws -> TargetSettings {
        let server = try #require(WebURL("https://\(name).example"))
        var settings = TargetSettings(
            name: name, server: server, username: "u", password: Secret("p"),
            redirectURI: TargetSettings.defaultRedirectURI)
        change(&settings)
        return settings
    }

    @Test func tellsNewGoneAndKeptTargetsApart() throws {
        let changes = TargetChanges(
            from: try [target("a"), target("b")], to: try [target("c"), target("b")])
        #expect(changes.added == ["c"] && changes.removed == ["a"] && changes.changed.isEmpty)
        #expect(changes.summary == "1 added, 1 removed, 0 changed")
    }

    @Test func hastensTheLogin_whenThePasswordInTheFileIsAnother() throws {
        let changes = TargetChanges(from: try [target("a")], to: try [target("a") { $0.password = Secret("q") }])
        #expect(changes.changed == ["a"] && changes.hastened == ["a"])
    }

    @Test func leavesTheTimes_whenOnlyTheIntervalsChange() throws {
        let changes = TargetChanges(
            from: try [target("a")], to: try [target("a") { $0.interval = .seconds(60) }])
        #expect(changes.changed == ["a"] && changes.hastened.isEmpty)
    }
}
