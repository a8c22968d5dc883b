import Testing
import Traces
import WatchCore

@testable import Report

@Suite struct TextReportTests {
    @Test func looksLikeTheSeedsTracer_whenAllIsWell() async throws {
        let paper = Paper()
        let report = TextReport(paper)
        let metadata = #"{"issuer":"http://localhost:8000","grants":["code"]}"#
        await report.begin()
        await report.tell(
            .discovery,
            [
                try exchange(.discovery, "GET", "/.well-known/oauth-authorization-server", json(200, "OK", metadata))
            ], .passed)
        #expect(
            paper.text == """
                🚀 Starting OAuth 2.1 PKCE sequence trace...
                ============================================================
                🔍 STEP 1: Discovering OAuth endpoints...
                ➡️  GET http://localhost:8000/.well-known/oauth-authorization-server
                ✅ 200 OK
                    JSON Response: {
                      "issuer": "http://localhost:8000",
                      "grants": [
                        "code"
                      ]
                    }

                """)
    }

    @Test func saysThatNobodyIsThere() async throws {
        let paper = Paper()
        let failure = TransportFailure(.connectionRefused, "connection refused by 127.0.0.1:8000")
        await TextReport(paper).tell(
            .challenge, [try exchange(.challenge, "POST", "/", .failure(failure))], .failed,
            [finding(.discoveryMetadata, "the server cannot be reached")])
        #expect(
            paper.text == """
                🔍 Asking without a token...
                ➡️  POST http://localhost:8000/
                ❌ Could not connect to server at http://localhost:8000
                   Reason: connection refused by 127.0.0.1:8000

                """)
    }

    @Test(arguments: [
        (
            Step.registration, CheckID.registrationStatus, 400, "STEP 2: Registering OAuth client...",
            "Registration failed: 400"
        ),
        (.token, .tokenStatus, 400, "STEP 5: Exchanging code for tokens...", "Token exchange failed: 400"),
        (
            .mcp, .mcpStatus, 401, "STEP 6: Testing authenticated MCP request...",
            "Authenticated MCP request failed: 401"
        ),
        (.refresh, .refreshStatus, 400, "STEP 7: Refreshing tokens...", "Token refresh failed: 400"),
        (
            .authorization, .authorizationPage, 400, "STEP 3: Requesting authorization...",
            "Authorization failed: invalid_request - Invalid client_id"
        ),
        (
            .authentication, .authenticationRedirect, 400, "STEP 4: Authenticating user...",
            "Authorization failed: invalid_request - Invalid client_id"
        ),
    ])
    func failsInTheSeedsWords(_ step: Step, _ check: CheckID, _ status: Int, _ heading: String, _ words: String)
        async throws
    {
        let paper = Paper()
        let body = #"{"error": "invalid_request", "error_description": "Invalid client_id"}"#
        await TextReport(paper).tell(
            step, [try exchange(step, "POST", "/x", json(status, "NO", body))], .failed, [finding(check, "it broke")])
        #expect(
            paper.text == """
                🔍 \(heading)
                ➡️  POST http://localhost:8000/x
                ❌ \(status) NO
                    JSON Response: {
                      "error": "invalid_request",
                      "error_description": "Invalid client_id"
                    }
                ❌ \(words)
                   Response: {"error":"invalid_request","error_description":"Invalid client_id"}

                """)
    }

    @Test func readsTheErrorFromTheRedirect() async throws {
        let paper = Paper()
        var response = HTTPResponse(status: 302)
        response.fields = ["Location": "http://localhost:3000/callback?error=access_denied&state=s"]
        await TextReport(paper).tell(
            .authentication, [try exchange(.authentication, "POST", "/login", .success(response))], .failed,
            [finding(.authenticationRedirect, "the redirect carries an error")])
        #expect(paper.text.contains("✅ 302 Found\n    Location: http://localhost:3000/callback?error=access_denied"))
        #expect(paper.text.contains("❌ Authorization failed: access_denied\n"))
    }

    @Test func namesTheFinding_whenNoAnswerRefused() async throws {
        let paper = Paper()
        await TextReport(paper).tell(
            .token, [try exchange(.token, "POST", "/token", json(200, "OK", "{}"))], .failed,
            [finding(.tokenAccessToken, "no access token came")])
        #expect(paper.text.hasSuffix("❌ Token exchange failed: no access token came\n"))
    }

    @Test func saysNothingTwice_whenAStepIsEnteredAgain() async throws {
        let paper = Paper()
        let report = TextReport(paper)
        let warning = finding(.challengeHeader, "the 401 has no WWW-Authenticate")
        await report.tell(.challenge, [], .passed, [warning])
        await report.tell(.challenge, [], .passed, [warning])
        #expect(
            paper.text == """
                🔍 Asking without a token...
                ⚠️  the 401 has no WWW-Authenticate

                """)
    }

    @Test(arguments: [
        (401, Step.challenge, "✅ 401 Unauthorized"), (404, .discovery, "⚠️  404 Not Found"), (500, .token, "❌ 500"),
        (200, .challenge, "✅ 200 OK"), (401, .mcp, "❌ 401 Unauthorized"), (299, .mcp, "✅ 299"),
        (403, .guarding, "✅ 403 Forbidden"), (400, .guarding, "✅ 400 Bad Request"),
        (429, .guarding, "⚠️  429"), (500, .guarding, "⚠️  500"),
    ])
    func marksAnswersByWhatIsHopedFor(_ status: Int, _ step: Step, _ line: String) async throws {
        let paper = Paper()
        await TextReport(paper).tell(
            step, [try exchange(step, "GET", "/", .success(HTTPResponse(status: status)))], .passed)
        #expect(paper.text.contains("\n\(line)"))
    }

    @Test(arguments: [
        (400, "➖ 400 Bad Request"), (404, "➖ 404 Not Found"), (401, "❌ 401 Unauthorized"), (500, "❌ 500"),
    ])
    func showsNoCross_whereAServerOnlyDoesNotKnowTheQuestionOfItsRevision(_ status: Int, _ line: String) async throws {
        let paper = Paper()
        let url = try #require(WebURL("http://localhost:8000/"))
        let question = Exchange(
            request: HTTPRequest(.mcp, "POST", url, body: .json(["method": "server/discover"])),
            startedAt: WallTime(seconds: 0), endedAt: WallTime(seconds: 1),
            result: .success(HTTPResponse(status: status)))
        await TextReport(paper).tell(.mcp, [question], .passed)
        #expect(paper.text.contains("\n\(line)"))
    }

    @Test func takesSecretsOut_asTheyCome() async throws {
        let paper = Paper()
        let report = TextReport(paper)
        var secrets = SecretLedger()
        secrets.add(password: Secret("canary-password"))
        secrets.add("canary-state-value")
        let body = #"{"access_token": "canary-token", "note": "canary-password", "state": "canary-state-value"}"#
        let told = try exchange(.token, "POST", "/token?code=canary-code-1", json(400, "canary-password", body))
        await report.exchanged(told, secrets: secrets)
        let refused = finding(.tokenStatus, "refused canary-state-value", evidence: "canary-password")
        let result = StepResult(step: .token, outcome: .failed, duration: .zero)
        await report.stepEnds(result, findings: [refused], secrets: secrets)
        var record = run([], failed: .token, [refused])
        record.secrets = secrets
        await report.end(record, tracePath: nil)
        #expect(!paper.text.contains("canary"))
        #expect(paper.text.contains("<password>") && paper.text.contains("<redacted:"))
    }

    @Test func sendsNoControlsToTheTerminal() async throws {
        let paper = Paper()
        let report = TextReport(paper)
        let evil = "a\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\rb\u{0}"
        let told = try exchange(.mcp, "GET", "/", json(400, evil, "{\"\u{85}k\": \"\(evil.filter { $0 != "\0" })\"}"))
        await report.exchanged(told, secrets: SecretLedger())
        await report.tell(.mcp, [], .failed, [finding(.mcpStatus, evil, evidence: evil)])
        await report.end(run([], failed: .mcp, [finding(.mcpStatus, evil, evidence: evil)]), tracePath: evil)
        let allowed = paper.text.unicodeScalars.filter { $0 != "\n" && $0 != "\u{fe0f}" }
        #expect(allowed.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) })
        #expect(paper.text.contains("a\\u{1b}]0;x\\u{7}\\u{9b}31m\\u{202e}"))
    }

    @Test func staysPlain_whereTheTerminalHasNoUTF8() async throws {
        let paper = Paper()
        let report = TextReport(paper, isUTF8: false)
        await report.begin()
        await report.tell(.mcp, [try exchange(.mcp, "GET", "/", json(500, "ä", "{}"))], .failed)
        await report.end(run([.token], failed: .mcp, [finding(.mcpStatus, "bröken …")]), tracePath: "t.json")
        #expect(paper.text.utf8.allSatisfy { $0 < 128 })
        #expect(paper.text.hasPrefix(">> Starting OAuth 2.1 PKCE sequence trace...\n"))
        #expect(paper.text.contains("[FAILED] 500 \\u{e4}\n") && paper.text.contains("br\\u{f6}ken ..."))
    }

    @Test func coloursOnlyWhenAsked() async throws {
        let paper = Paper()
        await TextReport(paper, isColoured: true).tell(
            .mcp, [try exchange(.mcp, "GET", "/", .success(HTTPResponse(status: 200)))], .passed)
        #expect(paper.text.contains("\u{1b}[32m✅ 200 OK\u{1b}[0m\n"))
    }

    @Test func cutsLongAnswers() async throws {
        let paper = Paper()
        let body = JSON.array((0..<500).map { .integer($0) }).text()
        let long = JSON.string(String(repeating: "x", count: 5_000)).text()
        await TextReport(paper).tell(
            .mcp,
            [
                try exchange(.mcp, "GET", "/", json(200, "OK", body)),
                try exchange(.mcp, "GET", "/", json(200, "OK", long)),
            ], .passed)
        let lines = paper.text.split(separator: "\n")
        // A heading; request, status, 60 lines and a note; request, status, one line.
        #expect(lines.count == 67)
        #expect(lines.allSatisfy { $0.count <= 410 })
        #expect(paper.text.contains("    … 442 more lines in the trace\n"))
    }
}
