package import WatchCore

/// What a webhook gets, in the form that its receiver understands.
package enum WebhookBody: String, Sendable, Hashable, CaseIterable {
    /// Our own JSON.
    case oauthwatch
    /// An incoming webhook of Slack, Mattermost or Rocket.Chat.
    case slack
    /// ntfy's JSON; the topic is the last part of the URL's path.
    case ntfy

    /// The body.
    ///
    /// - Parameters:
    ///   - notifications: one; more make a digest.
    ///   - topic: ntfy's.
    package func json(_ notifications: [Notification], topic: String = "") -> JSON {
        switch self {
        case .oauthwatch:
            guard notifications.count > 1 else { return notifications.first?.json ?? .null }
            return [
                "version": 1, "key": .string(Self.digestKey(notifications)), "event": "digest",
                "text": .string(Self.text(notifications)), "notifications": .array(notifications.map(\.json)),
            ]
        case .slack: return ["text": .string(Self.slackText(notifications))]
        case .ntfy: return ntfy(notifications, topic)
        }
    }

    /// What tells a repetition of the same delivery: of a digest, the key of its first notification and their number.
    package static func digestKey(_ notifications: [Notification]) -> String {
        guard let first = notifications.first, notifications.count > 1 else { return notifications.first?.key ?? "" }
        return "digest-\(notifications.count)-\(first.key)"
    }

    private static func text(_ notifications: [Notification]) -> String {
        guard notifications.count > 1 else { return notifications.first?.text ?? "" }
        return "\(notifications.count) notifications at once:\n" + notifications.map(\.title).joined(separator: "\n")
    }

    /// `&`, `<` and `>` begin something in Slack's texts: a server under test must not call everyone.
    ///
    /// Source: https://docs.slack.dev/messaging/formatting-message-text, escaping text.
    private static func slackText(_ notifications: [Notification]) -> String {
        text(notifications).replacingEach("&", with: "&amp;").replacingEach("<", with: "&lt;")
            .replacingEach(">", with: "&gt;")
    }

    /// Source: https://docs.ntfy.sh/publish/#publish-as-json.
    private func ntfy(_ notifications: [Notification], _ topic: String) -> JSON {
        let isOver = notifications.allSatisfy { $0.event == .resolved || $0.event == .test }
        let isBad = notifications.contains { [.insecure, .failure].contains($0.symptom.severity) }
        let title = notifications.count > 1 ? "\(notifications.count) notifications" : notifications.first?.title ?? ""
        return [
            "topic": .string(topic), "title": .string(title), "message": .string(Self.text(notifications)),
            "priority": .integer(isOver ? 3 : isBad ? 5 : 4),
            "tags": .array([.string(isOver ? "white_check_mark" : "rotating_light")]),
        ]
    }
}
