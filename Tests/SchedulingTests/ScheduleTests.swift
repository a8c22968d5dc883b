import Testing
import WatchCore

@testable import Scheduling

@Suite struct ScheduleTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)
    private let wall = WallTime(seconds: 1_800_000_000)
    private let login = Job(target: "a", kind: .login)
    private let session = Job(target: "a", kind: .session)

    private func target(
        _ name: String = "a", issuer: String? = nil, interval: Int = 900, session: Int = 300,
        lastRun: [RunKind: WallTime] = [:]
    ) -> ScheduledTarget {
        ScheduledTarget(
            name: name, issuer: issuer ?? "https://\(name).example", interval: .seconds(interval),
            sessionInterval: .seconds(session), lastRun: lastRun)
    }

    private func schedule(_ targets: ScheduledTarget..., limit: Int = 32) -> Schedule {
        Schedule(targets: targets, at: start, wallTime: wall, limit: limit, random: SeededGenerator(seed: 7))
    }

    private func after(_ seconds: Double) -> Instant { start + .seconds(seconds) }

    @Test func beginsAtOnce_withALogin_whichTakesTheSessionsPlace() {
        var schedule = schedule(target())
        #expect(schedule.nextWake() == start)
        #expect(schedule.due(at: start) == [login])
        schedule.finished(login, .settled, at: after(2))
        #expect(schedule.due(at: after(2)).isEmpty)
        let next = schedule.nextWake().map { ($0 - start).seconds }
        #expect((270...330).contains(next ?? 0))
    }

    @Test(
        arguments: [
            ([.login: -100], 800.0, 200.0),
            ([.login: -1_000, .session: -100], 0.0, 200.0),
            ([.login: -600, .session: -1_000], 300.0, 0.0),
            ([.login: -1_000_000_000], 0.0, 0.0),
            ([.login: 5_000, .session: 5_000], 0.0, 0.0),
        ] as [([RunKind: Double], Double, Double)])
    func waitsTheRestOfTheInterval_afterARestart(ages: [RunKind: Double], login: Double, session: Double) {
        let schedule = schedule(target(lastRun: ages.mapValues { wall + .seconds($0) }))
        #expect(schedule.nextRun(of: "a", .login) == after(login))
        #expect(schedule.nextRun(of: "a", .session) == after(session))
    }

    @Test(arguments: [(-10.0, 20.0), (-100.0, 0.0)])
    func renewsABadLogin_soonAfterARestart(age: Double, expected: Double) {
        var target = target(lastRun: [.login: wall + .seconds(age)])
        target.isLoginBad = true
        #expect(schedule(target).nextRun(of: "a", .login) == after(expected))
    }

    @Test func knowsFromTheState_whetherTheLastLoginWasBad() throws {
        let server = try #require(WebURL("https://a.example"))
        let settings = TargetSettings(
            name: "a", server: server, username: "u", password: nil, redirectURI: TargetSettings.defaultRedirectURI)
        var state = TargetState()
        #expect(!ScheduledTarget(settings, state).isLoginBad)
        state.ended(.login, .healthy, startedAt: wall)
        #expect(!ScheduledTarget(settings, state).isLoginBad)
        state.ended(.login, .failed, startedAt: wall + .seconds(900))
        #expect(ScheduledTarget(settings, state).isLoginBad)
    }

    @Test func repeatsAFailedRun_onceAfterAMinute() {
        var schedule = schedule(target(session: 10_000))
        #expect(schedule.due(at: start) == [login])
        schedule.finished(login, .failed, at: after(5))
        #expect(schedule.nextWake() == after(65))
        #expect(schedule.due(at: after(64.9)).isEmpty)
        #expect(schedule.due(at: after(65)) == [login])
        schedule.finished(login, .failed, at: after(70))
        let regular = schedule.nextRun(of: "a", .login)
        #expect(((regular ?? start) - start) >= .seconds(810))
        #expect(schedule.due(at: regular ?? start) == [login])
        schedule.finished(login, .failed, at: (regular ?? start) + .seconds(5))
        #expect(schedule.nextWake() == (regular ?? start) + .seconds(65))
    }

    @Test func leavesTheRepetitionOut_whenTheRegularRunIsSooner() {
        var schedule = schedule(target(interval: 30, session: 10_000))
        _ = schedule.due(at: start)
        schedule.finished(login, .failed, at: after(1))
        #expect((27...33).contains((schedule.nextWake().map { $0 - start } ?? .zero).seconds))
    }

    @Test func neverOverlapsATarget_andMakesUpForNothing() {
        var schedule = schedule(target(interval: 30, session: 10_000))
        #expect(schedule.due(at: start) == [login])
        #expect(schedule.due(at: after(500)).isEmpty)
        #expect(schedule.nextWake() == nil)
        schedule.finished(login, .settled, at: after(500))
        #expect(schedule.due(at: after(500)).isEmpty)
        let next = schedule.nextWake() ?? start
        #expect(next > after(500) && next <= after(530))
        #expect(schedule.due(at: after(100_000)) == [login])
    }

    @Test func runsOneAtATime_atOneIssuer_inTheOrderOfWaiting() {
        var schedule = schedule(
            target("a", issuer: "i"), target("b", issuer: "i"), target("c", issuer: "i"), target("d"))
        #expect(schedule.due(at: after(10)).map(\.target) == ["a", "d"])
        #expect(schedule.nextWake() == nil)
        schedule.finished(login, .settled, at: after(11))
        #expect(schedule.due(at: after(11)).map(\.target) == ["b"])
        schedule.finished(Job(target: "b", kind: .login), .settled, at: after(12))
        #expect(schedule.due(at: after(12)).map(\.target) == ["c"])
    }

    @Test func keysByTheIssuer_onceARunHasMetIt() {
        var schedule = schedule(target("a", session: 10_000), target("b", session: 10_000))
        #expect(schedule.due(at: after(1)).count == 2)
        schedule.finished(login, .settled, at: after(2), issuer: "i")
        schedule.finished(Job(target: "b", kind: .login), .settled, at: after(2), issuer: "i")
        #expect(schedule.due(at: after(2_000)).count == 1)
    }

    @Test func runsNoMoreThanTheLimit() {
        var schedule = Schedule(
            targets: (0..<100).map { target("t\($0)") }, at: start, wallTime: wall, random: SeededGenerator(seed: 1))
        let first = schedule.due(at: after(60))
        #expect(first.count == 32)
        #expect(schedule.due(at: after(61)).isEmpty)
        #expect(schedule.nextWake() == nil)
        schedule.finished(first[0], .settled, at: after(62))
        #expect(schedule.due(at: after(62)).count == 1)
        #expect(schedule.running.count == 32)
    }

    @Test func waits_whenTheServerAsksForIt_butNoLongerThanAnHour() {
        var schedule = schedule(target())
        _ = schedule.due(at: start)
        schedule.finished(login, .failed, at: after(1), notBefore: .seconds(600))
        #expect(schedule.nextWake() == after(601))
        #expect(schedule.due(at: after(600)).isEmpty)
        #expect(schedule.due(at: after(601)) == [login])
        schedule.finished(login, .settled, at: after(602), notBefore: .seconds(Int64.max))
        #expect(schedule.nextWake() == after(602 + 3_600))
    }

    @Test(arguments: [(3, 900, 1_000), (600, 900, 100), (100, 20, 200)])
    func spreadsTheFirstRuns(count: Int, interval: Int, gap: Int) {
        let schedule = Schedule(
            targets: (0..<count).map { target("t\($0)", interval: interval) }, at: start, wallTime: wall)
        let starts = (0..<count).compactMap { schedule.nextRun(of: "t\($0)", .login) }
        #expect(starts == (0..<count).map { start + .milliseconds(gap * $0) })
    }

    @Test func tellsHowLateItIs() {
        var schedule = schedule(target())
        #expect(schedule.lag(at: after(3)) == .seconds(3))
        _ = schedule.due(at: after(3))
        #expect(schedule.lag(at: after(1_000)) == .zero)
        schedule.finished(login, .settled, at: after(4))
        #expect(schedule.lag(at: after(5)) == .zero)
    }

    @Test func ignoresAnEnd_thatItDoesNotKnow() {
        var schedule = schedule(target())
        _ = schedule.due(at: start)
        schedule.finished(session, .settled, at: after(1))
        schedule.finished(Job(target: "x", kind: .login), .settled, at: after(1))
        #expect(schedule.running == [login])
    }

    @Test func keepsTimesAndRuns_overAReload() {
        var schedule = schedule(target("a"), target("b"), target("c"))
        #expect(schedule.due(at: after(2)).map(\.target) == ["a", "b", "c"])
        schedule.finished(Job(target: "b", kind: .login), .settled, at: after(3))
        let b = schedule.nextRun(of: "b", .login)
        schedule.update(targets: [target("b"), target("d")], at: after(4), wallTime: wall)
        #expect(schedule.nextRun(of: "b", .login) == b)
        #expect(schedule.due(at: after(4)) == [Job(target: "d", kind: .login)])
        #expect(schedule.running.map(\.target) == ["a", "c", "d"])
        schedule.finished(login, .failed, at: after(5))
        #expect(schedule.nextRun(of: "a", .login) == nil)
        schedule.update(targets: [target("b", interval: 30), target("c")], at: after(6), wallTime: wall)
        #expect(schedule.nextRun(of: "b", .login) == after(36))
        schedule.finished(Job(target: "c", kind: .login), .settled, at: after(7))
        #expect(schedule.nextRun(of: "c", .login) != nil)
    }

    @Test(
        arguments: [
            ([], .settled),
            ([Finding(.tokenStatus, nil, "500")], .failed),
            ([Finding(.authenticationRejected, nil, "no")], .settled),
            ([Finding(.mcpNoToken, .insecure, "open")], .settled),
            ([Finding(.monitorNetwork, nil, "down")], .settled),
            ([Finding(.mcpTools, nil, "none")], .settled),
        ] as [([Finding], Ending)])
    func callsForARepetition_onlyWhereItHelps(findings: [Finding], ending: Ending) {
        var record = RunRecord(
            target: "a", kind: .login, serverURL: "", username: "", clientName: "", startedAt: wall)
        record.findings = findings
        #expect(Ending(record) == ending)
    }

    @Test func doesNotWait_whenALoginIsHastened() {
        var schedule = schedule(target())
        #expect(schedule.due(at: start) == [login])
        schedule.hasten("a", at: after(1))
        #expect(schedule.nextWake() == nil)
        schedule.finished(login, .settled, at: after(2))
        #expect(schedule.nextRun(of: "a", .login) ?? start > after(2))
        schedule.hasten("a", at: after(3))
        schedule.hasten("unknown", at: after(3))
        #expect(schedule.due(at: after(3)) == [login])
    }

    @Test func callsARunStalled_thatIsLongerThanItMayBe_andStillThereAMinuteLater() {
        var target = target()
        target.patience = .seconds(100)
        var schedule = schedule(target)
        #expect(schedule.due(at: start) == [login])
        #expect(schedule.stalled(at: after(100)).isEmpty)
        // After a suspend the first look may be hours late: the run has its minute all the same.
        #expect(schedule.stalled(at: after(10_000)).isEmpty)
        #expect(schedule.stalled(at: after(10_059)).isEmpty)
        #expect(schedule.stalled(at: after(10_060)) == [login])
        schedule.finished(login, .failed, at: after(10_061))
        #expect(schedule.stalled(at: after(10_061)).isEmpty)
        #expect(schedule.due(at: after(20_000)) == [login])
        #expect(schedule.stalled(at: after(20_100)).isEmpty)
    }
}
