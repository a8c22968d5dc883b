internal import Synchronization
package import WatchCore

/// Where alerts are kept over restarts.
package protocol AlertMemory: Sendable {
    /// What was last saved; nil when nothing was, or it cannot be read.
    func load() async -> JSON?
    /// Saves all or nothing, and waits until it is on the disk.
    ///
    /// - Returns: what went wrong, in one line; nil when nothing did.
    func save(_ json: JSON) async -> String?
}

/// What holds of the alerts now, for pages and metrics.
package struct AlertView: Sendable {
    /// Open incidents, the oldest first.
    package var incidents: [Incident] = []
    /// Of each sink, in the order of the configuration.
    package var sinks: [SinkView] = []
    /// Why alerts would not outlive a restart; nil when they would.
    package var problem: String?

    /// Nothing is open.
    package init() {}

    /// One sink.
    package struct SinkView: Sendable, Hashable {
        package var name: String
        /// Notifications that wait for it.
        package var waiting = 0
        /// When the oldest of them was noticed.
        package var oldest: WallTime?
        /// Why the last delivery failed; nil after one that did not.
        package var failure: String?
        /// Notifications by what became of them.
        package var counts: [DeliveryResult: Int] = [:]
    }
}

/// What became of a notification at a sink.
package enum DeliveryResult: String, Sendable, Hashable, CaseIterable {
    /// The sink took it.
    case delivered
    /// The sink did not take it; it comes again.
    case failed
    /// There was no room for it; see `Outbox`.
    case dropped
}

/// Runs in, notifications out. Nobody waits for it: runs leave their outcome and go on.
///
/// Whatever is to be told is on the disk before anybody is told, and leaves the disk when a sink took it. So after a
/// `kill -9` at any moment everything arrives, and what arrives twice has the same key.
package actor AlertCenter {
    private enum Event: Sendable {
        case run(Observation)
        case wake
        /// The timer of this moment.
        case timer(Instant)
        case beat
        case ended(Outbox.Delivery, DeliveryFailure?)
        case refreshed(String, DeliveryFailure?)
        case beaten(DeliveryFailure?)
    }

    private let clock: any WatchClock
    private let memory: any AlertMemory
    private let isMuted: @Sendable (String) -> Bool
    private let show: @Sendable (AlertView) -> Void
    /// Whether there is a heartbeat: without one, a round of the schedule wakes nobody here.
    private let wantsBeat = Atomic(false)
    private let events = AsyncStream.makeStream(of: Event.self)
    private var parts: AlertParts
    private var machine: IncidentMachine
    private var outbox: Outbox
    private var view = AlertView()
    private var busy: Set<String> = []
    private var refreshAt: [String: Instant] = [:]
    private var nextBeat = Instant(nanoseconds: .min)
    private var isUnsaved = false
    private var beatIsDue = false
    private var heartbeatFailure: String?
    private var timers = LoopTimers()

    /// The alerts of a daemon, as they were left.
    ///
    /// - Parameters:
    ///   - parts: where notifications go.
    ///   - memory: where alerts are kept.
    ///   - targets: the names of those that are watched; what others suffered is over as far as anybody can know.
    ///   - clock: tells the time.
    ///   - isMuted: whether the operator wants to hear nothing of a target now.
    ///   - show: is told what holds, whenever that changes; it must not wait.
    package init(
        parts: AlertParts, memory: any AlertMemory, targets: Set<String>, clock: any WatchClock,
        isMuted: @escaping @Sendable (String) -> Bool, show: @escaping @Sendable (AlertView) -> Void
    ) async {
        self.parts = parts
        self.memory = memory
        self.clock = clock
        self.isMuted = isMuted
        self.show = show
        let json = await memory.load() ?? .null
        machine = IncidentMachine(
            restoring: json["machine"] ?? .null, thresholds: parts.thresholds, at: clock.now, clock.wallTime)
        outbox = Outbox(
            restoring: json["outbox"] ?? .null, sinks: parts.names, unlimited: parts.unlimited, limits: parts.limits,
            at: clock.now)
        view.sinks = parts.names.map { AlertView.SinkView(name: $0) }
        wantsBeat.store(parts.heartbeat != nil, ordering: .relaxed)
        tell(machine.keep(only: targets, at: clock.wallTime))
        publish()
    }

    /// Leaves a run that has ended; returns at once.
    package nonisolated func observe(_ run: Observation) { events.continuation.yield(.run(run)) }

    /// Says that the schedule goes on; returns at once.
    package nonisolated func beat() {
        if wantsBeat.load(ordering: .relaxed) { events.continuation.yield(.beat) }
    }

    /// Looks again whether there is something to tell, because a silence began or ended; returns at once.
    package nonisolated func wake() { events.continuation.yield(.wake) }

    /// Takes other sinks and another list of targets. What waits for sinks that stay goes on to them.
    package func configure(_ parts: AlertParts, targets: Set<String>) {
        self.parts = parts
        wantsBeat.store(parts.heartbeat != nil, ordering: .relaxed)
        machine.thresholds = parts.thresholds
        outbox.configure(sinks: parts.names, unlimited: parts.unlimited)
        let before = Dictionary(view.sinks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        view.sinks = parts.names.map { before[$0] ?? AlertView.SinkView(name: $0) }
        tell(machine.keep(only: targets, at: clock.wallTime))
        isUnsaved = true
        wake()
    }

    /// Sends a marked test through every sink, past the outbox.
    ///
    /// - Parameter target: the one to name.
    /// - Returns: each sink with what went wrong there; nil when it took the test.
    package func test(target: String) async -> [(sink: String, failure: String?)] {
        let notification = Notification(testing: target, at: clock.wallTime)
        let sinks = parts.sinks
        let failures = await withTaskGroup(of: (String, String?).self) { group in
            for (name, sink) in sinks {
                group.addTask {
                    do throws(DeliveryFailure) {
                        try await sink.deliver([notification])
                        return (name, nil)
                    } catch {
                        return (name, error.message)
                    }
                }
            }
            return await group.reduce(into: [String: String?]()) { $0[$1.0] = .some($1.1) }
        }
        return parts.names.map { ($0, failures[$0] ?? nil) }
    }

    /// Works until the task is cancelled. What is on its way then is given up and comes again after the restart.
    package func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                tell(machine.remind(at: clock.now, clock.wallTime, isMuted: isMuted))
                await save()
                beginDeliveries(in: &group)
                publish()
                handle(await nextEvent())
            }
            timers.cancel()
            group.cancelAll()
        }
    }
}

extension AlertCenter {
    private func handle(_ event: Event?) {
        switch event {
        case .run(let run):
            let before = (machine.trackers, machine.incidents)
            tell(machine.observe(run, isMuted: isMuted))
            if before != (machine.trackers, machine.incidents) { isUnsaved = true }
        case .ended(let delivery, let failure): note(delivery, failure)
        case .refreshed(let sink, let failure):
            busy.remove(sink)
            noteFailure(sink, failure?.message)
        case .beat: beatIsDue = true
        case .beaten(let failure):
            busy.remove(Self.heartbeat)
            if heartbeatFailure != failure?.message { parts.report(Self.heartbeat, failure?.message) }
            heartbeatFailure = failure?.message
        case .timer(let moment): timers.rang(moment)
        case .wake, nil: break
        }
    }

    private func tell(_ notifications: [Notification]) {
        for notification in notifications {
            let takers = parts.names.filter { parts.routes[$0]?.takes(notification) ?? false }
            for (sink, count) in outbox.add(notification, for: takers) { self.count(.dropped, sink, by: count) }
            isUnsaved = true
        }
    }

    private func note(_ delivery: Outbox.Delivery, _ failure: DeliveryFailure?) {
        busy.remove(delivery.sink)
        if let failure {
            outbox.failed(delivery, at: clock.now, wait: failure.wait)
        } else {
            outbox.delivered(delivery, at: clock.now)
            isUnsaved = true
        }
        count(failure == nil ? .delivered : .failed, delivery.sink, by: delivery.notifications.count)
        noteFailure(delivery.sink, failure?.message)
    }

    private func count(_ result: DeliveryResult, _ sink: String, by count: Int) {
        guard let index = view.sinks.firstIndex(where: { $0.name == sink }) else { return }
        view.sinks[index].counts[result, default: 0] += count
    }

    /// Told once when it begins to fail, for another reason, or works again.
    private func noteFailure(_ sink: String, _ message: String?) {
        guard let index = view.sinks.firstIndex(where: { $0.name == sink }), view.sinks[index].failure != message
        else { return }
        view.sinks[index].failure = message
        parts.report(sink, message)
    }

    /// When it cannot be saved everything goes on, from memory.
    private func save() async {
        guard isUnsaved else { return }
        isUnsaved = false
        let (now, wallTime) = (clock.now, clock.wallTime)
        let problem = await memory.save(["machine": machine.json(at: now, wallTime), "outbox": outbox.json(at: now)])
        if problem != nil { isUnsaved = true }
        view.problem = problem
    }

    private func publish() {
        view.incidents = machine.incidents
        for index in view.sinks.indices {
            let waiting = outbox.queues[view.sinks[index].name]?.waiting ?? []
            view.sinks[index].waiting = waiting.count
            view.sinks[index].oldest = waiting.map(\.at).min()
        }
        show(view)
    }
}

extension AlertCenter {
    private static let heartbeat = "heartbeat"

    private func beginDeliveries(in group: inout DiscardingTaskGroup) {
        let now = clock.now
        for name in parts.names where !busy.contains(name) {
            guard let sink = parts.sinks[name] else { continue }
            if let delivery = outbox.next(for: name, at: now) {
                begin(name, in: &group) { failure in
                    .ended(delivery, failure)
                } with: { () throws(DeliveryFailure) in
                    try await sink.deliver(delivery.notifications)
                }
            } else if let interval = sink.refreshInterval, now >= refreshAt[name] ?? now {
                refreshAt[name] = now + interval
                let route = parts.routes[name]
                let active = machine.active(at: clock.wallTime).filter { route?.takes($0) ?? false }
                begin(name, in: &group) { failure in
                    .refreshed(name, failure)
                } with: { () throws(DeliveryFailure) in
                    try await sink.refresh(active)
                }
            }
        }
        if beatIsDue, now >= nextBeat, !busy.contains(Self.heartbeat), let heartbeat = parts.heartbeat {
            beatIsDue = false
            nextBeat = now + Heartbeat.gap
            begin(Self.heartbeat, in: &group) {
                .beaten($0)
            } with: { () throws(DeliveryFailure) in
                try await heartbeat.beat()
            }
        }
    }

    private func begin(
        _ name: String, in group: inout DiscardingTaskGroup,
        end: @escaping @Sendable (DeliveryFailure?) -> Event,
        with body: @escaping @Sendable () async throws(DeliveryFailure) -> Void
    ) {
        busy.insert(name)
        let ended = events.continuation
        group.addTask {
            do throws(DeliveryFailure) {
                try await body()
                ended.yield(end(nil))
            } catch {
                ended.yield(end(error))
            }
        }
    }

    /// The next event, or nil when it is time to look again.
    private func nextEvent() async -> Event? {
        let now = clock.now
        let idle = parts.names.filter { !busy.contains($0) }
        let tries = idle.compactMap { outbox.nextTry(for: $0) }
        let refreshes = idle.compactMap { refreshAt[$0] }
        // A maintenance window ends by itself, and what cannot be saved is tried again.
        let look = now + .seconds(isUnsaved ? 10 : 60)
        let wake = ([look] + tries + refreshes + [machine.nextReminder].compactMap { $0 }).min() ?? look
        timers.set(for: wake, by: clock) { [events] moment in events.continuation.yield(.timer(moment)) }
        return await withTaskCancellationHandler {
            var iterator = events.stream.makeAsyncIterator()
            return await iterator.next()
        } onCancel: { [events] in
            events.continuation.yield(.wake)
        }
    }
}
