import Report
import Testing
import Traces
import WatchCore

struct TraceListingTests {
    private static let failed: JSON = [
        "metadata": [
            "verdict": "failed", "kind": "login", "target": "lab", "server_url": "http://127.0.0.1:8000",
            "username": "testuser", "timestamp": "2026-11-23T06:55:01.000001+00:00", "total_requests": 1,
            "duration_seconds": 0.25,
        ],
        "steps": [["step": "token", "outcome": "failed"], ["step": "mcp", "outcome": "skipped"]],
        "findings": [
            ["check": "clock.skew", "severity": "info", "step": "challenge", "message": "x"],
            [
                "check": "token.status", "severity": "failure", "step": "token", "message": "400 (invalid_grant)",
                "evidence": "HTTP 400", "remedy": "Read it.", "source": "RFC 6749 §5.2",
            ],
        ],
        "trace_log": [
            [
                "type": "request", "step": "token", "method": "POST", "url": "http://127.0.0.1:8000/token",
                "data": ["code": "<redacted:1a2b3c4d>"],
            ],
            [
                "type": "response", "status_code": 400, "headers": ["content-type": "application/json"],
                "json": ["error": "invalid_grant"], "phases": ["first_byte": 0.012, "transfer": 0.001],
            ],
            ["type": "request", "step": "mcp", "method": "POST", "url": "http://127.0.0.1:8000/mcp"],
            ["type": "response", "status_code": nil, "error": ["kind": "timed-out", "message": "after 5 s\u{1b}[2J"]],
        ],
    ]

    @Test func listsALineATrace() {
        let good = TraceDigest(["metadata": ["verdict": "healthy", "target": "lab"]], path: "b.json")
        #expect(
            TraceListing.text([TraceDigest(Self.failed, path: "a.json"), good]) == """
                TIME                 TARGET  KIND   VERDICT  CHECK         FILE
                2026-11-23T06:55:01  lab     login  failed   token.status  a.json
                -                    lab     -      healthy  -             b.json

                """)
        #expect(
            TraceListing.json([good]).text()
                == #"[{"target":"lab","time":null,"kind":null,"verdict":"healthy","check":null,"step":null,"#
                + #""message":null,"file":"b.json"}]"#)
    }

    @Test func showsATraceToRead() {
        #expect(
            TraceText.text(Self.failed) == """
                lab: login run, failed
                  server    http://127.0.0.1:8000 as testuser
                  began     2026-11-23T06:55:01.000001+00:00, took 0.25 s, 1 requests
                  steps     token failed

                info: clock.skew at challenge: x

                failure: token.status at token: 400 (invalid_grant)
                  seen: HTTP 400
                  remedy: Read it.
                  source: RFC 6749 §5.2

                [token] POST http://127.0.0.1:8000/token
                     {
                       "code": "<redacted:1a2b3c4d>"
                     }
                  -> 400 in 13 ms
                     content-type: application/json
                     {
                       "error": "invalid_grant"
                     }

                [mcp] POST http://127.0.0.1:8000/mcp
                  -> timed-out: after 5 s [2J

                """)
    }
}
