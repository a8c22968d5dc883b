package import WatchCore

/// Somewhere that notifications go.
package protocol AlertSink: Sendable {
    /// Brings a notification, or several as a digest.
    ///
    /// - Throws: `DeliveryFailure` when it is not sure that they arrived; they come again then.
    func deliver(_ notifications: [Notification]) async throws(DeliveryFailure)
    /// After which time the sink wants to hear again of every incident that is open; nil: never.
    var refreshInterval: Duration? { get }
    /// Tells all open incidents again.
    func refresh(_ active: [Notification]) async throws(DeliveryFailure)
}

extension AlertSink {
    package var refreshInterval: Duration? { nil }
    package func refresh(_ active: [Notification]) async throws(DeliveryFailure) {}
}

/// A sink did not take a notification.
package struct DeliveryFailure: Error, Sendable, Hashable {
    /// One line, without secrets: no URL beyond its origin.
    package var message: String
    /// How long the sink asks to be left alone.
    package var wait: Duration?

    /// A sink did not take a notification.
    package init(_ message: String, wait: Duration? = nil) {
        self.message = message
        self.wait = wait
    }
}

/// Which notifications a sink gets.
package struct AlertRoute: Sendable, Hashable {
    /// Names; nil: of all targets.
    package var targets: Set<String>?
    package var symptoms: Set<Symptom>
    package var severities: Set<Severity>

    /// A route; by default everything but what is only degraded.
    package init(
        targets: Set<String>? = nil, symptoms: Set<Symptom> = Set(Symptom.allCases).subtracting([.degraded]),
        severities: Set<Severity> = Set(Severity.allCases)
    ) {
        self.targets = targets
        self.symptoms = symptoms
        self.severities = severities
    }

    private static func concerned(by notification: Notification) -> ArraySlice<String> {
        notification.targets.prefix(notification.event == .joined ? 1 : notification.targets.count)
    }

    /// Whether a notification goes this way. A test goes every way.
    package func takes(_ notification: Notification) -> Bool {
        if notification.event == .test { return true }
        return symptoms.contains(notification.symptom) && severities.contains(notification.symptom.severity)
            && (targets.map { wanted in Self.concerned(by: notification).contains(where: wanted.contains) } ?? true)
    }
}
