import Synchronization
import Traces
import WatchCore

@testable import Report

/// What was written, in order.
final class Paper: Sendable {
    private let pieces = Mutex<[String]>([])
    var text: String { pieces.withLock { $0.joined() } }
    var write: @Sendable (String) -> Void { { piece in self.pieces.withLock { $0.append(piece) } } }
}

extension TextReport {
    /// A report on paper.
    init(_ paper: Paper, isColoured: Bool = false, isUTF8: Bool = true, isQuiet: Bool = false) {
        self.init(
            terminal: Terminal(isColoured: isColoured, isUTF8: isUTF8), isQuiet: isQuiet, key: [1, 2, 3],
            write: paper.write)
    }

    /// Tells a step with its exchanges.
    func tell(_ step: Step, _ exchanges: [Exchange], _ outcome: Outcome, _ findings: [Finding] = []) {
        stepBegins(step, detail: "")
        for exchange in exchanges { exchanged(exchange, secrets: SecretLedger()) }
        let result = StepResult(
            step: step, outcome: outcome, duration: .milliseconds(7), status: exchanges.last?.response?.status)
        stepEnds(result, findings: findings, secrets: SecretLedger())
    }
}

/// A request to the server of these tests.
func exchange(
    _ step: Step, _ method: String, _ path: String, _ result: Result<HTTPResponse, TransportFailure>
) throws -> Exchange {
    guard let url = WebURL("http://localhost:8000\(path)") else { throw BadSample() }
    return Exchange(
        request: HTTPRequest(step, method, url), startedAt: WallTime(seconds: 0), endedAt: WallTime(seconds: 1),
        result: result)
}

func json(_ status: Int, _ reason: String, _ body: String) -> Result<HTTPResponse, TransportFailure> {
    .success(
        HTTPResponse(
            status: status, reason: reason, fields: ["Content-Type": "application/json"], body: Array(body.utf8)))
}

struct BadSample: Error {}

/// A run of which these steps passed, with these findings.
func run(_ passed: [Step], failed: Step? = nil, _ findings: [Finding] = []) -> RunRecord {
    var record = RunRecord(
        target: "local", kind: .login, serverURL: "http://localhost:8000", username: "testuser",
        clientName: "Claude Desktop", startedAt: WallTime(seconds: 1_763_877_301))
    record.duration = .milliseconds(1_234)
    record.steps = Step.allCases.map { step in
        let outcome: Outcome = passed.contains(step) ? .passed : step == failed ? .failed : .skipped
        let status = step == failed ? 400 : outcome == .passed ? 200 : nil
        return StepResult(step: step, outcome: outcome, duration: .milliseconds(12), status: status)
    }
    record.findings = findings
    record.summary.clientID = "client_123"
    return record
}

/// A finding of the check's own severity.
func finding(_ check: CheckID, _ message: String, evidence: String = "") -> Finding {
    Finding(check, check.severity, message, evidence: evidence)
}
