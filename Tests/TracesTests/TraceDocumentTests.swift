import JSONReader
import Testing
import WatchCore

@testable import Traces

struct TraceDocumentTests {
    private func tokenExchange() throws -> Exchange {
        let form = [FormPair("grant_type", "authorization_code"), FormPair("code", "SplxlOBeZQQYbYS6")]
        let request = HTTPRequest(
            .token, "POST", try SampleRun.url("http://127.0.0.1:8000/token?x=1&y=2&x=3"), fields: ["Accept": "*/*"],
            body: .form(form), carriesSecret: true)
        var response = HTTPResponse(
            status: 200, reason: "OK", fields: ["Content-Type": "application/json", "Vary": "a"],
            body: Array("{\"access_token\":\"2YotnFZFEjr1zCsi\",\"expires_in\":3600}".utf8))
        response.fields.fields.append(HTTPFields.Field("vary", "b"))
        response.sentFields = ["Host": "127.0.0.1:8000", "Accept": "*/*"]
        response.remoteAddress = "127.0.0.1:8000"
        response.phases.connect = .milliseconds(1)
        response.phases.firstByte = .milliseconds(2)
        return SampleRun.exchange(request, .success(response))
    }

    @Test func writesTheSeedsStructure_andMore() throws {
        var run = SampleRun.record(
            [try tokenExchange()],
            findings: [Finding(.tokenNoStore, nil, "No Cache-Control.", evidence: "none", remedy: "Send it.")])
        run.steps = [StepResult(step: .token, outcome: .passed, duration: .milliseconds(5), status: 200)]
        run.summary.clientID = "client_123"
        run.summary.authCodeReceived = true
        let text = String(decoding: SampleRun.document(run).bytes, as: UTF8.self)
        #expect(text == goldenTrace)
    }

    @Test func tellsAFailure_inThePlaceOfTheAnswer() throws {
        let request = HTTPRequest(.challenge, "GET", try SampleRun.url("http://127.0.0.1:1/"))
        let failure = TransportFailure(.connectionRefused, "127.0.0.1:1 refused the connection")
        let trace = try SampleRun.document(SampleRun.record([SampleRun.exchange(request, .failure(failure))])).json
        let log = try #require(trace["trace_log"]?.array)
        #expect(log.count == 2)
        #expect(log[0]["params"] == .null)
        #expect(log[0]["data"] == .null)
        #expect(log[0]["json"] == .null)
        #expect(log[0]["sent"] == nil)
        #expect(log[1]["type"] == "response")
        #expect(log[1]["status_code"] == .null)
        #expect(log[1]["error"] == ["kind": "connection-refused", "message": "127.0.0.1:1 refused the connection"])
    }

    @Test func tellsWhatCame_beforeTheAnswerBroke() throws {
        let request = HTTPRequest(.token, "GET", try SampleRun.url("http://127.0.0.1:1/"))
        let partial = HTTPResponse(status: 200, body: Array("{\"access_token\":\"2YotnFZ".utf8))
        let failure = TransportFailure(.truncated, "cut off", partial: partial)
        let trace = try SampleRun.document(SampleRun.record([SampleRun.exchange(request, .failure(failure))])).json
        let entry = try #require(trace["trace_log"]?.array?.last)
        #expect(entry["status_code"] == 200)
        #expect(entry["text"]?.string?.contains("2Yotn") == false)
        #expect(entry["error"]?["kind"] == "truncated")
    }

    @Test(arguments: [TransportFailure.Kind.addressRefused, .originRefused, .budgetExhausted])
    func saysWhenNothingWasSent(kind: TransportFailure.Kind) throws {
        let request = HTTPRequest(.challenge, "GET", try SampleRun.url("http://127.0.0.1:1/"))
        let run = SampleRun.record([SampleRun.exchange(request, .failure(TransportFailure(kind, "refused")))])
        #expect(try SampleRun.document(run).json["trace_log"]?.array?.first?["sent"] == false)
    }

    @Test func keepsEveryValueOfARepeatedField() throws {
        let entry = try #require(SampleRun.document(SampleRun.record([try tokenExchange()])).json["trace_log"]?.array)
        #expect(entry[1]["headers"]?["vary"] == ["a", "b"])
        #expect(entry[0]["params"]?["x"] == ["1", "3"])
    }

    /// Fields and URLs that come again are copied from where they stand: each must stay what it would be alone.
    @Test func writesWhatComesAgain_asItWroteItFirst() throws {
        let secret = "SplxlOBeZQQYbYS6WxSbIA"
        let fields: [HTTPFields] = [
            ["Accept": "a/b", "X-Token": secret, "Cookie": "a=\(secret); b", "Content-Type": "k/k", "X-A": "\u{212a}"],
            [
                "Accept": "a/b", "X-Token": "other", "Cookie": "a=\(secret); c", "Content-Type": "\u{212a}/k",
                "X-A": "K",
            ],
            ["accept": "a/b", "X-Token": secret, "X-B": "e\u{301}", "x-a": "\u{e9}"],
            ["ACCEPT": "a/c", "X-Token": secret, "X-B": "\u{e9}", "Accept": "a/b"], ["X-\(secret)": "1", "X-a": "2"],
            ["\(secret)": "1", "Password=\(secret)": "2"], ["Accept": "a/b", "X-Token": secret], [:],
        ]
        let paths = ["/", "/a", "/?a=\(secret)", "/?code=\(secret)", "/b", "/", "/a", "/?a=\(secret)"]
        let exchanges = try zip(fields, paths).map { fields, path in
            var response = HTTPResponse(status: 200, fields: fields)
            response.sentFields = fields
            return SampleRun.exchange(
                HTTPRequest(.token, "GET", try SampleRun.url("http://h\(path)")), .success(response))
        }
        try expectEachAsAlone(exchanges, secret)
    }

    @Test func writesBodiesThatComeAgain_asItWroteThemFirst() throws {
        let secret = "SplxlOBeZQQYbYS6WxSbIA"
        let url = try SampleRun.url("http://h/")
        let sent: [JSON] = [
            ["a": "K"], ["a": "\u{212a}"], ["a": "e\u{301}"], ["a": "\u{e9}"], ["a": 0.0], ["a": -0.0], ["a": 0],
            ["b": "K"],
            ["a": .string(secret)], ["a": ["K"]], ["a": ["K", "K"]], ["a": ["b": "K"]], ["a": nil], [], [[:]],
            ["a": "K"],
            ["method": "tools/call"], ["method": "tools/list"],
        ]
        let answered = [
            "{\"result\":{\"a\":\"K\"}}", "{\"result\":{\"a\":\"\u{212a}\"}}", "", "no json \(secret)",
            "{\"code\":\"\(secret)\"}",
            "data: {\"result\":{\"a\":\"K\"}}\n", "\"" + String(repeating: "x", count: RedactedBody.limit) + "\"",
        ]
        var exchanges: [Exchange] = []
        for (index, json) in sent.enumerated() {
            for (status, type) in [(200, "application/json"), (401, "application/json"), (200, "text/event-stream")] {
                var response = HTTPResponse(status: status, fields: ["Content-Type": type])
                response.body = Array(answered[index % answered.count].utf8)
                exchanges.append(
                    SampleRun.exchange(HTTPRequest(.mcp, "POST", url, body: .json(json)), .success(response)))
            }
        }
        try expectEachAsAlone(exchanges, secret)
    }

    private func expectEachAsAlone(_ exchanges: [Exchange], _ secret: String) throws {
        func entries(_ exchanges: [Exchange]) throws -> [JSON] {
            var run = SampleRun.record(exchanges)
            run.secrets.add(secret)
            return try SampleRun.document(run).json["trace_log"]?.array ?? []
        }
        let together = try entries(exchanges + exchanges)
        for (index, exchange) in exchanges.enumerated() {
            let alone = try entries([exchange])
            for offset in [0, 2 * exchanges.count] {
                let pair = together[(2 * index + offset)...].prefix(2)
                // Equal texts may differ in their bytes.
                #expect(pair.map { $0.bytes() } == alone.map { $0.bytes() })
            }
        }
        #expect(!together.contains { $0.text().contains(secret) })
    }

    @Test func staysReadable_whateverAServerNests() throws {
        let depth = 60
        let body = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let request = HTTPRequest(.token, "GET", try SampleRun.url("http://127.0.0.1:1/"))
        let response = HTTPResponse(status: 200, body: Array(body.utf8))
        let document = SampleRun.document(SampleRun.record([SampleRun.exchange(request, .success(response))]))
        let read = try JSON(parsing: document.bytes)
        #expect(read["trace_log"]?.array?.last?["json"]?.text().contains("<nested deeper>") == true)
    }

    @Test func theVerdictStandsFirst() {
        let text = String(decoding: SampleRun.empty(.insecure).bytes.prefix(64), as: UTF8.self)
        #expect(text.hasPrefix("{\n  \"metadata\": {\n    \"verdict\": \"insecure\""))
    }
}
