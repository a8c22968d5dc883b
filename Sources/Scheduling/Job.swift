package import WatchCore

/// One run to do now.
package struct Job: Sendable, Hashable {
    package var target: String
    package var kind: RunKind

    /// A run of this kind on this target.
    package init(target: String, kind: RunKind) {
        self.target = target
        self.kind = kind
    }
}

/// How a run ended, as far as the schedule cares.
package enum Ending: Sendable, Hashable {
    /// It said what there is to say; the next regular run is soon enough.
    case settled
    /// It failed, and one more try tells a blip from an outage.
    case failed

    /// What a finished run means for the schedule. A rejected password is settled: trying it again harms the account.
    package init(_ record: RunRecord) {
        // A guard that is not refused is told at once; trying it again so soon harms the server.
        guard record.kind != .guarding else {
            self = .settled
            return
        }
        let isRejected = record.findings.contains { $0.check == .authenticationRejected && $0.severity != .info }
        self = record.verdict == .failed && !isRejected ? .failed : .settled
    }
}
