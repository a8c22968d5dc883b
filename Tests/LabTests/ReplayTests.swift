import JSONReader
import Testing
import WatchCore

@testable import Lab

@Suite struct ReplayTests {
    private static let here = "http://127.0.0.1:9"

    /// A trace of these exchanges.
    private func replay(_ log: [(request: JSON, response: JSON)]) throws -> Replay {
        let entries = log.flatMap { [$0.request, $0.response] }
        let trace: JSON = [
            "metadata": ["server_url": "https://mcp.example/mcp"], "trace_log": .array(entries),
        ]
        let directory = try TemporaryDirectory(prefix: "oauthwatch-replay")
        return try Replay(path: try directory.write(trace.text(), to: "trace.json"))
    }

    private static func asked(_ method: String, _ path: String, json: JSON = .null, data: JSON = .null) -> JSON {
        [
            "type": "request", "method": .string(method), "url": .string("https://mcp.example\(path)"), "headers": [:],
            "json": json, "data": data,
        ]
    }

    private static func answered(_ status: Int, _ headers: JSON = [:], json: JSON = .null, text: String = "") -> JSON {
        [
            "type": "response", "status_code": .integer(status), "headers": headers, "json": json,
            "text": .string(text),
        ]
    }

    private func request(_ method: String, _ target: String, _ json: JSON? = nil) -> LabRequest {
        LabRequest(method: method, target: target, version: "1.1", fields: [:], body: json?.bytes() ?? [])
    }

    @Test func answersInTheirOrder_andTheLastOneGoesOn() throws {
        let replay = try replay([
            (Self.asked("GET", "/a"), Self.answered(500)), (Self.asked("GET", "/a"), Self.answered(204)),
        ])
        let statuses = (1...3).map { _ in replay.answer(request("GET", "/a"), here: Self.here)?.status }
        #expect(statuses == [500, 204, 204])
    }

    @Test func putsInTheOriginOfNow_whereverItStands() throws {
        let replay = try replay([
            (
                Self.asked("GET", "/meta"),
                Self.answered(
                    200, ["link": "https://mcp.example/x", "content-length": "999"],
                    json: ["issuer": "https://mcp.example"])
            )
        ])
        let answer = try #require(replay.answer(request("GET", "/meta"), here: Self.here))
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"issuer":"http://127.0.0.1:9"}"#)
        #expect(answer.fields["link"] == "http://127.0.0.1:9/x")
        #expect(answer.fields["content-length"] == nil)
    }

    @Test func putsInTheStateOfNow() throws {
        let callback = "http://localhost:3000/callback?code=c&state=old&iss=https%3A%2F%2Fmcp.example"
        let replay = try replay([
            (Self.asked("GET", "/authorize"), Self.answered(302, ["location": .string(callback)]))
        ])
        let answer = replay.answer(request("GET", "/authorize?state=new"), here: Self.here)
        #expect(
            answer?.fields["Location"]
                == "http://localhost:3000/callback?code=c&state=new&iss=http%3A%2F%2F127.0.0.1%3A9")
    }

    @Test func tellsMessagesApart_andAnswersWithTheIdThatWasAsked() throws {
        func message(_ method: String, _ id: Int) -> JSON { ["method": .string(method), "id": .integer(id)] }
        let replay = try replay(
            ["initialize", "tools/list"].map { name in
                (
                    Self.asked("POST", "/mcp", json: message(name, 1)),
                    Self.answered(200, json: ["id": 1, "result": .string(name)])
                )
            })
        let answer = replay.answer(request("POST", "/mcp", message("tools/list", 42)), here: Self.here)
        #expect(answer.map { String(decoding: $0.body, as: UTF8.self) } == #"{"id":42,"result":"tools/list"}"#)
    }

    @Test func breaksTheConnection_whereItBroke_andKnowsNothingElse() throws {
        let replay = try replay([
            (Self.asked("GET", "/a"), ["type": "response", "error": ["kind": "timed-out", "message": "no answer"]])
        ])
        #expect(replay.answer(request("GET", "/a"), here: Self.here) == nil)
        #expect(replay.answer(request("GET", "/b"), here: Self.here)?.status == 404)
    }

    @Test func saysWhatIsAmiss_whenThereIsNoTrace() throws {
        #expect(throws: LabError.system(operation: "open /nowhere/trace.json", errno: 2)) {
            try Replay(path: "/nowhere/trace.json")
        }
        let error = #expect(throws: LabError.self) { try Replay(path: "/dev/null") }
        #expect(error?.description.hasPrefix("/dev/null: this is no trace file") == true)
    }
}
