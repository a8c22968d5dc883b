package import WatchCore

extension Outbox {
    /// What outlives a restart: each notification once, what waits for which sink in its order, and how much each sink
    /// got lately. The order is written down as it is: civil time, which may be set back, does not tell it.
    ///
    /// - Parameter now: this moment; ages are written down, not moments.
    package func json(at now: Instant) -> JSON {
        let sorted = queues.sorted { $0.key < $1.key }
        var seen: Set<String> = []
        let waiting = sorted.flatMap(\.value.waiting).filter { seen.insert($0.key).inserted }
        return [
            "waiting": .array(waiting.map(\.json)),
            "order": .object(sorted.map { JSON.Member($0.key, .array($0.value.waiting.map { .string($0.key) })) }),
            "sentSecondsAgo": .object(
                sorted.map { sink, queue in
                    JSON.Member(sink, .array(queue.sent.map { .integer(Int((now - $0).seconds)) }))
                }),
        ]
    }

    /// The outbox as `json` remembers it. What waits for a sink that is configured no more is dropped.
    ///
    /// - Parameters:
    ///   - json: what `json` gave before the restart.
    ///   - sinks: as for `init`.
    ///   - unlimited: as for `init`.
    ///   - limits: as for `init`.
    ///   - now: this moment.
    package init(
        restoring json: JSON, sinks: [String], unlimited: Set<String> = [], limits: Limits = Limits(), at now: Instant
    ) {
        self.init(sinks: sinks, unlimited: unlimited, limits: limits)
        let all = (json["waiting"]?.array ?? []).compactMap(Notification.init)
        let byKey = Dictionary(all.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for member in json["order"]?.members ?? [] {
            for key in member.value.strings ?? [] {
                if let notification = byKey[key] { _ = add(notification, for: [member.name]) }
            }
        }
        for member in json["sentSecondsAgo"]?.members ?? [] {
            let ages = (member.value.array ?? []).compactMap(\.integer)
            restoreSent(ages.map { now + .seconds(-max(0, $0)) }, for: member.name)
        }
    }
}
