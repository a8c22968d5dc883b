import Testing
import WatchCore

@testable import SetupUser

struct LoginCheckTests {
    @Test func needsThePasswordAsked_beforeACodeProvesAnything() {
        #expect(verdict(code: true, submissions: 1) == .letsIn)
        #expect(
            verdict(code: true, submissions: 0)
                == .inconclusive("the server gave a code without asking for the password"))
    }

    @Test func tellsARefusalFromAFlowThatFailsBefore() {
        let rejected = Finding(.authenticationRejected, "not accepted", evidence: "HTTP 401")
        #expect(
            verdict(code: false, submissions: 1, rejected)
                == .refuses("authentication.rejected: not accepted (HTTP 401)"))
        let missing = Finding(.discoveryMetadata, "no metadata")
        #expect(verdict(code: false, submissions: 0, missing) == .fails("discovery.metadata: no metadata"))
    }

    @Test func claimsNothing_whenTheFlowIsInconclusive() {
        let captcha = Finding(.authorizationPage, .inconclusive, "needs a browser")
        #expect(
            verdict(code: false, submissions: 0, captcha) == .inconclusive("authorization.page: needs a browser"))
    }

    private func verdict(code: Bool, submissions: Int, _ findings: Finding...) -> LoginCheck.Verdict {
        var record = RunRecord(
            target: "t", kind: .login, serverURL: "https://as.test", username: "alice", clientName: "c",
            startedAt: WallTime(nanoseconds: 0))
        record.summary.authCodeReceived = code
        record.facts.passwordSubmissions = submissions
        record.findings = findings
        return LoginCheck(record).verdict
    }
}
