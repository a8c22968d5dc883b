package import WatchCore

extension Outbox {
    /// What outlives a restart: each notification once, with the sinks that still want it, and how much each sink got
    /// lately.
    ///
    /// - Parameter now: this moment; ages are written down, not moments.
    package func json(at now: Instant) -> JSON {
        var order: [String] = []
        var sinks: [String: [String]] = [:]
        var all: [String: Notification] = [:]
        for (sink, queue) in queues.sorted(by: { $0.key < $1.key }) {
            for notification in queue.waiting {
                if all.updateValue(notification, forKey: notification.key) == nil { order.append(notification.key) }
                sinks[notification.key, default: []].append(sink)
            }
        }
        // In the order of time: queues were gone through one after another.
        let sorted = order.compactMap { all[$0] }.enumerated().sorted { a, b in
            (a.element.at, a.offset) < (b.element.at, b.offset)
        }
        let waiting = sorted.map { item -> JSON in
            let names = sinks[item.element.key] ?? []
            return ["notification": item.element.json, "sinks": .array(names.map { .string($0) })]
        }
        let sent = queues.sorted { $0.key < $1.key }.map { sink, queue in
            JSON.Member(sink, .array(queue.sent.map { .integer(Int((now - $0).seconds)) }))
        }
        return ["waiting": .array(waiting), "sentSecondsAgo": .object(sent)]
    }

    /// The outbox as `json` remembers it. What waits for a sink that is configured no more is dropped.
    ///
    /// - Parameters:
    ///   - json: what `json` gave before the restart.
    ///   - sinks: as for `init`.
    ///   - unlimited: as for `init`.
    ///   - now: this moment.
    package init(restoring json: JSON, sinks: [String], unlimited: Set<String> = [], at now: Instant) {
        self.init(sinks: sinks, unlimited: unlimited)
        for item in json["waiting"]?.array ?? [] {
            guard let notification = item["notification"].flatMap(Notification.init) else { continue }
            _ = add(notification, for: item["sinks"]?.strings ?? [])
        }
        for member in json["sentSecondsAgo"]?.members ?? [] {
            let ages = (member.value.array ?? []).compactMap(\.integer)
            restoreSent(ages.map { now + .seconds(-max(0, $0)) }, for: member.name)
        }
    }
}
