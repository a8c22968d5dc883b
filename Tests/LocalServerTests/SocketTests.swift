import Glibc
import Testing

@testable import LocalServer

/// Unix sockets, sockets that were handed over, actions, and rules that change.
@Suite struct SocketTests {
    private static let routes: [String: LocalRoute] = ["/page": { _ in LocalResponse(body: "hello") }]

    /// A path in a directory of its own, which is removed after the body.
    private func withPath(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/oauthwatch-socket-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            unlink("\(directory)/s")
            rmdir(directory)
        }
        try body("\(directory)/s")
    }

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test func servesOnAUnixSocket_forOwnerAndGroup_andRemovesIt() throws {
        try withPath { path in
            let server = try LocalServer(path: path, routes: Self.routes)
            #expect(server.port == 0)
            #expect(mode(path) == 0o660)
            #expect(try RawClient(path: path).exchange().httpBody == "hello")
            server.stop()
            #expect(mode(path) == nil)
        }
    }

    @Test func replacesASocketThatADeadProcessLeft_butNoLivingOneAndNoFile() throws {
        try withPath { path in
            let abandoned = try UnixListener.open(path)
            close(abandoned)
            let server = try LocalServer(path: path, routes: Self.routes)
            let taken = #expect(throws: LocalServerError.self) { try LocalServer(path: path, routes: Self.routes) }
            #expect(taken?.code == .addressInUse)
            #expect(try RawClient(path: path).exchange().status == 200)
            server.stop()
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            let file = #expect(throws: LocalServerError.self) { try LocalServer(path: path, routes: Self.routes) }
            #expect(file?.code == .addressInUse)
            #expect(mode(path) == 0o600)
        }
    }

    @Test func saysWhatIsWrongWithThePath() throws {
        let long = #expect(throws: LocalServerError.self) {
            try LocalServer(path: "/tmp/" + String(repeating: "x", count: 103), routes: Self.routes)
        }
        #expect(long?.code == .badAddress)
        let missing = #expect(throws: LocalServerError.self) {
            try LocalServer(path: "/nowhere/at/all/s", routes: Self.routes)
        }
        #expect(missing?.code == .addressNotHere)
    }

    @Test func leavesAHandedOverSocketListening_whenItStops() throws {
        let held = try ListeningSocket.open(host: "127.0.0.1", port: 0)
        defer { close(held) }
        let first = try LocalServer(adopting: dup(held), routes: Self.routes)
        let port = first.port
        #expect(try first.exchange().status == 200)
        first.stop()
        // Nobody serves now: the client waits, and the next server answers it.
        let waiting = try RawClient(port: port)
        waiting.send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let second = try LocalServer(adopting: dup(held), routes: Self.routes)
        #expect(try waiting.readAll().httpBody == "hello")
        second.stop()
    }

    @Test func answersWhoIsConnected_whenItStops() async throws {
        let server = try LocalServer(listen: ("127.0.0.1", 0), routes: Self.routes)
        let client = try RawClient(port: server.port)
        client.send("GET /page HTTP/1.1\r\nHost: localhost\r\n")
        // Connections are accepted in their order: when this one is answered, the first one is accepted, too.
        #expect(try server.exchange().status == 200)
        async let stopped: Void = Task.detached { server.stop() }.value
        client.send("\r\n")
        #expect(try client.readAll().httpBody == "hello")
        await stopped
        #expect(throws: RawClient.Failure.self) { try RawClient(port: server.port) }
    }

    @Test func refusesADescriptorThatDoesNotListen() throws {
        let error = #expect(throws: LocalServerError.self) {
            try LocalServer(adopting: open("/dev/null", O_RDONLY), routes: Self.routes)
        }
        #expect(error?.code == .badAddress)
    }

    @Test func takesPost_forActionsOnly() throws {
        let server = try LocalServer(
            listen: ("127.0.0.1", 0), routes: Self.routes,
            actions: ["/act": { _ in LocalResponse(status: 202, body: "done") }])
        #expect(try server.exchange("POST", "/act").httpBody == "done")
        #expect(try server.exchange("POST", "/act", fields: ["Host: localhost", "Content-Length: 0"]).status == 202)
        let get = try server.exchange("GET", "/act")
        #expect(get.status == 405)
        #expect(get.contains("\r\nAllow: POST\r\n"))
        #expect(try server.exchange("POST", "/page").status == 405)
        let foreign = ["Host: localhost", "Origin: https://evil.example"]
        #expect(try server.exchange("POST", "/act", fields: foreign).status == 403)
        #expect(try server.exchange("POST", "/act", fields: ["Host: evil.example"]).status == 403)
    }

    @Test func answersByOtherRules_afterAnUpdate() throws {
        let server = try LocalServer(listen: ("127.0.0.1", 0), routes: Self.routes)
        server.update(allowedHosts: ["watch.example"], routes: ["/other": { _ in LocalResponse(body: "new") }])
        #expect(try server.exchange().status == 403)
        #expect(try server.exchange("GET", "/other", fields: ["Host: watch.example"]).httpBody == "new")
        #expect(try server.exchange("GET", "/page", fields: ["Host: watch.example"]).status == 404)
    }
}
