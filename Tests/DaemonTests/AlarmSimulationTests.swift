import Alerts
import Scheduling
import Testing
import WatchCore

/// Days of a daemon's life in a moment: the schedule says when a run is due, the world says how it goes, the alerts say what is
/// told of it.
@Suite struct AlarmSimulationTests {
    /// The world of one target.
    private struct World {
        var schedule: Schedule
        var machine = IncidentMachine()
        var now = Instant(nanoseconds: 1_000_000_000_000)
        var wallTime = WallTime(seconds: 1_800_000_000)
        var told: [String] = []

        init() {
            let target = ScheduledTarget(
                name: "a", issuer: "https://a.example", interval: .seconds(900), sessionInterval: .seconds(300))
            schedule = Schedule(targets: [target], at: now, wallTime: wallTime, random: Dice())
        }

        mutating func pass(_ duration: Duration) {
            now = now + duration
            wallTime = wallTime + duration
        }

        /// Lives for a while; each run takes two seconds and finds what `find` says.
        mutating func live(_ hours: Double, _ found: [Finding] = []) {
            let end = now + .seconds(hours * 3_600)
            while now < end {
                for job in schedule.due(at: now) {
                    pass(.seconds(2))
                    finish(job, found)
                }
                note(machine.remind(at: now, wallTime, isMuted: { _ in false }))
                let wake = min(schedule.nextWake() ?? end, machine.nextReminder ?? end, end)
                pass(max(wake - now, .milliseconds(1)))
            }
        }

        mutating func finish(_ job: Job, _ found: [Finding], isTrusted: Bool = true) {
            var record = RunRecord(
                target: job.target, kind: job.kind, serverURL: "", username: "", clientName: "", startedAt: wallTime)
            record.findings = found
            var run = Observation(
                record, standing: found, interval: .seconds(900), now: now, wallTime: wallTime)
            run.isTrusted = isTrusted
            note(machine.observe(run, isMuted: { _ in false }))
            schedule.finished(job, Ending(record), at: now)
        }

        mutating func note(_ notifications: [Alerts.Notification]) {
            told += notifications.map { "\($0.event) \($0.symptom.rawValue)" }
        }
    }

    private static let outage = Finding(.tokenStatus, .failure, "answers 500")
    private static let noNetwork = Finding(.monitorNetwork, .inconclusive, "no route")

    @Test(arguments: [-86_400.0, 86_400.0])
    func raisesNothing_whenTheClockIsSet(seconds: Double) {
        var world = World()
        world.live(5)
        world.wallTime = world.wallTime + .seconds(seconds)
        world.live(5)
        #expect(world.told == [])
    }

    @Test(arguments: [-86_400.0, 86_400.0])
    func remindsAsBefore_whenTheClockIsSet_inAnIncident(seconds: Double) {
        var world = World()
        world.live(1, [Self.outage])
        world.wallTime = world.wallTime + .seconds(seconds)
        world.live(2.5, [Self.outage])
        #expect(world.told == ["firing login"])
        world.live(20, [Self.outage])
        #expect(world.told == ["firing login", "reminder login"])
        world.wallTime = world.wallTime + .seconds(-seconds)
        world.live(1)
        #expect(world.told == ["firing login", "reminder login", "resolved login"])
    }

    /// The run that the suspend cut in two fails, and so does the first one after it, before the network is up again.
    @Test func raisesNothing_afterASuspendOfAnHour() {
        var world = World()
        world.live(5)
        while world.schedule.nextWake().map({ $0 > world.now }) ?? false { world.pass(.seconds(1)) }
        let cut = world.schedule.due(at: world.now)
        #expect(!cut.isEmpty)
        world.pass(.seconds(3_600))
        for job in cut { world.finish(job, [Self.outage], isTrusted: false) }
        world.live(0.02, [Self.noNetwork])
        world.live(5)
        #expect(world.told == [])
    }

    @Test func remindsOnce_afterASuspendOfThreeDays_inAnIncident() {
        var world = World()
        world.live(1, [Self.outage])
        world.pass(.seconds(3 * 86_400))
        world.live(3, [Self.outage])
        #expect(world.told == ["firing login", "reminder login"])
    }

    @Test func saysThatNobodyKnows_inAnHourWithoutNetwork_andNothingElse() {
        var world = World()
        world.live(5)
        world.live(0.4, [Self.noNetwork])
        #expect(world.told == [])
        world.live(0.8, [Self.noNetwork])
        #expect(world.told == ["firing unwatched"])
        world.live(1)
        #expect(world.told == ["firing unwatched", "resolved unwatched"])
    }

    /// What users suffer goes on while nobody can see it: it is neither resolved nor told again.
    @Test func keepsAnIncident_throughAnHourWithoutNetwork() {
        var world = World()
        world.live(1, [Self.outage])
        world.live(1.2, [Self.noNetwork])
        #expect(world.told == ["firing login", "firing unwatched"])
        world.live(1, [Self.outage])
        #expect(world.told == ["firing login", "firing unwatched", "resolved unwatched"])
        world.live(1)
        #expect(world.told == ["firing login", "firing unwatched", "resolved unwatched", "resolved login"])
    }
}

/// The same jitter in every run of the tests.
///
/// Source: Knuth, The Art of Computer Programming, volume 2, the MMIX generator.
private struct Dice: RandomNumberGenerator {
    private var state: UInt64 = 7

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
