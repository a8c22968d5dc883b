/// A step of the flow, in the order in which a client takes them; the raw value is its stable id.
package enum Step: String, Sendable, Hashable, CaseIterable, Comparable {
    case challenge, discovery, registration, authorization, authentication, token, mcp, refresh, session
    case guarding = "guard"
    case revocation

    package static func < (a: Step, b: Step) -> Bool { a.position < b.position }

    private var position: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }

    /// By the case: the standard library would make the raw value each time and hash that.
    package func hash(into hasher: inout Hasher) { withUnsafeBytes(of: self) { hasher.combine(bytes: $0) } }
}

/// How a step ended.
package enum Outcome: String, Sendable, Hashable, CaseIterable {
    case passed, failed, skipped, inconclusive
}

/// What kind of run it was.
package enum RunKind: String, Sendable, Hashable, CaseIterable {
    /// The whole flow, from nothing to tokens.
    case login
    /// The kept session used, and refreshed when due.
    case session
    /// Deliberate wrong requests.
    case guarding = "guard"
}

/// The result of one step.
package struct StepResult: Sendable, Hashable {
    package var step: Step
    package var outcome: Outcome
    package var duration: Duration
    /// Status of the step's last HTTP answer; nil when none came.
    package var status: Int?

    /// The result of one step.
    package init(step: Step, outcome: Outcome, duration: Duration, status: Int? = nil) {
        self.step = step
        self.outcome = outcome
        self.duration = duration
        self.status = status
    }
}
