import Testing
import WatchCore

@testable import Scheduling

/// What the operator asks of the schedule.
@Suite struct OperatorTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)
    private let login = Job(target: "a", kind: .login)

    private func schedule() -> Schedule {
        let target = ScheduledTarget(
            name: "a", issuer: "https://a.example", interval: .seconds(900), sessionInterval: .seconds(300))
        return Schedule(
            targets: [target], at: start, wallTime: WallTime(seconds: 0), random: SeededGenerator(seed: 7))
    }

    private func after(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    @Test func beginsNothing_whilePaused_andOneRunAfterwards() {
        var schedule = schedule()
        schedule.pause("a", until: after(7_200))
        #expect(schedule.due(at: after(7_199)).isEmpty)
        #expect(schedule.nextWake() == after(7_200))
        #expect(schedule.lag(at: after(7_199)) == .zero)
        #expect(schedule.due(at: after(7_200)) == [login])
        schedule.finished(login, .settled, at: after(7_202))
        #expect(schedule.due(at: after(7_203)).isEmpty)
    }

    @Test func goesOn_whenThePauseIsEnded() {
        var schedule = schedule()
        schedule.pause("a", until: after(7_200))
        schedule.pause("a", until: start)
        #expect(schedule.due(at: after(1)) == [login])
    }

    @Test func asksNoServer_thatWantsToBeLeftAlone_norAPausedOne() {
        var schedule = schedule()
        _ = schedule.due(at: start)
        schedule.finished(login, .settled, at: after(2), notBefore: .seconds(100))
        schedule.hasten("a", at: after(3))
        #expect(schedule.due(at: after(101)).isEmpty)
        #expect(schedule.due(at: after(102)) == [login])
        schedule.finished(login, .settled, at: after(103))
        schedule.pause("a", until: after(500))
        schedule.hasten("a", at: after(104))
        #expect(schedule.due(at: after(499)).isEmpty)
        #expect(schedule.due(at: after(500)) == [login])
    }
}
