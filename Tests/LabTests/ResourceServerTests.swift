import JSONReader
import Testing
import WatchCore

@testable import Lab

@Suite struct ResourceServerTests {
    @Test(
        arguments: [
            ("no-www-authenticate", nil), ("no-prm", "Bearer"), ("no-resource-metadata", "Bearer scope=\"read write\""),
        ] as [(String, String?)])
    func challenges(fault: String, header: String?) throws {
        try withLab([fault]) { (client, _) throws in
            let answer = try client.mcp("initialize")
            #expect(answer.status == 401)
            #expect(answer.fields["WWW-Authenticate"] == header)
        }
    }

    @Test func wantsTokenForToolCallsOnly() throws {
        try withLab(["tools-call-only"]) { (client, _) throws in
            #expect(try client.mcp("initialize").status == 200)
            #expect(try client.mcp("tools/list").status == 200)
            let call: JSON = ["name": "echo", "arguments": ["text": "x"]]
            let refused = try client.mcp("tools/call", call)
            #expect(refused.status == 401)
            #expect(refused.fields["WWW-Authenticate"] == "Bearer")
            let token = try client.tokens().access
            #expect(try client.mcp("tools/call", token: token, call).status == 200)
        }
    }

    @Test(arguments: [
        ("mcp-wrong-id", JSON.string("another-id"), false), ("mcp-jsonrpc-error", 7, true),
    ])
    func spoilsMessages(fault: String, id: JSON, isError: Bool) throws {
        try withLab(["open-door", fault]) { (client, _) throws in
            let answer = try JSON(parsing: try client.mcp("tools/list").body)
            #expect(answer["id"] == id)
            #expect((answer["error"] != nil) == isError)
        }
    }

    @Test func asksForMoreScope_andIsContentWithIt() throws {
        try withLab(["insufficient-scope"]) { (client, _) throws in
            let refused = try client.mcp("tools/list", token: client.tokens().access)
            #expect(refused.status == 403)
            let challenge = try #require(refused.fields["WWW-Authenticate"])
            #expect(challenge.contains("error=\"insufficient_scope\""))
            #expect(challenge.contains("scope=\"read write admin\""))
            try client.authorize(["scope": "read write admin"])
            let code = try #require(HandClient.query(try client.logIn())["code"])
            let tokens = try HandClient.tokens(in: try client.redeem(code))
            #expect(try client.mcp("tools/list", token: tokens.access).status == 200)
        }
    }

    @Test func streamsEvents_withNoiseAround() throws {
        try withLab(["open-door", "sse"]) { (client, _) throws in
            let answer = try client.mcp("tools/list")
            #expect(answer.fields["Content-Type"] == "text/event-stream")
            #expect(answer.text.hasPrefix(": a comment\n\n"))
            #expect(answer.text.contains("notifications/message"))
            #expect(answer.text.contains("\"id\":7,\"result\""))
        }
    }

    @Test func leavesEventStreamOpen() throws {
        try withLab(["open-door", "sse-never-closes"]) { (client, _) throws in
            let message = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"}"
            client.http.send(
                "POST / HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(message.utf8.count)\r\n\r\n\(message)")
            #expect(try client.http.read(until: ": still here").contains("\"id\":7,\"result\""))
            #expect(client.http.isOpen())
        }
    }

    @Test(
        arguments: [([], 200, 404), (["session-required"], 400, 404), (["no-session"], 200, 200)]
            as [([String], Int, Int)])
    func looksAtSession(faults: [String], without: Int, unknown: Int) throws {
        try withLab(["open-door"] + faults) { (client, _) throws in
            let session = try client.mcp("initialize").fields["Mcp-Session-Id"]
            #expect((session == nil) == (faults == ["no-session"]))
            #expect(try client.mcp("ping").status == without)
            #expect(try client.mcp("ping", fields: ["Mcp-Session-Id": "made-up"]).status == unknown)
            guard let session else { return }
            #expect(try client.mcp("ping", fields: ["Mcp-Session-Id": session]).status == 200)
        }
    }

    @Test(
        arguments: [
            (["Origin": "https://evil.example"], 403), (["Origin": "http://localhost:1"], 200),
            (["Accept": "application/json"], 406), (["MCP-Protocol-Version": "1999-01-01"], 400),
            (["MCP-Protocol-Version": "2025-06-18"], 200),
        ] as [(HTTPFields, Int)])
    func looksAtHeaders(fields: HTTPFields, status: Int) throws {
        try withLab(["open-door"]) { (client, _) throws in
            #expect(try client.mcp("ping", fields: fields).status == status)
        }
    }

    @Test func acknowledgesNotification() throws {
        try withLab(["open-door"]) { (client, _) throws in
            let answer = try client.http.ask(
                "POST", "/", ["Content-Type": "application/json", "Accept": "*/*"],
                body: "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
            #expect(answer.status == 202)
            #expect(answer.body.isEmpty)
        }
    }

    @Test func endsAccessTokensEarly() throws {
        let clock = SettableClock()
        try withLab(["early-death"], clock: clock) { (client, _) throws in
            let tokens = try client.tokens()
            clock.advance(by: .seconds(359))
            #expect(try client.mcp("ping", token: tokens.access).status == 200)
            clock.advance(by: .seconds(1))
            #expect(try client.mcp("ping", token: tokens.access).status == 401)
        }
    }

    @Test func givesClaimsToBearerOnly() throws {
        try withLab { (client, _) throws in
            #expect(try client.http.ask("GET", "/userinfo").status == 401)
            let token = try client.tokens().access
            let answer = try client.http.ask("GET", "/userinfo", ["Authorization": "bearer \(token)"])
            #expect(try JSON(parsing: answer.body)["sub"] == "testuser")
        }
    }
}
