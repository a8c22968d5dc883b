import Testing
import WatchCore

@testable import Scheduling

struct GuardScheduleTests {
    static let start = Instant(nanoseconds: 1_000_000_000_000)
    static let wall = WallTime(seconds: 1_800_000_000)

    private func schedule(
        guards: Duration? = .seconds(3_600), lastRun: [RunKind: WallTime] = [:], since: WallTime? = nil
    ) -> Schedule {
        let target = ScheduledTarget(
            name: "a", issuer: "i", interval: .seconds(900), sessionInterval: .seconds(300), guardInterval: guards,
            lastRun: lastRun, watchedSince: since)
        return Schedule(targets: [target], at: Self.start, wallTime: Self.wall, random: SeededGenerator(seed: 7))
    }

    @Test func beginsGuardsAnIntervalAfterTheFirstLook() {
        #expect(schedule().nextRun(of: "a", .guarding) == Self.start + .seconds(3_600))
        let known = schedule(since: Self.wall + .seconds(-3_000))
        #expect(known.nextRun(of: "a", .guarding) == Self.start + .seconds(600))
        let ran = schedule(lastRun: [.guarding: Self.wall + .seconds(-7_200)], since: Self.wall + .seconds(-90_000))
        #expect(ran.nextRun(of: "a", .guarding) == Self.start)
    }

    @Test func hasNoGuardRuns_whereTheyAreSwitchedOff() {
        #expect(schedule(guards: nil).nextRun(of: "a", .guarding) == nil)
    }

    @Test func runsGuardsAfterALogin_notInItsPlace() {
        var schedule = schedule(lastRun: [.guarding: Self.wall + .seconds(-7_200)])
        let login = schedule.due(at: Self.start)
        #expect(login == [Job(target: "a", kind: .login)])
        schedule.finished(login[0], .settled, at: Self.start + .seconds(1))
        #expect(schedule.due(at: Self.start + .seconds(1)) == [Job(target: "a", kind: .guarding)])
    }

    @Test func doesNotRepeatAGuardRunThatFoundAnOpenDoor() {
        var record = RunRecord(
            target: "a", kind: .guarding, serverURL: "", username: "", clientName: "", startedAt: Self.wall)
        record.findings = [Finding(.mcpStatus, .failure, "x")]
        #expect(Ending(record) == .settled)
    }
}
