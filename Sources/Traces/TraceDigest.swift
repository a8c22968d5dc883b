package import WatchCore

/// One trace in a line: what a list shows of it.
package struct TraceDigest: Sendable, Hashable {
    /// Of its file.
    package var path: String
    package var target: String
    /// When the run began, as the trace tells it.
    package var time: String
    package var kind: String
    package var verdict: String
    /// The finding to name first; empty when nothing is wrong.
    package var check = ""
    package var step = ""
    package var message = ""

    /// The digest of a trace.
    ///
    /// - Parameters:
    ///   - trace: as `TraceReader` reads it.
    ///   - path: of its file.
    package init(_ trace: JSON, path: String) {
        let metadata = trace["metadata"]
        self.path = path
        target = metadata?["target"]?.string ?? ""
        time = String(metadata?["timestamp"]?.string?.prefix(19) ?? "")
        kind = metadata?["kind"]?.string ?? ""
        verdict = metadata?["verdict"]?.string ?? trace["verdict"]?.string ?? ""
        let findings = trace["findings"]?.array ?? []
        let blamed = findings.first { finding in
            finding["severity"]?.string.flatMap(Severity.init).map { Verdict($0).rawValue } == verdict
        }
        guard let blamed, verdict != Verdict.healthy.rawValue else { return }
        check = blamed["check"]?.string ?? ""
        step = blamed["step"]?.string ?? ""
        message = blamed["message"]?.string ?? ""
    }

    /// As JSON: what is not there is null.
    package var json: JSON {
        func text(_ value: String) -> JSON { value.isEmpty ? .null : .string(value) }
        return [
            "target": text(target), "time": text(time), "kind": text(kind), "verdict": text(verdict),
            "check": text(check), "step": text(step), "message": text(message), "file": .string(path),
        ]
    }
}
