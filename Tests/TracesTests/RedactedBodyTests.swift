import Testing
import WatchCore

@testable import Traces

struct RedactedBodyTests {
    private let redactor = RedactorTests.redactor(values: ["SplxlOBeZQQYbYS6WxSbIA"])

    private func body(
        _ text: String, type: String = "application/json", status: Int = 200, method: String = "initialize",
        limit: Int = 1_000
    ) throws -> RedactedBody {
        let request = HTTPRequest(
            .mcp, "POST", try SampleRun.url("http://127.0.0.1/"), body: .json(["method": .string(method), "id": 1]))
        return body(text, type: type, status: status, to: request, limit: limit)
    }

    private func body(_ text: String, type: String, status: Int, to request: HTTPRequest, limit: Int) -> RedactedBody {
        let response = HTTPResponse(status: status, fields: ["Content-Type": type], body: Array(text.utf8))
        return redactor.body(of: response, to: request, limit: limit)
    }

    @Test func jsonIsJSON_andItsTextSaysTheSame() throws {
        let body = try body(" {\"a\": [1, \"SplxlOBeZQQYbYS6WxSbIA\"]}")
        let label = redactor.fingerprint.label("SplxlOBeZQQYbYS6WxSbIA".utf8)
        #expect(body.json == ["a": [1, .string(label)]])
        #expect(body.text == "{\"a\":[1,\"\(label)\"]}")
        #expect(body.truncated == 0)
    }

    @Test func isCutOff_afterRedaction_andSaysSo() throws {
        let body = try body("0123456789SplxlOBeZQQYbYS6WxSbIA0123456789", type: "text/plain", limit: 15)
        #expect(body.text == "0123456789<reda")
        #expect(body.truncated == 24)
        let json = try self.body("{\"a\":\"0123456789\"}", limit: 10)
        #expect(json.json == nil)
        #expect(json.text == "{\"a\":\"0123")
    }

    @Test func cutsNoCharacterInTwo() throws {
        let body = try body("aaa\u{20ac}bbb", type: "text/plain", limit: 5)
        #expect(body.text == "aaa")
        #expect(body.truncated == 6)
    }

    @Test func ofAToolsResult_onlyTheShapeStays() throws {
        let answer =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"my diary\"}],"
            + "\"isError\":false,\"structuredContent\":{\"n\":5,\"on\":true,\"none\":null}}}"
        let body = try body(answer, method: "tools/call")
        #expect(
            body.json == [
                "jsonrpc": "2.0", "id": 1,
                "result": [
                    "content": [["type": "<string: 4 bytes>", "text": "<string: 8 bytes>"]], "isError": false,
                    "structuredContent": ["n": "<number>", "on": "<boolean>", "none": nil],
                ],
            ])
        #expect(!body.text.contains("diary"))
    }

    @Test func aToolsErrorKeepsItsMessage() throws {
        let body = try body(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"Unknown tool\",\"data\":\"diary\"}}",
            method: "tools/call")
        #expect(body.json?["error"] == ["code": -32602, "message": "Unknown tool", "data": "<string: 5 bytes>"])
    }

    @Test(arguments: ["diary", "{\"jsonrpc\":\"2.0\",\"result\":\"diary\"", "<p>diary</p>"])
    func aToolsAnswerThatIsNoJSON_isOnlyCounted(text: String) throws {
        #expect(try body(text, method: "tools/call").text == "<text: \(text.utf8.count) bytes>")
    }

    @Test func aRefusedToolsCall_isKept() throws {
        let body = try body("{\"error\":\"insufficient_scope\"}", status: 403, method: "tools/call")
        #expect(body.json == ["error": "insufficient_scope"])
    }

    @Test func readsEventStreams() throws {
        let stream =
            ": ping\r\n\r\nevent: message\r\ndata: {\"result\":\r\ndata: {\"x\":\"diary SplxlOBeZQQYbYS6WxSbIA\"}}\r\n\r\n"
            + "data: diary\u{2028}diary\n\ndiary\n"
        let kept = try body(stream, type: "text/event-stream")
        let label = redactor.fingerprint.label("SplxlOBeZQQYbYS6WxSbIA".utf8)
        #expect(kept.text.hasPrefix(": ping\n\nevent: message\ndata: {\"result\":{\"x\":\"diary \(label)\"}}\n\n"))
        #expect(kept.json == nil)
        let shaped = try body(stream, type: "text/event-stream", method: "tools/call")
        #expect(shaped.text.contains("data: {\"result\":{\"x\":\"<string: 28 bytes>\"}}"))
        #expect(!shaped.text.contains("diary"))
    }

    @Test func whatAProtectedAPISays_keepsItsShape() throws {
        let url = try SampleRun.url("http://127.0.0.1/userinfo")
        let with = HTTPRequest(.mcp, "GET", url, fields: ["Authorization": "Bearer x"])
        let text = "{\"sub\":\"u1\",\"email\":\"jo@example.org\"}"
        #expect(
            body(text, type: "application/json", status: 200, to: with, limit: 1_000).json
                == ["sub": "<string: 2 bytes>", "email": "<string: 14 bytes>"])
        let metadata = HTTPRequest(.discovery, "GET", url)
        #expect(body(text, type: "", status: 200, to: metadata, limit: 1_000).json?["email"] == "jo@example.org")
    }

    @Test func longListsAreTold_notListed() {
        let list = JSON.array((0..<50).map { .integer($0) })
        #expect(list.shape().array?.count == 21)
        #expect(list.shape().array?.last == "<30 more>")
    }
}
