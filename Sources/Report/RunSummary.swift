import WatchCore

/// A whole run on one screen: steps, what was received, and when something is wrong, what, where, why, and what to do.
/// All text in the run must be free of secrets.
struct RunSummary {
    let run: RunRecord
    let findings: [Finding]
    let clientID: String?
    /// The file that holds the whole trace; nil when none was written.
    let tracePath: String?
    /// The request of the step that decided, without its query; nil when none was sent.
    var proof: String?

    /// So many findings besides the one that decided.
    private static let shownOthers = 6

    var lines: [ReportLine] {
        [.rule, .marked(.summary, "SUMMARY: \(run.serverURL), \(Self.text(run.duration))")] + steps + received + guards
            + trace + [.rule] + verdict + change + explanation + others
    }

    /// The finding that decided the verdict; the first one of the flow among equals.
    private var blamed: Finding? {
        findings.filter { $0.severity != .info && Verdict($0.severity) == run.verdict }.min { $0.step < $1.step }
    }

    private var steps: [ReportLine] {
        run.steps.filter { $0.outcome != .skipped }.map { result in
            let hasWarning = findings.contains { $0.step == result.step && $0.severity == .warning }
            let mark: Mark =
                switch result.outcome {
                case .passed: hasWarning ? .warning : .good
                case .failed: .bad
                case .skipped: .skipped
                case .inconclusive: .unknown
                }
            let name = result.step.rawValue.padding(16)
            let status = (result.status.map { "\($0)" } ?? "").padding(5)
            return .marked(mark, "\(name)\(status)\(Self.text(result.duration))")
        }
    }

    private var received: [ReportLine] {
        let summary = run.summary
        let things = [
            ("authorization code", summary.authCodeReceived), ("access token", summary.accessTokenReceived),
            ("refresh token", summary.refreshTokenReceived),
        ]
        let names = things.filter(\.1).map(\.0)
        return [
            .indented(3, "Client ID: \(clientID ?? "none")"),
            .indented(3, "Received: \(names.isEmpty ? "nothing" : names.joined(separator: ", "))"),
        ]
    }

    /// How many wrong requests were refused; which were not stands among the findings.
    private var guards: [ReportLine] {
        let scored = run.guards.filter { [.refused, .accepted].contains($0.result) }
        guard !run.guards.isEmpty else { return [] }
        let refused = scored.count { $0.result == .refused }
        let open = run.guards.count { $0.result == .inconclusive }
        let rest = open == 0 ? "" : "; \(open) not scored"
        return [.indented(3, "Guards: \(refused) of \(scored.count) refused\(rest)")]
    }

    private var trace: [ReportLine] { tracePath.map { [.indented(3, "Trace: \($0)")] } ?? [] }

    private var verdict: [ReportLine] {
        let word = run.verdict.rawValue.uppercased()
        guard let blamed else { return [.marked(.good, word)] }
        return [.marked(Self.mark(run.verdict), "\(word) at \(blamed.step.rawValue): \(blamed.message)")]
    }

    /// What changed is likely the cause of what broke.
    private var change: [ReportLine] {
        guard run.verdict > .degraded, let changed = findings.first(where: { $0.check == .baselineChanged }) else {
            return []
        }
        return [.indented(3, "Changed:  \(Self.oneLine(changed.message))")]
    }

    private var explanation: [ReportLine] {
        guard let blamed else { return [] }
        let source = blamed.source.isEmpty ? "" : " (\(blamed.source))"
        var lines: [ReportLine] = [.indented(3, "Check:    \(blamed.check.rawValue)\(source)")]
        if run.verdict > .degraded, let proof { lines.append(.indented(3, "Request:  \(proof)")) }
        if !blamed.evidence.isEmpty { lines.append(.indented(3, "Evidence: \(Self.oneLine(blamed.evidence))")) }
        lines.append(.indented(3, "Remedy:   \(Self.oneLine(blamed.remedy))"))
        guard run.verdict > .degraded else { return lines }
        let fine = run.steps.filter { $0.step < blamed.step && $0.outcome == .passed }.map(\.step.rawValue)
        return lines + [.indented(3, "Fine before: \(fine.isEmpty ? "nothing" : fine.joined(separator: ", "))")]
    }

    private var others: [ReportLine] {
        let isTold = run.verdict > .degraded
        let rest = findings.filter { $0 != blamed && !(isTold && $0.check == .baselineChanged) }.sorted {
            Verdict($0.severity) > Verdict($1.severity)
        }
        guard !rest.isEmpty else { return [] }
        let shown = rest.prefix(Self.shownOthers - change.count).map { finding in
            ReportLine.indented(3, "\(finding.severity.rawValue): \(finding.message) [\(finding.check.rawValue)]")
        }
        let more = rest.count - shown.count
        return [.indented(0, "Also found:")] + shown
            + (more > 0 ? [.indented(3, "… \(more) more in the trace")] : [])
    }

    private static func mark(_ verdict: Verdict) -> Mark {
        switch verdict {
        case .healthy: .good
        case .degraded: .warning
        case .inconclusive: .unknown
        case .failed, .insecure: .bad
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whole milliseconds below ten seconds, tenths of a second above.
    private static func text(_ duration: Duration) -> String {
        let milliseconds = duration.nanoseconds / 1_000_000
        return milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1_000).\(milliseconds / 100 % 10) s"
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
