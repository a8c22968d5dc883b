import Health
import Logging
import Metrics
import Scheduling
import Synchronization
import Systemd
import WatchCore

/// Runs what is due, and passes on how it went.
actor Watcher {
    /// What ends a wait.
    private enum Event: Sendable {
        case tick
        case finished(Job, RunEnd)
    }

    private var schedule: Schedule
    private let runners: [String: TargetRunner]
    private let board: Board
    private let manager: ServiceManager
    private let clock: any WatchClock
    private let events = AsyncStream.makeStream(of: Event.self)
    private var shownStatus = ""

    init(
        schedule: Schedule, runners: [String: TargetRunner], board: Board, manager: ServiceManager,
        clock: any WatchClock
    ) {
        self.schedule = schedule
        self.runners = runners
        self.board = board
        self.manager = manager
        self.clock = clock
    }

    /// Works until the task is cancelled; then waits for the runs that are under way, which end early.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                beginDueRuns(in: &group)
                tellSystemd()
                let event = await nextEvent()
                if case .finished(let job, let end)? = event {
                    schedule.finished(job, end.ending, at: clock.now, notBefore: end.notBefore, issuer: end.issuer)
                }
            }
            group.cancelAll()
        }
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
        let wake = min(schedule.nextWake() ?? pulse, pulse)
        let timer = Task { [clock, events] in
            try await clock.sleep(until: wake)
            events.continuation.yield(.tick)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            var iterator = events.stream.makeAsyncIterator()
            return await iterator.next()
        } onCancel: { [events] in
            events.continuation.yield(.tick)
        }
    }

    /// The watchdog is fed from here only: a schedule that stands still starves it.
    private func tellSystemd() {
        let view = board.view
        let problems = view.problems.sorted { $0.key < $1.key }.map(\.value)
        let status = HealthPage.status(view.targets.map(\.health), problems: problems)
        manager.tell(status == shownStatus ? [.watchdog] : [.watchdog, .status(status)])
        shownStatus = status
    }
}
