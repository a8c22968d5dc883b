package import WatchCore

/// One run that has ended, as far as alerts care.
package struct Observation: Sendable {
    package var target: String
    package var kind: RunKind
    /// What the run itself found.
    package var found: [Finding]
    /// What stands of the target after the run, older findings included.
    package var standing: [Finding]
    /// Whether the run found out what it wanted to know.
    package var isConclusive: Bool
    /// Whether the run took no longer than it may: one that a suspend or a stalled machine cut in two blames nobody.
    package var isTrusted = true
    /// Who issues the target's tokens; nil while that is not known.
    package var issuer: String?
    /// The target's time between logins.
    package var interval: Duration
    /// When a run of this kind last began that was good, before this one.
    package var lastGood: WallTime?
    /// The run's trace: a path; nil when it was not written.
    package var trace: String?
    package var now: Instant
    package var wallTime: WallTime

    /// A run that has ended.
    ///
    /// - Parameters:
    ///   - record: what it did and found, with the secrets taken out.
    ///   - standing: the findings that stand after it.
    ///   - interval: time between logins.
    ///   - now: this moment.
    ///   - wallTime: this moment in civil time.
    package init(
        _ record: RunRecord, standing: [Finding], interval: Duration, now: Instant, wallTime: WallTime
    ) {
        target = record.target
        kind = record.kind
        found = record.findings
        self.standing = standing
        isConclusive = record.verdict != .inconclusive
        self.interval = interval
        self.now = now
        self.wallTime = wallTime
    }
}

extension Observation {
    /// What the run says about a symptom.
    enum Evidence {
        case bad(Finding?)
        /// All is well, and this run could have seen otherwise.
        case good
        /// It says nothing.
        case none
    }

    /// What the run says about `symptom`.
    ///
    /// - Parameter kinds: the kinds of run that saw it bad: a login, or another run of those, can see it good.
    func evidence(of symptom: Symptom, seenBy kinds: Set<RunKind>) -> Evidence {
        if symptom == .unwatched { return unwatched }
        // One cause, one alert: beside something worse nobody needs to hear what else is not as it should be.
        if symptom == .degraded, found.contains(where: { [.insecure, .failure].contains($0.severity) }) {
            return .none
        }
        let seen = found.filter { Symptom($0) == symptom }
        if let finding = seen.min(by: { $0.step < $1.step }) { return isTrusted ? .bad(finding) : .none }
        guard isConclusive, kind == .login || kinds.contains(kind) else { return .none }
        guard let old = standing.first(where: { Symptom($0) == symptom }) else { return .good }
        // A session that died is not there to die again: while the finding stands, the death is seen once more.
        return Self.deaths.contains(old.check) && isTrusted ? .bad(old) : .none
    }

    /// Checks that a session answers once in its life.
    private static let deaths: Set<CheckID> = [.sessionRefresh, .sessionClient]

    private var unwatched: Evidence {
        if let finding = standing.first(where: { Symptom($0) == .unwatched }) { return .bad(finding) }
        guard kind == .login else { return .none }
        return isConclusive ? .good : .bad(found.first { $0.severity == .inconclusive })
    }

    /// What changed at the server, as far as it was noticed and not accepted yet.
    var changes: [String] {
        standing.filter { $0.check == .baselineChanged }
            // The evidence tells all changes, the message the first few of them.
            .flatMap {
                $0.evidence.contains($0.message) || $0.evidence.isEmpty ? [$0.message] : [$0.message, $0.evidence]
            }
    }
}
