import JSONReader
import Testing
import WatchCore

@testable import Lab

@Suite struct ControlTests {
    @Test func countsWhatHappened() throws {
        try withLab { (client, _) throws in
            _ = try client.tokens()
            let stats = try JSON(parsing: try client.http.ask("GET", "/-/stats").body)
            for (name, count) in [("clients", 1), ("codes", 1), ("tokens_issued", 1), ("password_submissions", 1)] {
                #expect(stats[name]?.integer == count, "\(name)")
            }
            #expect(stats["requests"]?.integer == 4)
        }
    }

    @Test func switchesFaultsWhileItRuns() throws {
        try withLab { (client, _) throws in
            #expect(try client.http.ask("POST", "/-/fault/challenge-403").status == 204)
            #expect(try client.http.ask("GET", "/-/faults").text == "[\"challenge-403\"]")
            #expect(try client.mcp("ping").status == 403)
            #expect(try client.http.ask("DELETE", "/-/fault/challenge-403").status == 204)
            #expect(try client.mcp("ping").status == 401)
            let unknown = try client.http.ask("POST", "/-/fault/no-such")
            #expect(unknown.status == 404)
            #expect(unknown.text.contains("no-such"))
        }
    }

    @Test(
        arguments: [
            ([], 200, 200), (["tokens-lost-on-restart"], 401, 400), (["clients-lost-on-restart"], 200, 401),
        ] as [([String], Int, Int)])
    func forgetsAtRestart_whatFaultsSay(faults: [String], access: Int, refresh: Int) throws {
        try withLab(faults) { (client, _) throws in
            let tokens = try client.tokens()
            #expect(try client.http.ask("POST", "/-/restart").status == 204)
            #expect(try client.mcp("ping", token: tokens.access).status == access)
            #expect(try client.refresh(tokens.refresh).status == refresh)
        }
    }

    @Test func letsTimeGoBy() throws {
        try withLab(clock: SettableClock()) { (client, _) throws in
            let tokens = try client.tokens()
            #expect(try client.http.ask("POST", "/-/skip/3599").status == 204)
            #expect(try client.mcp("ping", token: tokens.access).status == 200)
            #expect(try client.http.ask("POST", "/-/skip/1").status == 204)
            #expect(try client.mcp("ping", token: tokens.access).status == 401)
            #expect(try client.http.ask("POST", "/-/skip/soon").status == 400)
        }
    }

    @Test func namesTheProxiesBeforeItsOrigins() throws {
        try withLab(["metadata-to-other-origin"]) { configuration in
            configuration.origin = WebURL("http://127.0.0.1:1001")
            configuration.otherOrigin = WebURL("http://127.0.0.1:1002")
        } _: { (client, _) throws in
            let answer = try client.http.ask("GET", "/.well-known/oauth-protected-resource")
            let metadata = try JSON(parsing: answer.body)
            #expect(metadata["resource"] == "http://127.0.0.1:1001")
            #expect(metadata["authorization_servers"] == ["http://127.0.0.1:1002"])
        }
    }

    @Test func forgetsLoginsAtRestart() throws {
        try withLab { (client, _) throws in
            try client.register()
            try client.authorize()
            _ = try client.http.ask("POST", "/-/restart")
            #expect(try client.logIn().status == 400)
        }
    }

    @Test func givesRecordingAndForgetsIt() throws {
        try withLab { (client, server) throws in
            try client.register()
            let recorded = try JSON(parsing: try client.http.ask("GET", "/-/requests").body)
            #expect(recorded.array?.first?["target"] == "/register")
            #expect(try client.http.ask("DELETE", "/-/requests").status == 204)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func refusesForeignHost_andSecondOrigin() throws {
        try withLab { (client, server) throws in
            #expect(try client.http.ask("GET", "/-/stats", ["Host": "evil.example"]).status == 403)
            let elsewhere = try TinyClient(port: try #require(server.ports?.elsewhere))
            #expect(try elsewhere.ask("GET", "/-/stats").status == 404)
            #expect(try client.http.ask("PUT", "/-/restart").status == 404)
        }
    }
}
