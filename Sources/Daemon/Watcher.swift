import Health
import Logging
import Metrics
import Scheduling
import Synchronization
import Systemd
import StateStore
import WatchCore

/// Runs what is due, and passes on how it went.
actor Watcher {
    /// What ends a wait.
    private enum Event: Sendable {
        case tick
        /// The timer of this moment.
        case timer(Instant)
        case finished(Job, RunEnd)
    }

    private var schedule: Schedule
    private var runners: [String: TargetRunner]
    private let board: Board
    private let manager: ServiceManager
    private let clock: any WatchClock
    private let log: Logger
    /// Told after each round of the schedule; must not wait.
    private let onRound: @Sendable () -> Void
    private let events = AsyncStream.makeStream(of: Event.self)
    private var shownStatus = ""
    private var timers = LoopTimers()

    init(
        schedule: Schedule, runners: [String: TargetRunner], board: Board, manager: ServiceManager,
        clock: any WatchClock, log: Logger, onRound: @escaping @Sendable () -> Void = {}
    ) {
        self.onRound = onRound
        self.schedule = schedule
        self.runners = runners
        self.board = board
        self.manager = manager
        self.clock = clock
        self.log = log
    }

    /// Takes another list of targets; those that stay keep their times, and runs that go on end as they are.
    ///
    /// - Parameters:
    ///   - plans: all targets.
    ///   - fresh: runners of those that are new or changed.
    ///   - hasten: targets whose login is to come as soon as it may.
    func update(_ plans: [ScheduledTarget], _ fresh: [TargetRunner], hasten: [String]) {
        let names = Set(plans.map(\.name))
        runners = runners.filter { names.contains($0.key) }
        for runner in fresh { runners[runner.target.name] = runner }
        schedule.update(targets: plans, at: clock.now, wallTime: clock.wallTime)
        for name in hasten { schedule.hasten(name, at: clock.now) }
        applyPauses()
    }

    /// The names of the targets that are watched, sorted.
    var targets: [String] { runners.keys.sorted() }

    /// What a target's next run goes by; nil for an unknown one.
    func settings(of target: String) -> TargetSettings? { runners[target]?.target }

    /// Works until the task is cancelled; then waits for the runs that are under way, which end early.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                beginDueRuns(in: &group)
                tellSystemd()
                onRound()
                switch await nextEvent() {
                case .finished(let job, let end):
                    schedule.finished(job, end.ending, at: clock.now, notBefore: end.notBefore, issuer: end.issuer)
                case .timer(let moment): timers.rang(moment)
                case .tick, nil: break
                }
            }
            timers.cancel()
            group.cancelAll()
        }
    }

    /// Runs a target's login as soon as its server and its budgets allow; an unknown target changes nothing.
    func hasten(_ target: String) {
        schedule.hasten(target, at: clock.now)
        events.continuation.yield(.tick)
    }

    /// Until when a target's password is not submitted, because it was rejected again and again.
    ///
    /// - Returns: nil when it may be at once, or the target is unknown.
    func passwordRests(of target: String) async -> WallTime? {
        guard let runner = runners[target] else { return nil }
        let allowed = runner.target.budgets.rejectedLoginsPerDay
        return await runner.memory.state.login.nextSubmission(allowedPerDay: allowed, now: clock.wallTime)
    }

    /// Begins no run of the targets that the operator paused, as the board has it, and lets the others go on.
    func applyPauses() {
        let (holds, now, wallTime) = (board.view.holds, clock.now, clock.wallTime)
        for name in runners.keys {
            let pause = holds.hold(.pause, of: name, at: wallTime)
            schedule.pause(name, until: pause.map { now + ($0.until - wallTime) } ?? now)
        }
        events.continuation.yield(.tick)
    }

    private func beginDueRuns(in group: inout DiscardingTaskGroup) {
        let now = clock.now
        for job in schedule.due(at: now) {
            guard let runner = runners[job.target] else { continue }
            let finished = events.continuation
            group.addTask {
                let end = await runner.run(job.kind)
                finished.yield(.finished(job, end))
            }
        }
        board.update { $0.daemon.schedulerLag = schedule.lag(at: now) }
    }

    /// The next finished run, or a tick when something is due or systemd wants to hear from us.
    private func nextEvent() async -> Event? {
        let now = clock.now
        let pulse = now + (manager.watchdogInterval.map { $0 / 3 } ?? .seconds(60))
        timers.set(for: min(schedule.nextWake() ?? pulse, pulse), by: clock) { [events] moment in
            events.continuation.yield(.timer(moment))
        }
        return await withTaskCancellationHandler {
            var iterator = events.stream.makeAsyncIterator()
            return await iterator.next()
        } onCancel: { [events] in
            events.continuation.yield(.tick)
        }
    }

    /// The watchdog is fed from here only: a schedule that stands still starves it, be it that nothing comes here any
    /// more, be it that a run does not end.
    private func tellSystemd() {
        let stalled = schedule.stalled(at: clock.now)
        let complaint = stalled.isEmpty ? nil : Self.complaint(stalled)
        if let complaint, board.view.problems[.schedule] != complaint {
            log.tell(.scheduleStalled, .critical, complaint, ["runs": stalled.map(\.target).joined(separator: ", ")])
        }
        board.update { $0.problems[.schedule] = complaint }
        if stalled.isEmpty { manager.tell([.watchdog]) }
        tellStatus()
    }

    /// Tells the service manager how things stand, if it has heard something else last.
    func tellStatus() {
        let view = board.view
        let problems = view.problems.sorted { $0.key < $1.key }.map(\.value)
        let status = HealthPage.status(view.targets.map(\.health), problems: problems)
        if status != shownStatus { manager.tell([.status(status)]) }
        shownStatus = status
    }

    private static func complaint(_ stalled: [Job]) -> String {
        let runs = stalled.map { "\($0.target) \($0.kind.rawValue)" }.joined(separator: ", ")
        return "runs do not end: \(runs); the watchdog is not fed any more"
    }
}
