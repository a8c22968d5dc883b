import Health
import Metrics
import Testing
import WatchCore

@testable import Daemon

@Suite struct BoardTests {
    private func board() throws -> Board {
        let targets = try ["a", "b"].map { name in
            let server = try #require(WebURL("https://\(name).example"))
            let redirect = try #require(WebURL("http://localhost:3000/callback"))
            let settings = TargetSettings(
                name: name, server: server, username: "u", password: nil, redirectURI: redirect)
            return Board.Target(settings, restoring: TargetState())
        }
        let daemon = DaemonMetrics(version: "0", configuredAt: WallTime(seconds: 0))
        return Board(Board.View(targets: targets, daemon: daemon))
    }

    @Test func changesOneTarget_andLeavesTheOthers() throws {
        let board = try board()
        board.update("b") { $0.metrics.traceFiles = 7 }
        board.update("unknown") { $0.metrics.traceFiles = 9 }
        #expect(board.view.targets.map(\.metrics.traceFiles) == [0, 7])
    }

    @Test func handsOutCopies_thatLaterChangesDoNotReach() throws {
        let board = try board()
        let before = board.view
        board.update { $0.isReady = true }
        #expect(!before.isReady)
        #expect(board.view.isReady)
    }

    @Test func showsATargetThatNeverRan_asInconclusive() throws {
        let page = HealthPage.text(try board().view.targets.map(\.health))
        #expect(page.status == 503)
        #expect(page.body == "a inconclusive since - not run yet\nb inconclusive since - not run yet\n")
    }

    @Test func keepsCountsAndFindings_ofTargetsThatStay() throws {
        let board = try board()
        board.update("a") { $0.metrics.traceFiles = 1 }
        board.update("b") { $0.metrics.traceFiles = 2 }
        let fresh = try self.board().view.targets
        board.show([fresh[1]], keeping: ["b"])
        #expect(board.view.targets.map(\.metrics.target) == ["b"])
        #expect(board.view.targets.map(\.metrics.traceFiles) == [2])
        board.show(fresh, keeping: [])
        #expect(board.view.targets.map(\.metrics.traceFiles) == [0, 2])
    }

    @Test func forgetsWhatWasFound_whenAnotherServerHasTheName() throws {
        let board = try board()
        var record = RunRecord(
            target: "a", kind: .login, serverURL: "https://a.example", username: "u", clientName: "c",
            startedAt: WallTime(seconds: 1))
        record.findings = [Finding(.authenticationRejected, .failure, "rejected")]
        board.update("a") { $0.health.observe(record, at: WallTime(seconds: 2)) }
        var changed = board.view.targets[0]
        board.show([changed], keeping: [])
        #expect(board.view.targets.map(\.health.verdict) == [.failed])
        changed.server = try #require(WebURL("https://other.example"))
        board.show([changed], keeping: [])
        #expect(board.view.targets.map(\.health.line) == ["a inconclusive since - not run yet"])
    }
}
