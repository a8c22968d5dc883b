import Synchronization

/// A thread that runs tasks, one job after the other, and rings their timers.
///
/// The runtime's pool wakes a thread for each job that one task hands to another, and three for each timer. Tasks that
/// mostly wait for each other are better off on one thread. What must answer in time does not belong here: jobs may write
/// to a log, or work at a large trace.
///
/// The thread ends when the executor is released, which each task that prefers it keeps.
///
/// Source: Swift evolution SE-0417, task executor preference.
package final class TaskThread: TaskExecutor {
    private let agenda = Agenda()

    /// Starts the thread.
    ///
    /// - Throws: `ThreadFailure` when the system gives no further thread.
    package init() throws(ThreadFailure) { try agenda.startThread() }

    package func enqueue(_ job: consuming ExecutorJob) {
        agenda.add(UnownedJob(job), for: self)
    }

    /// The clocks of this machine, whose timers ring on the thread.
    package var clock: any WatchClock { ThreadClock(agenda: agenda) }

    deinit { agenda.close() }
}

private struct ThreadClock: WatchClock {
    let agenda: Agenda
    private let system = SystemClock()

    init(agenda: Agenda) { self.agenda = agenda }

    var now: Instant { system.now }
    var wallTime: WallTime { system.wallTime }

    func sleep(until deadline: Instant) async throws { try await system.sleep(until: deadline) }

    func timer(at deadline: Instant, _ ring: @escaping @Sendable () -> Void) -> WatchTimer {
        let number = agenda.add(Agenda.Alarm(deadline: deadline, ring: ring))
        return WatchTimer { [agenda] in agenda.cancel(number) }
    }
}

/// What the thread has to do, now and later.
private final class Agenda: ThreadWork {
    struct Alarm: Sendable {
        var deadline: Instant
        var ring: @Sendable () -> Void
    }

    private enum Item {
        /// The executor goes with each job: it must outlive the job that runs on it.
        case job(UnownedJob, TaskThread)
        case ring(@Sendable () -> Void)
    }

    private struct Entries {
        var items: [Item] = []
        var alarms: [Int: Alarm] = [:]
        var lastNumber = 0
        var isClosed = false

        /// Makes items of the alarms whose time has come, the earliest first.
        ///
        /// - Returns: when the next one's will have.
        mutating func takeAlarms(at now: Instant) -> Instant? {
            while let (number, alarm) = alarms.min(by: { $0.value.deadline < $1.value.deadline }) {
                guard alarm.deadline <= now else { return alarm.deadline }
                items.append(.ring(alarm.ring))
                alarms[number] = nil
            }
            return nil
        }
    }

    private let entries = Mutex(Entries())
    private let bell = Bell()
    private let clock = SystemClock()
    /// The bell's time stands while the machine sleeps, and that of the alarms goes on: so late at most they ring then.
    private static let longestWait = Duration.seconds(60)

    func add(_ job: UnownedJob, for executor: TaskThread) {
        entries.withLock { $0.items.append(.job(job, executor)) }
        bell.ring()
    }

    /// - Returns: what to cancel it by.
    func add(_ alarm: Alarm) -> Int {
        let number = entries.withLock { entries in
            entries.lastNumber += 1
            entries.alarms[entries.lastNumber] = alarm
            return entries.lastNumber
        }
        bell.ring()
        return number
    }

    func cancel(_ number: Int) { entries.withLock { $0.alarms[number] = nil } }

    func close() {
        entries.withLock { $0.isClosed = true }
        bell.ring()
    }

    func run() {
        while let items = next() {
            for item in items {
                switch item {
                case .job(let job, let executor): job.runSynchronously(on: executor.asUnownedTaskExecutor())
                case .ring(let ring): ring()
                }
            }
        }
    }

    /// Waits for what is to be done next, and takes it; nil when nothing will come any more.
    private func next() -> [Item]? {
        while true {
            let now = clock.now
            let (items, alarm, isClosed) = entries.withLock { entries in
                let alarm = entries.takeAlarms(at: now)
                defer { entries.items = [] }
                return (entries.items, alarm, entries.isClosed)
            }
            if !items.isEmpty { return items }
            if isClosed { return nil }
            bell.wait(atMost: alarm.map { min($0 - now, Self.longestWait) } ?? Self.longestWait)
        }
    }
}
