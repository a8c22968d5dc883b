import Testing
import WatchCore

@Suite struct VerdictTests {
    @Test(
        arguments: [
            ([], .healthy),
            ([.info], .healthy),
            ([.info, .warning], .degraded),
            ([.warning, .inconclusive], .inconclusive),
            ([.inconclusive, .failure, .warning], .failed),
            ([.failure, .insecure, .inconclusive], .insecure),
        ] as [([Severity], Verdict)])
    func isTheWorstOfItsFindings(severities: [Severity], verdict: Verdict) {
        #expect(Verdict(severities.map { Finding(.tokenStatus, $0, "") }) == verdict)
    }

    @Test func isNotChanged_byAnInconclusiveGuard() {
        var record = RunRecord(
            target: "a", kind: .login, serverURL: "", username: "", clientName: "", startedAt: WallTime(seconds: 0))
        record.findings = [Finding(.mcpNoToken, .inconclusive, "429")]
        #expect(record.verdict == .healthy)
        #expect(record.blamed == nil)
        record.findings.append(Finding(.tokenNoStore, nil, "cached"))
        #expect(record.verdict == .degraded)
        #expect(record.blamed?.check == .tokenNoStore)
    }

    @Test func blamesTheFirstStep_amongTheWorst() {
        var record = RunRecord(
            target: "a", kind: .login, serverURL: "", username: "", clientName: "", startedAt: WallTime(seconds: 0))
        record.findings = [
            Finding(.refreshStatus, nil, "400"), Finding(.tokenStatus, nil, "500"),
            Finding(.challengeHeader, nil, "none"),
        ]
        #expect(record.blamed?.check == .tokenStatus)
    }
}
