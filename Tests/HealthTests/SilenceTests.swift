import Testing
import WatchCore

@testable import Health

@Suite struct SilenceTests {
    private let start = WallTime(seconds: 1_795_417_200)

    private func run(_ severity: Severity?, _ kind: RunKind = .login, minute: Int) -> RunRecord {
        var record = RunRecord(
            target: "a", kind: kind, serverURL: "https://a.example", username: "u", clientName: "c",
            startedAt: start + .seconds(60 * minute))
        record.findings = severity.map { [Finding(.monitorNetwork, $0, "no route")] } ?? []
        return record
    }

    private func health(_ runs: [RunRecord]) -> TargetHealth {
        var health = TargetHealth(name: "a")
        for record in runs { health.observe(record, at: record.startedAt) }
        return health
    }

    @Test func isNewsOfItsOwn_afterThreeRunsInARow() {
        let two = health((0..<2).map { run(.inconclusive, minute: $0) })
        #expect(two.findings.map(\.check) == [.monitorNetwork])
        let three = health((0..<3).map { run(.inconclusive, minute: $0) })
        #expect(three.findings.map(\.check) == [.monitorUnwatched, .monitorNetwork])
        #expect(three.verdict == .inconclusive)
        #expect(
            three.line
                == "a inconclusive since 2026-11-23T07:00:00Z step=challenge check=monitor.unwatched 3 login runs in a "
                + "row found nothing out, since 2026-11-23T07:00:00Z: no route")
    }

    @Test func isCountedForEachKindOfRun() {
        let mixed: [(Severity?, RunKind)] = [
            (.inconclusive, .login), (nil, .session), (.inconclusive, .login), (nil, .session), (.inconclusive, .login),
        ]
        let health = health(mixed.enumerated().map { run($0.element.0, $0.element.1, minute: $0.offset) })
        #expect(health.findings.first?.check == .monitorUnwatched)
    }

    @Test func endsWithTheFirstConclusion() {
        var records = (0..<4).map { run(.inconclusive, minute: $0) }
        records.append(run(nil, minute: 4))
        #expect(health(records).findings == [])
        #expect(health(records).verdict == .healthy)
    }

    @Test func isRememberedOverRestarts() {
        let before = health((0..<2).map { run(.inconclusive, minute: $0) })
        var after = TargetHealth(name: "a", restoring: before.json)
        #expect(after == before)
        after.observe(run(.inconclusive, minute: 2), at: start + .seconds(120))
        #expect(after.findings.first?.check == .monitorUnwatched)
        #expect(TargetHealth(name: "a", restoring: after.json) == after)
    }

    @Test func turnsNoTargetRed() {
        let record = health((0..<9).map { run(.inconclusive, minute: $0) })
        #expect(!record.findings.contains { $0.verdict > .inconclusive })
    }
}
