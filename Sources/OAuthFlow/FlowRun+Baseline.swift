import WatchCore

/// `baseline.changed`: what the server presents, compared with what was accepted.
extension FlowRun {
    /// So many changes are told in one line; all are in the evidence.
    private static let toldChanges = 3

    /// Compares what the ordinary flow has seen with the baseline. The first good login run is the baseline.
    ///
    /// - Parameter exchanges: those of the ordinary flow.
    func compareWithBaseline(_ exchanges: [Exchange]) async {
        guard !target.keepsNothing, record.kind == .login else { return }
        let portrait = ServerPortrait(
            exchanges, facts: record.facts, origin: target.server.origin, form: firstForm
        ).json
        let (isGood, time) = (record.verdict.isGood, now)
        guard let baseline = await environment.memory.state.baseline else {
            pass(.baselineChanged)
            if isGood, record.summary.accessTokenReceived {
                rememberSoon { $0.baseline = ServerBaseline(portrait: portrait, acceptedAt: time) }
            }
            return
        }
        var observed = baseline
        judge(observed.observe(portrait, isGood: isGood), since: baseline)
        if observed != baseline { rememberSoon { [observed] in $0.baseline = observed } }
    }

    private func judge(_ changes: [String], since baseline: ServerBaseline) {
        let more = changes.count - Self.toldChanges
        let told = changes.prefix(Self.toldChanges).joined(separator: "; ") + (more > 0 ? "; \(more) more" : "")
        check(
            .baselineChanged, changes.isEmpty, target.warnsOfChanges ? .warning : .info, told,
            evidence: "accepted \(baseline.acceptedAt.iso8601Seconds); " + changes.joined(separator: "; "))
        // What changed is likely the cause of what broke.
        if !record.verdict.isGood { raise(.baselineChanged) }
    }
}
