import Synchronization
import Testing
import WatchCore

@testable import Alerts

@Suite struct AlertCenterTests {
    @Test func tellsNobody_beforeItIsOnTheDisk_andForgetsWhatArrived() async throws {
        let stage = Stage()
        let center = await stage.center(["s": stage.sink("s")])
        let running = Task { await center.run() }
        for _ in 0..<2 { center.observe(Scene().observation("a", .login, [Scene.outage])) }
        await stage.log.wait { $0.contains("s took firing") && $0.last == "saved waiting=0 open=1" }
        running.cancel()
        await running.value
        let entries = stage.log.entries
        let saved = try #require(entries.firstIndex(of: "saved waiting=1 open=1"))
        let told = try #require(entries.firstIndex(of: "s took firing"))
        #expect(saved < told)
    }

    @Test func goesOn_whereAKilledProcessLeftOff() async {
        let stage = Stage()
        // The first process is ended before its sink answers.
        let first = await stage.center(["s": HangingSink(log: stage.log)])
        let running = Task { await first.run() }
        for _ in 0..<2 { first.observe(Scene().observation("a", .login, [Scene.outage])) }
        await stage.log.wait { $0.contains("hangs") }
        running.cancel()
        await running.value
        let second = await stage.center(["s": stage.sink("s")])
        let again = Task { await second.run() }
        await stage.log.wait { $0.contains("s took firing") }
        for _ in 0..<2 { second.observe(Scene().observation("a", .login, [])) }
        await stage.log.wait { $0.contains("s took resolved") }
        again.cancel()
        await again.value
        #expect(stage.log.entries.count { $0 == "s took firing" } == 1)
    }

    @Test func tellsTheOthers_whileOneSinkHangs() async {
        let stage = Stage()
        let center = await stage.center(["hanging": HangingSink(log: stage.log), "s": stage.sink("s")])
        let running = Task { await center.run() }
        for _ in 0..<2 { center.observe(Scene().observation("a", .login, [Scene.outage])) }
        for _ in 0..<2 { center.observe(Scene().observation("a", .login, [])) }
        await stage.log.wait { $0.contains("s took resolved") }
        running.cancel()
        await running.value
    }

    @Test func tellsAllTheSame_whenTheDiskIsFull_andSaysSo() async {
        let stage = Stage(problem: "No space left on device")
        let center = await stage.center(["s": stage.sink("s")])
        let running = Task { await center.run() }
        for _ in 0..<2 { center.observe(Scene().observation("a", .login, [Scene.outage])) }
        await stage.log.wait { $0.contains("s took firing") }
        running.cancel()
        await running.value
        #expect(stage.shown?.problem == "No space left on device")
    }

    @Test func countsWhatBecameOfEachNotification_andReportsAFailureOnce() async {
        let stage = Stage()
        let center = await stage.center(["s": FailingSink()])
        let running = Task { await center.run() }
        for _ in 0..<2 { center.observe(Scene().observation("a", .login, [Scene.outage])) }
        await stage.log.wait { $0.contains("report s: it is broken") }
        running.cancel()
        await running.value
        #expect(stage.shown?.sinks.first?.counts[.failed] == 1)
        #expect(stage.shown?.sinks.first?.waiting == 1)
    }

    @Test func resolvesWhatAReloadRemoves_atTheSinksThatStay() async {
        let stage = Stage()
        let center = await stage.center(["s": stage.sink("s"), "old": stage.sink("old")])
        let running = Task { await center.run() }
        for _ in 0..<2 { center.observe(Scene().observation("a", .login, [Scene.outage])) }
        await stage.log.wait { $0.contains("s took firing") }
        await center.configure(stage.parts(["s": stage.sink("s")]), targets: ["b"])
        await stage.log.wait { $0.contains("s took resolved") }
        running.cancel()
        await running.value
        #expect(stage.shown?.sinks.map(\.name) == ["s"])
    }

    @Test func resolvesAtTheStart_whatWasRemovedWhileNothingRan() async {
        let stage = Stage()
        let first = await stage.center(["s": stage.sink("s")])
        let running = Task { await first.run() }
        for _ in 0..<2 { first.observe(Scene().observation("a", .login, [Scene.outage])) }
        await stage.log.wait { $0.contains("s took firing") && $0.last == "saved waiting=0 open=1" }
        running.cancel()
        await running.value
        let second = await stage.center(["s": stage.sink("s")], targets: ["b"])
        let again = Task { await second.run() }
        await stage.log.wait { $0.contains("s took resolved") && $0.last == "saved waiting=0 open=0" }
        again.cancel()
        await again.value
    }

    @Test func triesEverySink_andSaysWhichFailed() async {
        let stage = Stage()
        let center = await stage.center(["bad": FailingSink(), "s": stage.sink("s")])
        let results = await center.test(target: "a")
        #expect(results.map(\.sink) == ["bad", "s"])
        #expect(results.map(\.failure) == ["it is broken", nil])
        #expect(stage.log.entries == ["s took test"])
    }
}

/// What a center works with, and what came of it.
final class Stage: Sendable {
    let log = EventLog()
    private let memory: StageMemory
    private let view = Mutex<AlertView?>(nil)

    init(problem: String? = nil) { memory = StageMemory(log: log, problem: problem) }

    var shown: AlertView? { view.withLock { $0 } }

    func sink(_ name: String) -> any AlertSink { TakingSink(name: name, log: log) }

    func parts(_ sinks: [String: any AlertSink]) -> AlertParts {
        var settings = AlertSettings()
        settings.sinks = sinks.keys.sorted().map { AlertSettings.Sink(name: $0, kind: .journal) }
        return AlertParts(settings, report: { [log] in log.add("report \($0): \($1 ?? "well")") }) { settings in
            sinks[settings.name] ?? FailingSink()
        }
    }

    /// A center with these sinks, over what an earlier one saved.
    func center(_ sinks: [String: any AlertSink], targets: Set<String> = ["a"]) async -> AlertCenter {
        await AlertCenter(
            parts: parts(sinks), memory: memory, targets: targets,
            clock: FixedClock(wallTime: WallTime(seconds: 1_800_000_000)),
            isMuted: { _ in false }, show: { [self] shown in view.withLock { $0 = shown } })
    }
}

/// What happened, in order; tests wait for it instead of for time.
final class EventLog: Sendable {
    private struct State {
        var entries: [String] = []
        var waiting: [(([String]) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var entries: [String] { state.withLock { $0.entries } }

    func add(_ entry: String) {
        let done = state.withLock { state in
            state.entries.append(entry)
            let done = state.waiting.filter { $0.0(state.entries) }
            state.waiting.removeAll { $0.0(state.entries) }
            return done
        }
        done.forEach { $0.1.resume() }
    }

    /// Returns when the entries are as wanted.
    func wait(until isFine: @escaping @Sendable ([String]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if isFine(state.entries) { return true }
                state.waiting.append((isFine, continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }
}

private final class StageMemory: AlertMemory {
    private let kept = Mutex<JSON?>(nil)
    private let log: EventLog
    private let problem: String?

    init(log: EventLog, problem: String?) {
        self.log = log
        self.problem = problem
    }

    func load() async -> JSON? { kept.withLock { $0 } }

    func save(_ json: JSON) async -> String? {
        if let problem { return problem }
        kept.withLock { $0 = json }
        let waiting = json["outbox"]?["waiting"]?.array?.count ?? -1
        let open = json["machine"]?["incidents"]?.array?.count ?? -1
        log.add("saved waiting=\(waiting) open=\(open)")
        return nil
    }
}

private struct TakingSink: AlertSink {
    let name: String
    let log: EventLog

    func deliver(_ notifications: [Notification]) async throws(DeliveryFailure) {
        for notification in notifications { log.add("\(name) took \(notification.event)") }
    }
}

private struct HangingSink: AlertSink {
    let log: EventLog

    func deliver(_ notifications: [Notification]) async throws(DeliveryFailure) {
        log.add("hangs")
        // Until the center is stopped, which cancels it.
        try? await Task.sleep(for: .seconds(86_400))
        throw DeliveryFailure("given up")
    }
}

private struct FailingSink: AlertSink {
    func deliver(_ notifications: [Notification]) async throws(DeliveryFailure) {
        throw DeliveryFailure("it is broken")
    }
}
