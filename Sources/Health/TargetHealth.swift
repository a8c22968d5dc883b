package import WatchCore

/// How a target stands, over all its runs: pure, findings in, verdict out.
///
/// A finding stands until its check is scored again, by a run of any kind: what was not scored neither raises nor
/// resolves. So a run that ends at an early step leaves the findings of later steps as they were. An inconclusive
/// finding takes no place of a conclusive one of the same check, which still stands.
package struct TargetHealth: Sendable, Hashable {
    /// The target's name.
    package let name: String
    /// The findings that stand, in the order of the flow.
    package private(set) var findings: [Finding] = []
    /// The worst of `findings`; inconclusive before the first run.
    package private(set) var verdict = Verdict.inconclusive
    /// When the verdict became what it is, civil time; nil before the first run.
    package private(set) var since: WallTime?
    /// Whether the last conclusive login run had no failure; nil before it.
    package private(set) var loginSuccess: Bool?

    /// Runs in a row without a conclusion.
    var silence: [RunKind: Silence] = [:]

    /// A target of which nothing is known yet.
    package init(name: String) { self.name = name }

    /// A run has ended.
    ///
    /// - Parameters:
    ///   - record: what it did and found; not one that was stopped from inside.
    ///   - now: civil time, which becomes `since` when the verdict changes.
    package mutating func observe(_ record: RunRecord, at now: WallTime) {
        let standing = findings.filter { !Self.isAnswered($0, by: record) }
        // Within a step the run's own order: it names the cause before what follows from it.
        findings = (record.findings + standing).enumerated().sorted { a, b in
            a.element.step == b.element.step ? a.offset < b.offset : a.element.step < b.element.step
        }.map(\.element)
        listen(to: record, at: now)
        if record.kind == .login && record.verdict != .inconclusive {
            // A kept session that died is no login that failed.
            loginSuccess = !record.findings.contains { $0.severity == .failure && $0.step != .session }
        }
        let verdict = Verdict(findings)
        if since == nil || verdict != self.verdict { since = now }
        self.verdict = verdict
    }

    /// Somebody has settled what a check found: its findings stand no more.
    package mutating func settle(_ check: CheckID, at now: WallTime) {
        guard findings.contains(where: { $0.check == check }) else { return }
        findings.removeAll { $0.check == check }
        let verdict = Verdict(findings)
        if verdict != self.verdict { (self.verdict, since) = (verdict, now) }
    }

    /// The finding to name first: the worst, of those the first one of the flow; nil when all is well.
    package var blamed: Finding? {
        verdict == .healthy ? nil : findings.first { $0.verdict == verdict }
    }

    /// Takes up what was remembered.
    init(
        name: String, findings: [Finding], verdict: Verdict, since: WallTime, loginSuccess: Bool?,
        silence: [RunKind: Silence] = [:]
    ) {
        self.name = name
        self.silence = silence
        self.findings = findings
        self.verdict = verdict
        self.since = since
        self.loginSuccess = loginSuccess
    }

    /// Silence must not look like health: runs that come to no conclusion are news of their own.
    private mutating func listen(to record: RunRecord, at now: WallTime) {
        if record.verdict == .inconclusive {
            silence[record.kind, default: Silence(since: record.startedAt)].runs += 1
        } else {
            silence[record.kind] = nil
        }
        findings.removeAll { $0.check == .monitorUnwatched }
        let longest = silence.filter { $0.value.isTooLong }.max { $0.value.runs < $1.value.runs }
        guard let (kind, silence) = longest else { return }
        let reason = findings.first { $0.severity == .inconclusive }?.message
        findings.insert(silence.finding(kind, because: reason), at: 0)
    }

    private static func isAnswered(_ finding: Finding, by record: RunRecord) -> Bool {
        if record.scored.contains(finding.check) { return true }
        let again = record.findings.filter { $0.check == finding.check }
        if again.isEmpty { return isOver(finding.check, after: record) }
        return finding.severity == .inconclusive || again.contains { $0.severity != .inconclusive }
    }

    /// Whether a check that is about the monitor, so that no answer of the server scores it, is done with: a run could
    /// do its work. The budgets are those of the login.
    private static func isOver(_ check: CheckID, after record: RunRecord) -> Bool {
        guard record.verdict != .inconclusive else { return false }
        return aboutMonitor.contains(check) || (check == .budgetExhausted && record.kind == .login)
    }

    private static let aboutMonitor: Set<CheckID> = [.monitorNetwork, .monitorStopped, .stateWritable]
}
