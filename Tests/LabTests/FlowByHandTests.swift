import JSONReader
import Testing
import WatchCore

@testable import Lab

@Suite struct FlowByHandTests {
    @Test func servesWholeFlow() throws {
        try withLab { (client, server) throws in
            #expect(try client.mcp("initialize").status == 401)
            let tokens = try client.tokens()
            let hello = try client.mcp("initialize", token: tokens.access, ["protocolVersion": "2025-06-18"])
            #expect(try JSON(parsing: hello.body)["result"]?["protocolVersion"] == "2025-06-18")
            let session = try #require(hello.fields["Mcp-Session-Id"])
            let list = try client.mcp("tools/list", token: tokens.access, fields: ["Mcp-Session-Id": session])
            #expect(try JSON(parsing: list.body)["result"]?["tools"]?.array?.first?["name"] == "echo")
            let echo: JSON = ["name": "echo", "arguments": ["text": "hé"]]
            let called = try client.mcp("tools/call", token: tokens.access, echo, path: "/mcp")
            #expect(try JSON(parsing: called.body)["result"]?["content"]?.array?.first?["text"] == "hé")
            #expect(server.stats.logins == 1)
            #expect(server.stats.passwordSubmissions == 1)
            #expect(server.stats.clients == 1)
        }
    }

    @Test func sendsStateAndIssuerBack() throws {
        try withLab { (client, server) throws in
            try client.register()
            try client.authorize()
            let answer = try client.logIn()
            let port = try #require(server.ports?.here)
            #expect(answer.status == 302)
            #expect(answer.fields["Location"]?.hasPrefix(HandClient.callback + "?") == true)
            #expect(HandClient.query(answer)["state"] == "the state")
            #expect(HandClient.query(answer)["iss"] == "http://127.0.0.1:\(port)")
        }
    }

    @Test func refusesWrongVerifier_andTakesRightOneAfterwards() throws {
        try withLab { (client, _) throws in
            try client.register()
            let code = try client.code()
            let wrong = try client.redeem(code, verifier: String(HandClient.verifier.reversed()))
            #expect(wrong.status == 400)
            #expect(try HandClient.error(wrong) == "invalid_grant")
            #expect(try client.redeem(code).status == 200)
        }
    }

    @Test func refusesCodeReplay_andEndsItsTokens() throws {
        try withLab { (client, server) throws in
            try client.register()
            let code = try client.code()
            let tokens = try HandClient.tokens(in: try client.redeem(code))
            #expect(try client.mcp("ping", token: tokens.access).status == 200)
            #expect(try HandClient.error(try client.redeem(code)) == "invalid_grant")
            #expect(try client.mcp("ping", token: tokens.access).status == 401)
            #expect(server.stats.replays == 1)
        }
    }

    @Test func refusesCodeWithOtherRedirect_otherClient_orTooLate() throws {
        let clock = SettableClock()
        try withLab(clock: clock) { (client, _) throws in
            try client.register()
            let code = try client.code()
            #expect(
                try HandClient.error(try client.redeem(code, redirectURI: "http://localhost:1/")) == "invalid_grant")
            let owner = client.clientID
            try client.register()
            #expect(try HandClient.error(try client.redeem(code)) == "invalid_grant")
            client.clientID = owner
            clock.advance(by: .seconds(61))
            #expect(try HandClient.error(try client.redeem(code)) == "invalid_grant")
        }
    }

    @Test func rotatesRefreshToken_andEndsFamilyWhenOldOneComesAgain() throws {
        try withLab { (client, server) throws in
            let first = try client.tokens()
            let second = try HandClient.tokens(in: try client.refresh(first.refresh))
            #expect(second.access != first.access)
            #expect(second.refresh != first.refresh)
            #expect(try client.mcp("ping", token: second.access).status == 200)
            #expect(try HandClient.error(try client.refresh(first.refresh)) == "invalid_grant")
            #expect(try client.mcp("ping", token: second.access).status == 401)
            #expect(try HandClient.error(try client.refresh(second.refresh)) == "invalid_grant")
            #expect(server.stats.replays == 1)
        }
    }

    @Test func endsAccessTokenWhenItsTimeIsOver() throws {
        let clock = SettableClock()
        try withLab(clock: clock) { (client, _) throws in
            let tokens = try client.tokens()
            clock.advance(by: .seconds(3_599))
            #expect(try client.mcp("ping", token: tokens.access).status == 200)
            clock.advance(by: .seconds(1))
            let late = try client.mcp("ping", token: tokens.access)
            #expect(late.status == 401)
            #expect(late.fields["WWW-Authenticate"]?.contains("error=\"invalid_token\"") == true)
        }
    }

    @Test func revokesFamilyByItsRefreshToken() throws {
        try withLab { (client, server) throws in
            let tokens = try client.tokens()
            let pairs = [FormPair("token", tokens.refresh), FormPair("client_id", client.clientID)]
            #expect(try client.form("/revoke", pairs).status == 200)
            #expect(try client.mcp("ping", token: tokens.access).status == 401)
            #expect(try client.form("/revoke", pairs).status == 200)
            #expect(server.stats.revocations == 1)
        }
    }

    @Test(
        arguments: [
            (["client_id": "nobody"], 400, nil), (["redirect_uri": "https://thief.example/"], 400, nil),
            (["redirect_uri": HandClient.callback + "/more"], 400, nil),
            (["redirect_uri": "http://localhost:4000/callback"], 200, nil),
            (["code_challenge": nil], 302, "invalid_request"),
            (["code_challenge_method": "plain"], 302, "invalid_request"),
            (["response_type": "token"], 302, "unsupported_response_type"),
            (["scope": "read all"], 302, "invalid_scope"),
            (["resource": "https://other.example/"], 302, "invalid_target"), (["scope": "read"], 200, nil),
        ] as [([String: String?], Int, String?)])
    func judgesAuthorizationRequest(changes: [String: String?], status: Int, error: String?) throws {
        try withLab { (client, _) throws in
            try client.register()
            let answer = try client.authorize(changes)
            #expect(answer.status == status)
            #expect(HandClient.query(answer)["error"] == error)
            if status == 400 { #expect(answer.fields["Location"] == nil) }
        }
    }

    @Test(
        arguments: [
            [], ["javascript:alert(1)"], ["http://public.example/"], ["https://a.example/#part"], [7],
        ] as [[JSON]])
    func refusesRedirectURIs(_ uris: [JSON]) throws {
        try withLab { (client, server) throws in
            let answer = try client.register(redirectURIs: uris)
            #expect(answer.status == 400)
            #expect(try HandClient.error(answer) == "invalid_redirect_uri")
            #expect(server.stats.clients == 0)
        }
    }

    @Test func asksAgainAfterWrongPassword() throws {
        try withLab { (client, server) throws in
            try client.register()
            try client.authorize()
            let again = try client.logIn(password: "wrong")
            #expect(again.status == 401)
            #expect(again.text.contains("type=\"password\""))
            #expect(try client.logIn().status == 302)
            #expect(server.stats.rejections == 1)
        }
    }

    @Test func refusesFormWithoutItsCookieOrToken() throws {
        try withLab { (client, server) throws in
            try client.register()
            try client.authorize()
            let (cookie, formToken) = (client.cookie, client.formToken)
            client.cookie = ""
            #expect(try client.logIn().status == 400)
            (client.cookie, client.formToken) = (cookie, "made-up")
            #expect(try client.logIn().status == 403)
            client.formToken = formToken
            #expect(try client.logIn().status == 302)
            #expect(server.stats.logins == 1)
        }
    }
}
