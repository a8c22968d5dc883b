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
    /// The text of the file, in UTF-8.
    package let bytes: [UInt8]

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
        var writer = TraceWriter(redactor)
        writer.write(run, version: version)
        bytes = writer.bytes
    }
}

/// Writes a trace as text, from front to back, and takes the secrets out on the way: a tree of all its values would be
/// built only to be written and thrown away.
struct TraceWriter: ~Copyable {
    let redactor: Redactor
    /// With room for the trace of a healthy run.
    var out = JSONWriter(indent: 2, capacity: 64 << 10)
    var urls = WrittenMembers<WebURL>(slots: 16)
    var sentFields = WrittenMembers<HTTPFields.Field>(slots: 64)
    var answeredFields = WrittenMembers<HTTPFields.Field>(slots: 64)
    var sentJSON = WrittenMembers<JSON>(slots: 8)
    var answeredBodies = WrittenMembers<AnswerBody>(slots: 32)
    /// Where the fields of the present message stand already.
    var places: [Range<Int>?] = []

    init(_ redactor: Redactor) { self.redactor = redactor }

    var bytes: [UInt8] { out.bytes }

    mutating func write(_ run: RunRecord, version: String) {
        out.beginObject()
        out.write(name: "metadata")
        writeMetadata(run, version: version)
        out.write(name: "sequence_summary")
        write(run.summary)
        out.write(name: "trace_log")
        out.beginArray()
        for exchange in run.exchanges {
            writeRequest(exchange)
            writeResponse(exchange)
        }
        out.endArray()
        out.write(name: "steps")
        out.beginArray()
        for step in run.steps { write(step) }
        out.endArray()
        out.write(name: "findings")
        out.beginArray()
        for finding in run.findings { write(redactor.finding(finding)) }
        out.endArray()
        write("verdict", run.verdict.rawValue)
        out.endObject()
        out.endLine()
    }

    /// A member whose value is a text without secrets; `null` for none.
    mutating func write(_ name: StaticString, _ text: String?) {
        out.write(name: name)
        out.write(text)
    }

    /// A member whose value may hold secrets.
    mutating func write(_ name: StaticString, redacting text: String?) {
        out.write(name: name)
        if let text { redactor.write(text, to: &out) } else { out.writeNull() }
    }

    mutating func write(_ name: StaticString, _ number: Int?) {
        out.write(name: name)
        if let number { out.write(number) } else { out.writeNull() }
    }

    mutating func write(_ name: StaticString, _ flag: Bool) {
        out.write(name: name)
        out.write(flag)
    }

    mutating func write(_ name: StaticString, _ duration: Duration) {
        out.write(name: name)
        out.write(seconds: duration)
    }

    private mutating func writeMetadata(_ run: RunRecord, version: String) {
        out.beginObject()
        write("verdict", run.verdict.rawValue)
        write("kind", run.kind.rawValue)
        write("server_url", redacting: run.serverURL)
        write("username", redacting: run.username)
        write("client_name", redacting: run.clientName)
        write("timestamp", run.startedAt.iso8601)
        write("total_requests", run.exchanges.count)
        write("target", redacting: run.target)
        write("duration_seconds", run.duration)
        write("revision", run.facts.revision)
        write("version", version)
        write("redacted", redactor.mode == .full)
        out.endObject()
    }

    private mutating func write(_ summary: SequenceSummary) {
        out.beginObject()
        write("client_id", redacting: summary.clientID)
        write("auth_code_received", summary.authCodeReceived)
        write("access_token_received", summary.accessTokenReceived)
        write("refresh_token_received", summary.refreshTokenReceived)
        out.endObject()
    }

    private mutating func write(_ result: StepResult) {
        out.beginObject()
        write("step", result.step.rawValue)
        write("outcome", result.outcome.rawValue)
        write("duration_seconds", result.duration)
        write("status", result.status)
        out.endObject()
    }

    private mutating func write(_ finding: Finding) {
        out.beginObject()
        write("check", finding.check.rawValue)
        write("step", finding.step.rawValue)
        write("severity", finding.severity.rawValue)
        write("layer", finding.layer.rawValue)
        write("message", finding.message)
        write("evidence", finding.evidence)
        write("remedy", finding.remedy)
        write("source", finding.source)
        out.endObject()
    }
}
