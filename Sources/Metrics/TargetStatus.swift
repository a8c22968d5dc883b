package import WatchCore

/// What holds of a target now, over its runs.
package struct TargetStatus: Sendable, Hashable {
    package var verdict: Verdict
    /// Findings that stand: they do until their check is scored again.
    package var active: [Finding]
    /// The step to blame; nil when nothing is wrong.
    package var blamed: Step?

    /// What holds of a target; without arguments, of one that never ran.
    package init(verdict: Verdict = .inconclusive, active: [Finding] = [], blamed: Step? = nil) {
        self.verdict = verdict
        self.active = active
        self.blamed = blamed
    }
}

/// When the last run of each kind began, and the last of those that came to something.
package struct RunMoments: Sendable, Hashable {
    package var lastRun: [RunKind: WallTime] = [:]
    /// The last that was not inconclusive.
    package var lastConclusive: [RunKind: WallTime] = [:]
    /// The last that was healthy or degraded.
    package var lastSuccess: [RunKind: WallTime] = [:]

    /// Never run.
    package init() {}

    /// Notes a run that has ended.
    ///
    /// - Parameters:
    ///   - kind: its kind.
    ///   - verdict: what it came to.
    ///   - startedAt: when it began.
    package mutating func note(_ kind: RunKind, _ verdict: Verdict, startedAt: WallTime) {
        lastRun[kind] = startedAt
        if verdict != .inconclusive { lastConclusive[kind] = startedAt }
        if verdict.isGood { lastSuccess[kind] = startedAt }
    }
}
