import JSONReader
import WatchCore

@testable import Traces

/// Runs to write traces of.
enum SampleRun {
    static let start = WallTime(nanoseconds: 1_795_416_901_000_001_000)  // 2026-11-23T06:55:01.000001Z

    static func url(_ text: String) throws -> WebURL {
        struct NoURL: Error {}
        guard let url = WebURL(text) else { throw NoURL() }
        return url
    }

    static func exchange(
        _ request: HTTPRequest, _ result: Result<HTTPResponse, TransportFailure>
    ) -> Exchange {
        Exchange(request: request, startedAt: start, endedAt: start + .milliseconds(5), result: result)
    }

    static func record(_ exchanges: [Exchange] = [], findings: [Finding] = []) -> RunRecord {
        var run = RunRecord(
            target: "lab", kind: .login, serverURL: "http://127.0.0.1:8000", username: "testuser",
            clientName: "Claude Desktop", startedAt: start)
        run.exchanges = exchanges
        run.findings = findings
        run.duration = .milliseconds(250)
        return run
    }

    static func document(_ run: RunRecord, _ redactor: Redactor? = nil) -> TraceDocument {
        TraceDocument(
            run, redactor: redactor ?? Redactor(secrets: run.secrets, key: RedactorTests.key), version: "1.0.0")
    }

    /// A document of nothing, with this verdict, of a run that began at this time.
    static func empty(_ verdict: Verdict = .healthy, at time: WallTime = start, target: String = "lab") -> TraceDocument
    {
        var run = record()
        run.startedAt = time
        run.target = target
        switch verdict {
        case .healthy: break
        case .degraded: run.findings = [Finding(.tokenNoStore, .warning, "m")]
        case .inconclusive: run.findings = [Finding(.monitorNetwork, .inconclusive, "m")]
        case .failed: run.findings = [Finding(.tokenStatus, .failure, "m")]
        case .insecure: run.findings = [Finding(.authenticationFormOrigin, .insecure, "m")]
        }
        return document(run)
    }
}

extension TraceDocument {
    /// What a reader finds in the file.
    var json: JSON {
        get throws { try JSON(parsing: bytes) }
    }
}
