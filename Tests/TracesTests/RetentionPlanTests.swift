import Testing
import WatchCore

@testable import Traces

struct RetentionPlanTests {
    private static let now = WallTime(nanoseconds: 1_800_000_000_000_000_000)
    private static let hour = 3_600.0
    private static let day = 86_400.0

    private let settings = TraceSettings(directory: "/traces")

    /// A trace that began so many seconds ago.
    private func trace(
        _ age: Double, _ verdict: Verdict? = .healthy, size: Int = 1_000, target: String = "a", packed: Bool = true,
        kind: RunKind? = nil
    ) -> TraceEntry {
        var name = TraceName(WallTime(seconds: Self.now.seconds - age))
        name.isCompressed = packed
        return TraceEntry(target: target, name: name, size: size, verdict: verdict, kind: kind)
    }

    private func deleted(_ traces: [TraceEntry], _ settings: TraceSettings? = nil, free: Int? = nil) -> [TraceEntry] {
        RetentionPlan(traces.shuffled(), settings: settings ?? self.settings, now: Self.now, free: free).deletions
    }

    /// Full hours before `now`, which is one.
    private func hourly(_ hours: [Double], minutes: [Double]) -> [TraceEntry] {
        hours.flatMap { hour in minutes.map { trace(hour * Self.hour - $0 * 60) } }
    }

    @Test func keepsEverything_for48Hours() {
        #expect(deleted(hourly([1, 20, 47], minutes: [0, 15, 30, 45])).isEmpty)
    }

    @Test func keepsTheFirstHealthyOneOfAnHour_afterwards() {
        let old = hourly([60, 61], minutes: [0, 15, 30])
        let gone = deleted(old + [trace(60)])
        #expect(gone == [old[4], old[5], old[1], old[2]])
    }

    @Test func keepsFailingOnes_afterwards_andThoseThatDoNotTell() {
        let old = [Verdict.failed, .insecure, .inconclusive, nil].enumerated().map {
            trace(60 * Self.hour - Double($0.offset), $0.element)
        }
        #expect(deleted(old + [trace(60)]).isEmpty)
    }

    @Test func keepsNothingBeyond30Days_butWhatShowsTheLastFailure() {
        let healthy = trace(40 * Self.day)
        let lastHealthy = trace(39 * Self.day)
        let firstFailing = trace(38 * Self.day, .failed)
        let failing = trace(37 * Self.day, .failed)
        let recovered = trace(36 * Self.day)
        let newest = trace(35 * Self.day, .degraded)
        #expect(
            deleted([healthy, lastHealthy, firstFailing, failing, recovered, newest]) == [healthy, failing, recovered])
    }

    @Test func anEarlierFailure_agesLikeTheRest() {
        let early = [trace(50 * Self.day), trace(49 * Self.day, .failed), trace(48 * Self.day)]
        let late = [trace(20 * Self.day), trace(19 * Self.day, .failed), trace(60)]
        #expect(deleted(early + late) == early)
    }

    /// Sessions that go well between logins that do not are no recovery.
    @Test func keepsWhatShowsTheFailureOfEachKind() {
        func run(_ days: Double, _ kind: RunKind, _ verdict: Verdict = .healthy) -> TraceEntry {
            trace(days * Self.day, verdict, kind: kind)
        }
        let good = [run(40, .login), run(39.9, .session)]
        let outage = [run(39, .login, .failed), run(38.9, .session), run(38, .login, .failed), run(37.9, .session)]
        let last = [run(36, .login, .failed), run(35.9, .session)]
        #expect(Set(deleted(good + outage + last)) == [good[1], outage[1], outage[2], outage[3], last[0]])
    }

    @Test func keepsTheFirstFailingOne_alsoWhenTheFailureBeganInconclusive() {
        let traces = [
            trace(40 * Self.day), trace(39 * Self.day, .inconclusive), trace(38 * Self.day, .failed),
            trace(37 * Self.day, .failed),
        ]
        #expect(deleted(traces) == [traces[3]])
    }

    @Test func aTargetThatAlwaysFailed_keepsItsFirstFailingOne() {
        let failing = [trace(40 * Self.day, .failed), trace(35 * Self.day, .failed), trace(60, .failed)]
        #expect(deleted(failing) == [failing[1]])
    }

    @Test func theLastHealthyOneBeforeAFailure_escapesTheThinning() {
        let hour = hourly([60], minutes: [0, 15, 30])
        let failing = trace(60 * Self.hour - 45 * 60, .failed)
        let later = [trace(59 * Self.hour), trace(50 * Self.hour, .failed), trace(60)]
        #expect(deleted(hour + [failing] + later) == [hour[1]])
    }

    @Test func theOldestGo_whenATargetHasTooManyFiles() {
        var settings = settings
        settings.maxFiles = 3
        let traces = [trace(500), trace(400), trace(300), trace(200, .failed), trace(100)]
        #expect(deleted(traces, settings) == [traces[0], traces[1]])
        settings.maxFiles = 1
        #expect(deleted(traces, settings) == [traces[0], traces[1]])
    }

    @Test func theOldestGo_whenATargetTakesTooMuchRoom() {
        var settings = settings
        settings.maxSize = 2_500
        let traces = [trace(500), trace(400, .failed), trace(300), trace(200, .failed), trace(100)]
        let other = trace(600, target: "b")
        // The earlier failure is the third oldest, but its pair goes last: nothing loose is left, so it goes.
        #expect(deleted(traces + [other], settings) == [traces[0], traces[1]])
    }

    @Test func looseOnesGoBeforePairs() {
        var settings = settings
        settings.maxFiles = 6
        let traces = [
            trace(900), trace(800, .failed), trace(700, .failed), trace(600), trace(500), trace(400, .failed),
            trace(300),
        ]
        #expect(deleted(traces, settings) == [traces[2]])
    }

    @Test func theOldestOfAllGo_whenAllTakeTooMuchRoom() {
        var settings = settings
        settings.maxTotalSize = 3_500
        let a = [trace(500), trace(300), trace(100)]
        let b = [trace(400, target: "b"), trace(200, target: "b"), trace(90, target: "b")]
        #expect(deleted(a + b, settings) == [a[0], b[0], a[1]])
    }

    @Test func theOldestOfAllGo_whenTheDiskIsNearlyFull() {
        var settings = settings
        settings.minFree = 10_000
        let a = [trace(500), trace(300), trace(100)]
        let b = [trace(400, target: "b"), trace(200, target: "b")]
        #expect(deleted(a + b, settings, free: 10_000).isEmpty)
        #expect(deleted(a + b, settings, free: 8_500) == [a[0], b[0]])
        #expect(deleted(a + b, settings, free: 0) == [a[0], b[0], a[1]])
    }

    @Test func theVitalOnesStay_whateverTheLimits() {
        var settings = settings
        (settings.maxFiles, settings.maxSize, settings.maxTotalSize, settings.minFree) = (0, 0, 0, 1 << 40)
        (settings.keep, settings.keepAll) = (.zero, .zero)
        let traces = [trace(500), trace(400), trace(300, .failed), trace(200, .failed), trace(150), trace(100)]
        #expect(Set(deleted(traces, settings, free: 0)) == [traces[0], traces[3], traces[4]])
    }

    @Test func decidingAgain_changesNothing() {
        let traces =
            hourly((40..<80).map(Double.init), minutes: [0, 10, 20, 30, 40, 50]) + [trace(70.1 * Self.hour, .failed)]
        let gone = Set(deleted(traces))
        #expect(!gone.isEmpty)
        #expect(deleted(traces.filter { !gone.contains($0) }).isEmpty)
    }

    @Test func compressesWhatIsOlderThanADay() {
        let traces = [
            trace(60, packed: false), trace(23 * Self.hour, packed: false),
            trace(25 * Self.hour, .failed, packed: false),
            trace(26 * Self.hour), trace(20 * Self.day, packed: false),
        ]
        let plan = RetentionPlan(traces, settings: settings, now: Self.now, free: nil)
        #expect(plan.compressions == [traces[4], traces[2]])
    }
}
