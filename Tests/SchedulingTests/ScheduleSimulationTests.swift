import Testing
import WatchCore

@testable import Scheduling

/// Plays a day in no time, with random durations and endings, and checks the rules at every step.
@Suite struct ScheduleSimulationTests {
    private struct Run {
        var job: Job
        var begin: Instant
        var end: Instant
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func keepsItsRules_overADay(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let origin = Instant(nanoseconds: 0)
        let targets = (0..<12).map { index in
            ScheduledTarget(
                name: "t\(index)", issuer: "i\(index % 9)", interval: .seconds(900), sessionInterval: .seconds(300))
        }
        var schedule = Schedule(
            targets: targets, at: origin, wallTime: WallTime(seconds: 0), limit: 4, random: SeededGenerator(seed: seed))
        let issuerOf = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0.issuer) })
        var now = origin
        var underWay: [Run] = []
        var begins: [Job: [Instant]] = [:]
        while now < origin + .seconds(86_400) {
            for job in schedule.due(at: now) {
                let isSlow = job.target == "t0"
                let seconds = isSlow ? 90 : Double.random(in: 0.1...10, using: &random)
                underWay.append(Run(job: job, begin: now, end: now + .seconds(seconds)))
                begins[job, default: []].append(now)
            }
            #expect(underWay.count <= 4)
            let issuers = underWay.map { run in issuerOf[run.job.target] }
            #expect(Set(issuers).count == issuers.count)
            let nextEnd = underWay.map(\.end).min()
            guard let next = [nextEnd, schedule.nextWake()].compactMap({ $0 }).min() else {
                Issue.record("nothing will ever happen again")
                return
            }
            #expect(next > now || next == nextEnd)
            now = max(now, next)
            for run in underWay where run.end <= now {
                schedule.finished(run.job, Bool.random(using: &random) ? .failed : .settled, at: now)
            }
            underWay.removeAll { $0.end <= now }
        }
        for target in targets {
            let logins = begins[Job(target: target.name, kind: .login)] ?? []
            // 96 regular ones in a day, and a repetition of about half of them.
            #expect((115...170).contains(logins.count), "\(target.name): \(logins.count)")
            let gaps = zip(logins, logins.dropFirst()).map { ($1 - $0).seconds }
            #expect(gaps.allSatisfy { $0 >= 60 && $0 <= 1_100 }, "\(target.name)")
            #expect((begins[Job(target: target.name, kind: .session)] ?? []).count > 190, "\(target.name)")
        }
    }
}
