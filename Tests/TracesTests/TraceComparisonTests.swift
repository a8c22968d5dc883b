import Testing
import WatchCore

@testable import Traces

struct TraceComparisonTests {
    /// One request with its answer.
    private struct Call {
        var step = "token"
        var path = "/token"
        var form: JSON = .null
        var status = 200
        var fields: JSON = [:]
        var body: JSON = .null
    }

    private static func trace(
        port: Int = 8000, _ calls: [Call], findings: [JSON] = [], verdict: Verdict = .healthy
    ) -> JSON {
        let log = calls.flatMap { call -> [JSON] in
            [
                [
                    "type": "request", "step": .string(call.step), "method": "POST",
                    "url": .string("http://127.0.0.1:\(port)\(call.path)"), "headers": [:], "data": call.form,
                ],
                [
                    "type": "response", "status_code": .integer(call.status), "headers": call.fields,
                    "json": call.body,
                ],
            ]
        }
        return [
            "metadata": [
                "verdict": .string(verdict.rawValue), "kind": "login", "target": "lab",
                "server_url": .string("http://127.0.0.1:\(port)"), "timestamp": "2026-11-23T06:55:01.000001+00:00",
            ],
            "trace_log": .array(log), "findings": .array(findings),
        ]
    }

    private static let finding: JSON = [
        "severity": "failure", "check": "token.status", "step": "token", "message": "the token endpoint answered 400",
    ]

    @Test func findsNothing_whereOnlyTheUsualDiffers() {
        func run(_ port: Int, _ mark: String) -> JSON {
            Self.trace(
                port: port,
                [
                    Call(
                        form: ["grant_type": "authorization_code", "code": .string("<redacted:\(mark)>")],
                        fields: ["date": .string(mark), "set-cookie": .string("s=<redacted:\(mark)>; Path=/")],
                        body: ["access_token": .string("<redacted:\(mark)>"), "expires_in": 3600])
                ])
        }
        let text = TraceComparison(good: run(8000, "1111aaaa"), bad: run(9000, "2222bbbb")).text()
        #expect(text.split(separator: "\n").dropFirst() == ["no request or answer differs in what can be compared"])
    }

    @Test func tellsTheCauseFirst() {
        let good = Self.trace([
            Call(step: "discovery", path: "/.well-known/x", body: ["scopes_supported": ["read", "admin"]]),
            Call(form: ["grant_type": "authorization_code"], body: ["token_type": "Bearer"]),
            Call(step: "mcp", path: "/mcp"),
        ])
        let bad = Self.trace(
            [
                Call(step: "discovery", path: "/.well-known/x", body: ["scopes_supported": ["read"]]),
                Call(form: ["grant_type": "authorization_code"], status: 400, body: ["error": "invalid_grant"]),
            ], findings: [Self.finding], verdict: .failed)
        #expect(
            TraceComparison(good: good, bad: bad).text() == """
                bad  lab login 2026-11-23T06:55:01 failed | good lab login 2026-11-23T06:55:01 healthy
                failure: token.status at token: the token endpoint answered 400
                token: POST SERVER/token authorization_code: 400 instead of 200: {"error":"invalid_grant"}
                discovery: POST SERVER/.well-known/x: scopes_supported: -admin
                not in the bad one: 1 requests, from mcp: POST SERVER/mcp

                """)
    }

    @Test func pairsTheSameRequests_whenOneCameBetween() {
        let good = Self.trace([Call(path: "/a"), Call(path: "/b", body: ["x": 1])])
        let bad = Self.trace([Call(path: "/a"), Call(path: "/new", status: 500), Call(path: "/b", body: ["x": 2])])
        let lines = TraceComparison(good: good, bad: bad).text().split(separator: "\n").dropFirst()
        #expect(lines == ["token: POST SERVER/new: only in the bad one: 500", "token: POST SERVER/b: x: -1 +2"])
    }

    @Test func namesAFieldThatIsGone() {
        let good = Self.trace([Call(status: 401, fields: ["www-authenticate": "Bearer"])])
        let bad = Self.trace([Call(status: 401)])
        #expect(TraceComparison(good: good, bad: bad).text().contains("header.www-authenticate: -Bearer (gone)"))
    }

    @Test func showsNoControlCharacters_andNoEndOfLines() {
        let bad = Self.trace([Call(body: ["x": "\u{1b}[31mred\u{202e}"])] + (1...90).map { Call(path: "/\($0)") })
        let text = TraceComparison(good: Self.trace([Call(body: ["x": "y"])]), bad: bad).text()
        #expect(!text.unicodeScalars.contains { $0.isInvisible && $0 != "\n" })
        #expect(text.split(separator: "\n").count == 62 && text.contains("(31 more differences)"))
    }

    @Test(arguments: [JSON.null, [], ["trace_log": [1, "x", nil]], ["trace_log": [["type": "request"]]]])
    func survivesWhatIsNoTrace(trace: JSON) {
        #expect(!TraceComparison(good: trace, bad: trace).text().isEmpty)
    }
}
