package import WatchCore

/// Tells Alertmanager, which groups, silences and forwards by itself. Open incidents are told again and again, for what
/// it does not hear of for some minutes it takes to be over.
///
/// Source: Alertmanager's API v2, `POST /alerts`; its clients' guide on resending and `endsAt`.
package struct AlertmanagerSink: AlertSink {
    /// How long an alert lasts that is not told again.
    private static let life = Duration.seconds(300)

    private let url: WebURL
    private let headers: HTTPFields
    private let labels: [JSON.Member]
    private let transport: any HTTPTransport
    private let clock: any WatchClock

    /// An Alertmanager.
    ///
    /// - Parameters:
    ///   - url: its address; `/api/v2/alerts` is added.
    ///   - headers: further header fields, which may hold secrets.
    ///   - labels: added to each alert.
    ///   - transport: sends the requests.
    ///   - clock: civil time, for `endsAt`.
    package init(
        url: WebURL, headers: HTTPFields, labels: [String: String], transport: any HTTPTransport,
        clock: any WatchClock
    ) {
        var base = url.path
        while base.hasSuffix("/") { base.removeLast() }
        self.url = url.replacingPath("\(base)/api/v2/alerts")
        self.headers = headers
        self.labels = labels.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
        self.transport = transport
        self.clock = clock
    }

    package var refreshInterval: Duration? { .seconds(60) }

    package func deliver(_ notifications: [Notification]) async throws(DeliveryFailure) {
        try await transport.post(.array(notifications.flatMap(alerts)), to: url, headers)
    }

    package func refresh(_ active: [Notification]) async throws(DeliveryFailure) {
        if !active.isEmpty { try await deliver(active) }
    }

    /// An alert for each target, so that one can be silenced there by itself.
    func alerts(_ notification: Notification) -> [JSON] {
        let now = clock.wallTime
        let isOver = notification.event == .resolved
        let end = isOver ? min(notification.at, now) : now + Self.life
        // A clock that was set back must not make an alert end before it began: that would be refused for ever.
        let start = min(notification.since, end + .seconds(-1))
        return notification.targets.map { target in
            [
                "labels": .object(identity(notification, target) + labels),
                "annotations": .object(annotations(notification)),
                "startsAt": .string(start.iso8601), "endsAt": .string(end.iso8601),
            ]
        }
    }

    private func identity(_ notification: Notification, _ target: String) -> [JSON.Member] {
        let words = notification.symptom.rawValue.split(separator: "-").map {
            $0.prefix(1).uppercased() + $0.dropFirst()
        }
        let name = notification.event == .test ? "OauthwatchTest" : "Oauthwatch\(words.joined())"
        let isCritical = [.insecure, .failure].contains(notification.symptom.severity) && notification.event != .test
        return [
            JSON.Member("alertname", .string(name)), JSON.Member("target", .string(target)),
            JSON.Member("symptom", .string(notification.symptom.rawValue)),
            JSON.Member("severity", .string(isCritical ? "critical" : "warning")),
            JSON.Member("incident", .string(notification.incident)),
        ]
    }

    private func annotations(_ notification: Notification) -> [JSON.Member] {
        let facts = notification.facts
        let optional = [
            ("step", facts.step), ("check", facts.check), ("layer", facts.layer), ("trace", facts.trace),
            ("last_good", notification.lastGood?.iso8601Seconds),
            ("changes", facts.changes.isEmpty ? nil : facts.changes.joined(separator: "; ")),
        ]
        return [
            JSON.Member("summary", .string(facts.experience)), JSON.Member("description", .string(notification.text)),
            JSON.Member("remedy", .string(facts.remedy)),
            JSON.Member("first_bad", .string(notification.firstBad.iso8601Seconds)),
        ] + optional.compactMap { name, value in value.map { JSON.Member(name, .string($0)) } }
    }
}
