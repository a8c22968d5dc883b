import Alerts
import WatchCore

extension ValueType<AlertSettings> {
    /// When to raise alarms, and where they go.
    static let alerts = section(
        AlertSettings(),
        keys: [
            ConfigurationKey(
                "failureThreshold", \.thresholds.failure, .integer(1...100), default: "2",
                "Failing runs in a row until an alert fires; an open door fires at once."),
            ConfigurationKey(
                "successThreshold", \.thresholds.success, .integer(1...100), default: "2",
                "Good runs in a row until it is resolved."),
            ConfigurationKey(
                "firstReminder", \.thresholds.firstReminder, .duration(), default: "4h",
                "From the alert to the first reminder."),
            ConfigurationKey(
                "laterReminders", \.thresholds.laterReminders, .duration(), default: "24h",
                "From one reminder to the next."),
            ConfigurationKey(
                "heartbeat", \.heartbeat, .receiverURL,
                "A dead man's switch: a URL that is fetched while the schedule goes on, at most every 30 s."),
            ConfigurationKey(
                "heartbeatFile", \.heartbeat, .urlFile, "The same, where the URL itself is a secret: a file with it."),
            ConfigurationKey("sinks", \.sinks, .sinks, default: "none", "Where alerts go."),
            ConfigurationKey(
                "maintenance", \.maintenance, .list(of: .maintenanceWindow), default: "none",
                "Times at which no alert is sent."),
        ])
}

extension ValueType<[AlertSettings.Sink]> {
    /// Sinks, each with a name of its own.
    static let sinks = list(of: .sink).checked { sinks, position, decoding in
        let names = sinks.map(\.name)
        for name in Set(names) where names.count(where: { $0 == name }) > 1 {
            decoding.problem(
                at: position, "two sinks are called \"\(name.shown)\"", allowed: "a name of its own for each")
        }
    }
}

extension ValueType<AlertSettings.Sink> {
    /// Where alerts go.
    static let sink = ValueType<SinkDraft>.section(
        SinkDraft(), keys: receiver + route, check: { $0.check(at: $1, &$2) }
    ).map(\.sink)

    private static let receiver: [ConfigurationKey<SinkDraft>] = [
        ConfigurationKey("name", \.name, .targetName, isRequired: true, "What the sink is called in logs and metrics."),
        ConfigurationKey(
            "type", \.type,
            .choice([
                "webhook": .webhook, "alertmanager": .alertmanager, "command": .command, "journal": .journal,
            ]), isRequired: true, "What receives the alerts."),
        ConfigurationKey(
            "url", \.url, .receiverURL, "Of a webhook, or of Alertmanager without `/api/v2/alerts`."),
        ConfigurationKey(
            "urlFile", \.secretURL, .urlFile, "The same, where the URL itself is a secret: a file with it."),
        ConfigurationKey(
            "body", \.body, .choice(["oauthwatch": .oauthwatch, "slack": .slack, "ntfy": .ntfy]),
            default: "oauthwatch", "What a webhook gets: JSON of ours, or what Slack or ntfy understand."),
        ConfigurationKey("labels", \.labels, .texts, default: "none", "Labels to add to alerts for Alertmanager."),
        ConfigurationKey(
            "command", \.command, .list(of: .text),
            "A program and its arguments, run without a shell; it reads the alert as JSON and ends with 0."),
        ConfigurationKey(
            "timeout", \.timeout, .duration(atMost: (.seconds(120), "120s")), default: "10s", "Time for one delivery."),
        ConfigurationKey(
            "headersFile", \.headers, .secretHeadersFile, default: "none",
            "Header fields to send along, `Authorization` among them."),
        ConfigurationKey(
            "caFile", \.caFile, .readablePath, default: "the system's",
            "CA certificates in PEM form to trust instead of the system's."),
        ConfigurationKey(
            "allowNetworks", \.allowNetworks, .list(of: .network), default: "none",
            "Loopback, private and link-local addresses that the URL's name may lead to later on."),
    ]

    private static let route: [ConfigurationKey<SinkDraft>] = [
        ConfigurationKey("targets", \.targets, .list(of: .targetName), default: "all", "Only alerts of these targets."),
        ConfigurationKey(
            "symptoms", \.symptoms, .list(of: .symptom), default: "all but degraded", "Only alerts of these kinds."),
        ConfigurationKey(
            "severities", \.severities, .list(of: .severity), default: "all", "Only alerts of these severities."),
    ]
}

extension ValueType<Symptom> {
    /// What users suffer.
    static let symptom = choice([
        "open-door": .openDoor, "login": .login, "session": .session, "unwatched": .unwatched, "degraded": .degraded,
    ])
}

extension ValueType<Severity> {
    /// The severity of an alert.
    static let severity = choice([
        "insecure": .insecure, "failure": .failure, "inconclusive": .inconclusive, "warning": .warning,
    ])
}

extension ValueType<MaintenanceWindow> {
    /// A time at which no alert is sent.
    static let maintenanceWindow = ValueType<WindowDraft>.section(
        WindowDraft(),
        keys: [
            ConfigurationKey(
                "at", \.start, .windowStart, isRequired: true, "When it begins, UTC: a time of day, or a date and time."
            ),
            ConfigurationKey(
                "for", \.length, .duration(atMost: (.seconds(7 * 86_400), "7d")), isRequired: true, "How long it lasts."
            ),
            ConfigurationKey(
                "days", \.days, .list(of: .weekday), default: "all", "On which days, with a time of day."),
            ConfigurationKey("targets", \.targets, .list(of: .targetName), default: "all", "Only for these targets."),
            ConfigurationKey("reason", \.reason, .text, default: "none", "Why."),
        ], check: { $0.check(at: $1, &$2) }
    ).map(\.window)
}

extension ValueType<MaintenanceWindow.Start> {
    /// A time of day or a moment, UTC.
    static let windowStart = ValueType(
        scalar: "a time of day in quotes or a moment, UTC: \"02:00\" or 2026-12-01T02:00:00Z", shape: .text()
    ) { json in
        guard let text = json.string else { return nil }
        if let moment = WallTime(iso8601: text) { return .at(moment) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return .weekly(days: [], minute: hour * 60 + minute)
    }
}

extension ValueType<Int> {
    /// A day of the week; 0 is Sunday.
    static let weekday = choice(["sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6])
}
