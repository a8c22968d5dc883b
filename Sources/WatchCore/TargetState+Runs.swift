/// When runs began, by what they came to.
extension TargetState {
    /// A run has ended.
    ///
    /// - Parameters:
    ///   - kind: its kind.
    ///   - verdict: what it came to.
    ///   - startedAt: when it began, civil time.
    package mutating func ended(_ kind: RunKind, _ verdict: Verdict, startedAt: WallTime) {
        lastRun[kind] = startedAt
        if verdict != .inconclusive { lastConclusive[kind] = startedAt }
        if verdict.isGood { lastSuccess[kind] = startedAt }
    }
}
