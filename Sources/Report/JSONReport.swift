package import Traces
package import WatchCore

/// A run as one JSON object, for programs: `oauthwatch trace --format json`. Its form stands in
/// `Tests/Schemas/result.schema.json`.
package enum JSONReport {
    /// The object as text, indented, with a line end. Controls and marks that turn the direction of writing are escaped:
    /// the text may come to a terminal.
    ///
    /// - Parameters:
    ///   - run: what was done and found.
    ///   - redactor: takes the secrets out.
    package static func text(_ run: RunRecord, redactor: Redactor) -> String {
        let text = json(run, redactor: redactor).text(indent: 2)
        return text.unicodeScalars.map { $0 == "\n" || Terminal.isHarmless($0) ? String($0) : escape($0) }.joined()
            + "\n"
    }

    /// The object.
    ///
    /// - Parameters:
    ///   - run: what was done and found.
    ///   - redactor: takes the secrets out.
    package static func json(_ run: RunRecord, redactor: Redactor) -> JSON {
        [
            "verdict": .string(run.verdict.rawValue),
            "target": .string(redactor.text(run.target)),
            "startedAt": .string(run.startedAt.iso8601),
            "durationSeconds": .number(run.duration.seconds),
            "steps": .array(run.steps.map(step)),
            "findings": .array(run.findings.map { finding(redactor.finding($0)) }),
        ]
    }

    /// Source: RFC 8259 §7.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    private static func step(_ result: StepResult) -> JSON {
        [
            "step": .string(result.step.rawValue),
            "outcome": .string(result.outcome.rawValue),
            "durationSeconds": .number(result.duration.seconds),
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
