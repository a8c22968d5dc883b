package import WatchCore

/// What was to be told and has not arrived yet, for each sink: pure; the disk and the sinks are somebody else's.
///
/// A notification leaves the outbox when its sink took it, so each arrives at least once; its key tells a repetition. Of
/// one incident a sink gets everything in order. A sink that fails is left alone for a while, longer each time.
package struct Outbox: Sendable {
    /// One sink's part.
    package struct Queue: Sendable {
        /// In the order in which they came.
        package internal(set) var waiting: [Notification] = []
        /// When the sink last took something that counts against its limit.
        var sent: [Instant] = []
        /// Failures since the last success, and when to try again.
        var failures = 0
        var notBefore = Instant(nanoseconds: .min)
        /// Tries of single notifications, so that one that the sink refuses does not keep the others.
        var tries: [String: Int] = [:]
        /// The limit was reached; what waits goes as a digest.
        var isLimiting = false

        init() {}
    }

    /// What goes to a sink in one piece.
    package struct Delivery: Sendable, Hashable {
        package var sink: String
        /// One; more make a digest.
        package var notifications: [Notification]
    }

    /// How much, how often and how much in all.
    package struct Limits: Sendable, Hashable {
        /// Notifications that a sink may get in `window` before the rest becomes a digest; resolves are exempt.
        package var count = 20
        package var window = Duration.seconds(600)
        /// Notifications of one digest.
        package var digestSize = 200
        /// Notifications that wait for one sink; beyond, reminders are dropped, then what has both begun and ended.
        package var capacity = 2_000
        /// The wait after a failure; it doubles with each further one, up to `longestRetry`.
        package var firstRetry = Duration.seconds(2)
        package var longestRetry = Duration.seconds(300)

        /// The defaults.
        package init() {}
    }

    package private(set) var queues: [String: Queue] = [:]
    /// Sinks without a limit: machines that group by themselves.
    private var unlimited: Set<String>
    private let limits: Limits

    /// An empty outbox.
    ///
    /// - Parameters:
    ///   - sinks: their names.
    ///   - unlimited: those that take any number of notifications.
    ///   - limits: how much and how often.
    package init(sinks: [String], unlimited: Set<String> = [], limits: Limits = Limits()) {
        self.unlimited = unlimited
        self.limits = limits
        for sink in sinks { queues[sink] = Queue() }
    }

    /// Puts a notification in, once for each of the sinks.
    ///
    /// - Returns: how many notifications were dropped by each sink for lack of room.
    package mutating func add(_ notification: Notification, for sinks: [String]) -> [String: Int] {
        var dropped: [String: Int] = [:]
        for sink in sinks where queues[sink] != nil {
            queues[sink]?.waiting.append(notification)
            let count = queues[sink]?.makeRoom(limits.capacity) ?? 0
            if count > 0 { dropped[sink] = count }
        }
        return dropped
    }

    /// What a sink is to get now; nil when there is nothing, or it is to be left alone.
    package mutating func next(for sink: String, at now: Instant) -> Delivery? {
        guard var queue = queues[sink], now >= queue.notBefore, !queue.waiting.isEmpty else { return nil }
        defer { queues[sink] = queue }
        let heads = queue.heads()
        queue.sent.removeAll { now - $0 >= limits.window }
        let mayCount = unlimited.contains(sink) || queue.sent.count < limits.count
        if mayCount, queue.isLimiting {
            let digest = Array(queue.waiting.prefix(limits.digestSize))
            if digest.count > 1 { return Delivery(sink: sink, notifications: digest) }
        }
        queue.isLimiting = !mayCount && heads.contains { $0.event != .resolved }
        let ready = heads.filter { mayCount || $0.event == .resolved }
        let chosen = ready.enumerated().min { a, b in
            (queue.tries[a.element.key] ?? 0, a.offset) < (queue.tries[b.element.key] ?? 0, b.offset)
        }
        return chosen.map { Delivery(sink: sink, notifications: [$0.element]) }
    }

    /// A sink took what it was given.
    package mutating func delivered(_ delivery: Delivery, at now: Instant) {
        guard var queue = queues[delivery.sink] else { return }
        let keys = Set(delivery.notifications.map(\.key))
        queue.waiting.removeAll { keys.contains($0.key) }
        keys.forEach { queue.tries[$0] = nil }
        queue.failures = 0
        queue.notBefore = now
        if delivery.notifications.contains(where: { $0.event != .resolved }) { queue.sent.append(now) }
        if queue.waiting.isEmpty { queue.isLimiting = false }
        queues[delivery.sink] = queue
    }

    /// A sink did not take what it was given.
    ///
    /// - Parameters:
    ///   - delivery: what it was given.
    ///   - now: this moment.
    ///   - wait: how long the sink asked to be left alone; nil when it said nothing.
    package mutating func failed(_ delivery: Delivery, at now: Instant, wait: Duration? = nil) {
        guard var queue = queues[delivery.sink] else { return }
        for notification in delivery.notifications { queue.tries[notification.key, default: 0] += 1 }
        let own = min(limits.longestRetry, limits.firstRetry * (1 << min(queue.failures, 10)))
        queue.failures += 1
        queue.notBefore = now + min(max(own, wait ?? .zero), limits.longestRetry)
        queues[delivery.sink] = queue
    }

    /// Other sinks are configured; those that stay keep what waits for them.
    package mutating func configure(sinks: [String], unlimited: Set<String>) {
        self.unlimited = unlimited
        let before = queues
        queues = [:]
        for sink in sinks { queues[sink] = before[sink] ?? Queue() }
    }

    mutating func restoreSent(_ sent: [Instant], for sink: String) { queues[sink]?.sent = sent }

    /// When `next` has something to give to a sink; nil when nothing waits for it.
    package func nextTry(for sink: String) -> Instant? {
        guard let queue = queues[sink], !queue.waiting.isEmpty else { return nil }
        let isLimited = !unlimited.contains(sink) && queue.sent.count >= limits.count
        let allHeld = isLimited && queue.heads().allSatisfy { $0.event != .resolved }
        let room = allHeld ? queue.sent.min().map { $0 + limits.window } : nil
        return max(queue.notBefore, room ?? queue.notBefore)
    }
}

extension Outbox.Queue {
    /// The first that waits of each incident, in the order in which they came.
    func heads() -> [Notification] {
        var seen: Set<String> = []
        return waiting.filter { seen.insert($0.incident).inserted }
    }

    /// Drops what may be dropped until no more than `capacity` wait: the oldest reminders, then incidents of which the
    /// sink never heard and which are over. A resolve whose begin was told stays, and so does what still lasts.
    ///
    /// - Returns: how many were dropped.
    mutating func makeRoom(_ capacity: Int) -> Int {
        let before = waiting.count
        while waiting.count > capacity, let index = waiting.firstIndex(where: { $0.event == .reminder }) {
            waiting.remove(at: index)
        }
        while waiting.count > capacity {
            let begun = Set(waiting.lazy.filter { $0.event == .firing }.map(\.incident))
            let over = waiting.first { $0.event == .resolved && begun.contains($0.incident) }?.incident
            guard let over else { break }
            waiting.removeAll { $0.incident == over }
        }
        return before - waiting.count
    }
}
