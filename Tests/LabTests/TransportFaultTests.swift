import Glibc
import JSONReader
import Testing
import WatchCore

@testable import Lab

@Suite struct TransportFaultTests {
    private static let metadata = "/.well-known/oauth-authorization-server"

    /// Asks for the metadata of a lab whose discovery is spoiled.
    private func discovery(_ fault: TransportFault, patience: Duration = .seconds(20)) throws -> TinyClient.Answer {
        var answer: TinyClient.Answer?
        try withLab(["discovery.\(fault.rawValue)"]) { (client, server) throws in
            let http = try TinyClient(port: try #require(server.ports?.here), patience: patience)
            answer = try http.ask("GET", Self.metadata)
        }
        return try #require(answer)
    }

    @Test func hangs() {
        #expect(throws: TinyClient.Failure.silence(bytes: 0)) { try discovery(.hang, patience: .milliseconds(50)) }
    }

    @Test func dripsOneByteAtATime() throws {
        try withLab(["discovery.drip"], change: { $0.dripPause = .seconds(60) }) { (client, _) throws in
            client.http.send("GET \(Self.metadata) HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.http.some() == [UInt8(ascii: "H")])
            #expect(client.http.isOpen())
        }
    }

    @Test func dripsWholeAnswerInTheEnd() throws {
        try withLab(["discovery.drip"], change: { $0.dripPause = .zero }) { (client, _) throws in
            let answer = try client.http.ask("GET", Self.metadata)
            #expect(try JSON(parsing: answer.body)["issuer"] != nil)
        }
    }

    @Test func resets() {
        #expect(throws: TinyClient.Failure.reset) { try discovery(.reset) }
    }

    @Test func truncates() throws {
        let error = #expect(throws: TinyClient.Failure.self) { try discovery(.truncated) }
        guard case .closedEarly(let bytes) = error else { throw TinyClient.Failure.noHTTP("\(error as Any)") }
        #expect(bytes > 100)
    }

    @Test func sendsMoreThanOneMebibyte_stillJSON() throws {
        let answer = try discovery(.oversized)
        #expect(answer.body.count > 2 << 20)
        #expect(answer.body.last == UInt8(ascii: "}"))
    }

    @Test func nestsTooDeep() throws {
        let answer = try discovery(.deepJSON)
        #expect(answer.fields["Content-Type"] == "application/json")
        #expect(throws: JSONError.self) { try JSON(parsing: answer.body) }
    }

    @Test func answersInOtherEncoding() throws {
        let answer = try discovery(.wrongEncoding)
        #expect(answer.body.prefix(4) == [0xff, 0xfe, UInt8(ascii: "{"), 0])
        #expect(String(validating: answer.body, as: UTF8.self) == nil)
    }

    @Test func answersWhatIsNoHTTP() {
        let failure = TinyClient.Failure.self
        #expect(throws: failure) { try discovery(.malformed) }
    }

    @Test func answersHTML() throws {
        let answer = try discovery(.html)
        #expect(answer.status == 200)
        #expect(answer.fields["Content-Type"] == "text/html")
    }

    @Test func answers500_withoutLookingAtTheRequest() throws {
        try withLab(["registration.http-500"]) { (client, server) throws in
            #expect(try client.register().status == 500)
            #expect(server.stats.clients == 0)
        }
    }

    @Test func spoilsAnswerOfRequestThatHadItsEffect() throws {
        try withLab { (client, server) throws in
            let tokens = try client.tokens()
            try server.setFault("refresh.reset", true)
            let second = try TinyClient(port: try #require(server.ports?.here))
            let form = FormPair.encode([
                FormPair("grant_type", "refresh_token"), FormPair("refresh_token", tokens.refresh),
                FormPair("client_id", client.clientID),
            ])
            #expect(throws: TinyClient.Failure.reset) {
                try second.ask("POST", "/token", ["Content-Type": "application/x-www-form-urlencoded"], body: form)
            }
            try server.setFault("refresh.reset", false)
            #expect(try HandClient.error(try client.refresh(tokens.refresh)) == "invalid_grant")
        }
    }

    /// Each class of requests is spoiled alone: in the flow with one class at 500, that class and no other is.
    @Test(arguments: EndpointClass.allCases)
    func spoilsOneClassOnly(endpoint: EndpointClass) throws {
        try withLab { (client, server) throws in
            let tokens = try client.tokens()
            try server.setFault("\(endpoint.rawValue).http-500", true)
            var statuses: [EndpointClass: Int] = [:]
            statuses[.challenge] = try client.mcp("ping").status
            statuses[.mcp] = try client.mcp("ping", token: tokens.access).status
            statuses[.discovery] = try client.http.ask("GET", Self.metadata).status
            statuses[.login] = try client.logIn().status
            statuses[.authorization] = try client.authorize().status
            statuses[.token] = try client.redeem("made-up").status
            statuses[.refresh] = try client.refresh("made-up").status
            statuses[.revocation] = try client.form("/revoke", []).status
            statuses[.registration] = try client.register().status
            #expect(statuses.filter { $0.value == 500 }.map(\.key) == [endpoint])
            #expect(statuses.count == EndpointClass.allCases.count)
        }
    }

    @Test func stopsAtOnce_whileAnswersHang() throws {
        try withLab(["discovery.hang"]) { (client, server) throws in
            client.http.send("GET \(Self.metadata) HTTP/1.1\r\nHost: h\r\n\r\n")
            while server.stats.requests == 0 { sched_yield() }
            server.stop()
            #expect(client.http.closes())
        }
    }
}
