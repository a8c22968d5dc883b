/// How much a finding weighs, from nothing to worst.
package enum Severity: String, Sendable, Hashable, CaseIterable {
    case info, warning, inconclusive, failure, insecure
}

/// What a run, or a target, comes to. The order is from best to worst.
package enum Verdict: String, Sendable, Hashable, CaseIterable, Comparable {
    case healthy, degraded, inconclusive, failed, insecure

    /// The worst that the findings say; healthy when there are none.
    package init(_ findings: [Finding]) {
        self = findings.reduce(.healthy) { max($0, $1.verdict) }
    }

    /// The verdict that one finding of this severity causes.
    package init(_ severity: Severity) {
        self =
            switch severity {
            case .info: .healthy
            case .warning: .degraded
            case .inconclusive: .inconclusive
            case .failure: .failed
            case .insecure: .insecure
            }
    }

    package static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }

    /// Whether users can log in and stay logged in: healthy or degraded.
    package var isGood: Bool { self <= .degraded }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Whose part it is that misbehaves.
package enum Layer: String, Sendable, Hashable, CaseIterable {
    case monitor, edge, authorizationServer = "authorization-server", resourceServer = "resource-server"
}

/// Something that a check found. All text in it is meant for people and must be free of secrets once a
/// `Redactor` has seen it.
package struct Finding: Sendable, Hashable {
    package var check: CheckID
    package var step: Step
    package var severity: Severity
    package var layer: Layer
    /// One line: what is wrong.
    package var message: String
    /// What was seen that proves it; may be empty.
    package var evidence: String
    /// What the operator can do.
    package var remedy: String

    /// A finding; step, remedy and source come from the check unless given.
    ///
    /// - Parameters:
    ///   - check: the check that found it.
    ///   - severity: how much it weighs; nil takes the check's own.
    ///   - message: one line, what is wrong.
    ///   - evidence: what proves it.
    ///   - remedy: what to do; nil takes the check's own.
    ///   - step: the step to blame; nil takes the check's own.
    ///   - layer: whose part misbehaves; nil takes the check's own.
    package init(
        _ check: CheckID, _ severity: Severity?, _ message: String, evidence: String = "", remedy: String? = nil,
        step: Step? = nil, layer: Layer? = nil
    ) {
        self.check = check
        self.step = step ?? check.step
        self.severity = severity ?? check.severity
        self.layer = layer ?? check.layer
        self.message = message
        self.evidence = evidence
        self.remedy = remedy ?? check.remedy
    }

    /// The verdict that this finding causes by itself. An inconclusive guard causes none: the flow went on without it.
    package var verdict: Verdict {
        step == .guarding && severity == .inconclusive ? .healthy : Verdict(severity)
    }

    /// A finding of the check's own severity, at its own step.
    package init(_ check: CheckID, _ message: String, evidence: String = "", remedy: String? = nil) {
        self.init(check, check.severity, message, evidence: evidence, remedy: remedy)
    }

    /// The standard that the check rests on.
    package var source: String { check.source }
}
