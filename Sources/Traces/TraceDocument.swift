package import WatchCore

/// The trace of one run, redacted: what is written, shown and compared.
///
/// It holds all that the seed's traces hold, under the same names, and more: the step of each entry, phases, TLS and
/// address, steps, findings and the verdict. Verdict and kind are the first members, so that they are known from the first
/// bytes of a file.
package struct TraceDocument: Sendable {
    /// The name of the target.
    package let target: String
    package let startedAt: WallTime
    package let kind: RunKind
    package let verdict: Verdict
    /// The whole trace.
    package let json: JSON

    /// The trace of `run`.
    ///
    /// - Parameters:
    ///   - run: what was done and found, with its secrets.
    ///   - redactor: takes the secrets out.
    ///   - version: version of this program.
    package init(_ run: RunRecord, redactor: Redactor, version: String) {
        target = run.target
        startedAt = run.startedAt
        kind = run.kind
        verdict = run.verdict
        json = [
            "metadata": Self.metadata(run, redactor, version: version),
            "sequence_summary": [
                "client_id": JSON(run.summary.clientID.map(redactor.text)),
                "auth_code_received": .bool(run.summary.authCodeReceived),
                "access_token_received": .bool(run.summary.accessTokenReceived),
                "refresh_token_received": .bool(run.summary.refreshTokenReceived),
            ],
            "trace_log": .array(run.exchanges.flatMap { [$0.traceRequest(redactor), $0.traceResponse(redactor)] }),
            "steps": .array(run.steps.map(Self.step)),
            "findings": .array(run.findings.map { Self.finding(redactor.finding($0)) }),
            "verdict": .string(run.verdict.rawValue),
        ]
    }

    /// The text of the file, in UTF-8.
    package var bytes: [UInt8] { json.bytes(indent: 2) + [UInt8(ascii: "\n")] }

    private static func metadata(_ run: RunRecord, _ redactor: Redactor, version: String) -> JSON {
        [
            "verdict": .string(run.verdict.rawValue),
            "kind": .string(run.kind.rawValue),
            "server_url": .string(redactor.text(run.serverURL)),
            "username": .string(redactor.text(run.username)),
            "client_name": .string(redactor.text(run.clientName)),
            "timestamp": .string(run.startedAt.iso8601),
            "total_requests": .integer(run.exchanges.count),
            "target": .string(redactor.text(run.target)),
            "duration_seconds": .number(run.duration.seconds),
            "revision": JSON(run.facts.revision),
            "version": .string(version),
            "redacted": .bool(redactor.mode == .full),
        ]
    }

    private static func step(_ result: StepResult) -> JSON {
        [
            "step": .string(result.step.rawValue),
            "outcome": .string(result.outcome.rawValue),
            "duration_seconds": .number(result.duration.seconds),
            "status": result.status.map { .integer($0) } ?? .null,
        ]
    }

    private static func finding(_ finding: Finding) -> JSON {
        [
            "check": .string(finding.check.rawValue),
            "step": .string(finding.step.rawValue),
            "severity": .string(finding.severity.rawValue),
            "layer": .string(finding.layer.rawValue),
            "message": .string(finding.message),
            "evidence": .string(finding.evidence),
            "remedy": .string(finding.remedy),
            "source": .string(finding.source),
        ]
    }
}
