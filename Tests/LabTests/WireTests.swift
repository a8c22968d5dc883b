import JSONReader
import Testing
import WatchCore

@testable import Lab

@Suite struct WireTests {
    @Test func servesManyRequestsOnOneConnection_andClosesWhenAsked() throws {
        try withLab { (client, server) throws in
            for _ in 0..<3 { #expect(try client.http.ask("GET", "/nowhere").status == 404) }
            #expect(try client.http.ask("GET", "/nowhere", ["Connection": "close"]).fields["Connection"] == "close")
            #expect(client.http.closes())
            #expect(server.stats.requests == 4)
        }
    }

    @Test func answers400AndCloses_whenRequestIsMalformed() throws {
        try withLab { (client, _) throws in
            client.http.send("NONSENSE\r\n\r\n")
            #expect(try client.http.answer().status == 400)
            #expect(client.http.closes())
        }
    }

    @Test func answersHeadWithoutBody_andGoesOn() throws {
        try withLab { (client, _) throws in
            let head = try client.http.ask("HEAD", "/.well-known/oauth-authorization-server")
            #expect(head.fields["Content-Length"] != "0")
            #expect(head.body.isEmpty)
            #expect(try client.http.ask("GET", "/token").status == 405)
        }
    }

    @Test func chunksBodies() throws {
        try withLab(["chunked"]) { (client, _) throws in
            let answer = try client.http.ask("GET", "/.well-known/oauth-authorization-server")
            #expect(answer.fields["Transfer-Encoding"] == "chunked")
            #expect(answer.fields["Content-Length"] == nil)
            #expect(try JSON(parsing: answer.body)["issuer"] != nil)
        }
    }

    @Test(arguments: [("gzip", "gzip"), ("identity", nil)])
    func compresses_whereTheClientTakesIt(accepted: String, encoding: String?) throws {
        try withLab(["gzip"]) { (client, _) throws in
            let target = "/.well-known/oauth-authorization-server"
            let answer = try client.http.ask("GET", target, ["Accept-Encoding": accepted])
            #expect(answer.fields["Content-Encoding"] == encoding)
            #expect((answer.body.first == 0x1f) == (encoding != nil))
        }
    }

    @Test func closesEachConnection() throws {
        try withLab(["connection-close"]) { (client, _) throws in
            #expect(try client.http.ask("GET", "/nowhere").fields["Connection"] == "close")
            #expect(client.http.closes())
        }
    }

    @Test func listensOnIPv6() throws {
        var configuration = LabConfiguration()
        (configuration.port, configuration.faults) = (0, ["ipv6"])
        let server = try LabServer(configuration)
        let port = try server.start()
        defer { server.stop() }
        let http = try TinyClient(port: port, host: "::1")
        let answer = try http.ask("GET", "/.well-known/oauth-authorization-server", ["Host": "[::1]:\(port)"])
        #expect(try JSON(parsing: answer.body)["issuer"] == .string("http://[::1]:\(port)"))
    }

    @Test(
        arguments: [
            ("localhost:1234", nil, "http://localhost:1234"), ("evil.example", nil, "http://127.0.0.1:"),
            ("localhost", "https://lab.example/", "https://lab.example"),
        ] as [(String, String?, String)])
    func namesItself(host: String, origin: String?, issuer: String) throws {
        try withLab(change: { $0.origin = origin.flatMap { WebURL($0) } }) { (client, _) throws in
            let answer = try client.http.ask(
                "GET", "/.well-known/oauth-authorization-server", ["Host": host, "X-Forwarded-Host": "evil.example"])
            #expect(try JSON(parsing: answer.body)["issuer"]?.string?.hasPrefix(issuer) == true)
            #expect(!answer.text.contains("evil"))
        }
    }

    @Test func recordsWhatCame() throws {
        try withLab { (client, server) throws in
            try client.register()
            let request = try #require(server.requests.first)
            #expect((request.method, request.path, request.status) == ("POST", "/register", 201))
            #expect(request.text.contains("by hand"))
            #expect(request.json["headers"]?.array?.contains(["Content-Type", "application/json"]) == true)
            #expect(request.listener == .lab)
        }
    }

    @Test func servesSecondOrigin_andTellsItApart() throws {
        try withLab(["token-endpoint-elsewhere"]) { (client, server) throws in
            let ports = try #require(server.ports)
            let metadata = try client.http.ask("GET", "/.well-known/oauth-authorization-server")
            let endpoint = try JSON(parsing: metadata.body)["token_endpoint"]
            #expect(endpoint == .string("http://127.0.0.1:\(ports.elsewhere)/token"))
            _ = try TinyClient(port: ports.elsewhere).ask("POST", "/token")
            #expect(server.requests.last?.listener == .elsewhere)
            #expect(server.stats.elsewhere == 1)
        }
    }

    @Test func keepsStoreOverStopAndStart() throws {
        let store = LabStore()
        var kept: (client: String, access: String, refresh: String)?
        try withLab(store: store) { (client, _) throws in
            let tokens = try client.tokens()
            kept = (client.clientID, tokens.access, tokens.refresh)
        }
        let before = try #require(kept)
        try withLab(store: store) { (client, _) throws in
            client.clientID = before.client
            #expect(try client.mcp("ping", token: before.access).status == 200)
            #expect(try client.refresh(before.refresh).status == 200)
        }
    }

    @Test func saysThatPortIsTaken() throws {
        try withLab { (_, server) throws in
            var configuration = LabConfiguration()
            configuration.port = try #require(server.ports?.here)
            let second = try LabServer(configuration)
            let error = #expect(throws: LabError.self) { try second.start() }
            #expect(error?.description.contains("Address already in use") == true)
        }
    }
}
