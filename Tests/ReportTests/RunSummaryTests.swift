import Testing
import Traces
import WatchCore

@testable import Report

@Suite struct RunSummaryTests {
    private static let flow: [Step] = [
        .challenge, .discovery, .registration, .authorization, .authentication, .token, .mcp, .refresh,
    ]

    @Test func namesNoStandard_whereTheCheckRestsOnNone() async throws {
        let paper = Paper()
        var record = run([])
        record.findings = [Finding(.monitorNetwork, .inconclusive, "no route")]
        await TextReport(paper, isQuiet: true).end(record, tracePath: nil)
        #expect(paper.text.contains("   Check:    monitor.network\n"))
    }

    @Test func namesTheRequestAfterWhichItWasFound_notTheLastOneOfTheStep() async throws {
        let paper = Paper()
        var record = run([])
        record.findings = [Finding(.mcpNoToken, .insecure, "anybody gets in")]
        record.exchanges = [
            try exchange(.guarding, "POST", "/mcp", json(200, "OK", "{}")),
            try exchange(.guarding, "POST", "/introspect", json(401, "Unauthorized", "{}")),
        ]
        record.proofs = [.mcpNoToken: 0]
        await TextReport(paper, isQuiet: true).end(record, tracePath: nil)
        #expect(paper.text.contains("   Request:  POST http://localhost:8000/mcp\n"))
    }

    @Test func isAllThatQuietModePrints() async throws {
        let paper = Paper()
        let report = TextReport(paper, isQuiet: true)
        await report.begin()
        await report.tell(.mcp, [try exchange(.mcp, "GET", "/", json(200, "OK", "{}"))], .passed)
        #expect(paper.text.isEmpty)
        var record = run(Self.flow)
        record.summary.authCodeReceived = true
        record.summary.accessTokenReceived = true
        await report.end(record, tracePath: "oauth_trace_20251123_055501.json")
        #expect(
            paper.text == """
                ============================================================
                📋 SUMMARY: http://localhost:8000, 1234 ms
                ✅ challenge       200  12 ms
                ✅ discovery       200  12 ms
                ✅ registration    200  12 ms
                ✅ authorization   200  12 ms
                ✅ authentication  200  12 ms
                ✅ token           200  12 ms
                ✅ mcp             200  12 ms
                ✅ refresh         200  12 ms
                   Client ID: client_123
                   Received: authorization code, access token
                   Trace: oauth_trace_20251123_055501.json
                ============================================================
                ✅ HEALTHY

                """)
    }

    @Test func tellsWhatBroke_whereWhyAndWhatToDo() async {
        let paper = Paper()
        let findings = [
            finding(.tokenNoStore, "the token answer may be cached"),
            finding(
                .tokenStatus, "the token endpoint answers 400",
                evidence: "POST http://localhost:8000/token\n400 invalid_grant"),
            finding(.challengeErrorUninvited, "error= without a credential"),
        ]
        let record = run([.challenge, .discovery, .registration], failed: .token, findings)
        await TextReport(paper, isQuiet: true).end(record, tracePath: nil)
        #expect(
            paper.text == """
                ============================================================
                📋 SUMMARY: http://localhost:8000, 1234 ms
                ✅ challenge       200  12 ms
                ✅ discovery       200  12 ms
                ✅ registration    200  12 ms
                ❌ token           400  12 ms
                   Client ID: client_123
                   Received: nothing
                ============================================================
                ❌ FAILED at token: the token endpoint answers 400
                   Check:    token.status (RFC 6749 §5.1)
                   Evidence: POST http://localhost:8000/token 400 invalid_grant
                   Remedy:   \(CheckID.tokenStatus.remedy)
                   Fine before: challenge, discovery, registration
                Also found:
                   warning: the token answer may be cached [token.no-store]
                   info: error= without a credential [challenge.error-uninvited]

                """)
    }

    @Test(arguments: [
        (Severity.insecure, "❌ INSECURE at mcp: m"), (.inconclusive, "❔ INCONCLUSIVE at mcp: m"),
        (.warning, "⚠️  DEGRADED at mcp: m"), (.info, "✅ HEALTHY"),
    ])
    func namesTheVerdict(_ severity: Severity, _ line: String) async {
        let paper = Paper()
        await TextReport(paper, isQuiet: true).end(run([], [Finding(.mcpStatus, severity, "m")]), tracePath: nil)
        #expect(paper.text.contains("\n\(line)\n"))
    }

    @Test func fitsOnOneScreen_whateverWasFound() async {
        let paper = Paper()
        let findings = CheckID.allCases.map { finding($0, String(repeating: "long ", count: 50)) }
        await TextReport(paper, isQuiet: true).end(run(Self.flow, failed: .guarding, findings), tracePath: "t")
        #expect(paper.text.split(separator: "\n").count <= 32)
        #expect(paper.text.contains("… \(findings.count - 7) more in the trace"))
    }
}

@Suite struct ExitCodeTests {
    @Test(arguments: [
        (Verdict.healthy, false, Int32(0)), (.degraded, false, 0), (.failed, false, 1), (.insecure, false, 2),
        (.inconclusive, false, 4), (.healthy, true, 0), (.degraded, true, 3), (.failed, true, 1), (.insecure, true, 2),
        (.inconclusive, true, 4),
    ])
    func followsFromTheVerdict(_ verdict: Verdict, _ isStrict: Bool, _ code: Int32) {
        #expect(ExitCode(verdict, isStrict: isStrict).rawValue == code)
    }
}
