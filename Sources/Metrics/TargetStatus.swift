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
