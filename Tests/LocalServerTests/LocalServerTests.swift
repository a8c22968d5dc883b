import Glibc
import Testing
import WatchCore

@testable import LocalServer

@Suite struct LocalServerTests {
    private static let routes: [String: LocalRoute] = [
        "/page": { _ in LocalResponse(body: "hello") },
        "/echo": { request in
            LocalResponse(status: 503, body: request.query.map { "\($0.name)=\($0.value);" }.joined())
        },
        "/big": { _ in LocalResponse(body: String(repeating: "0123456789", count: 1_000_000)) },
        "/own": { _ in LocalResponse(body: "", fields: ["Content-Security-Policy": "default-src 'self'"]) },
    ]

    private func server(_ limits: LocalServerLimits = LocalServerLimits()) throws -> LocalServer {
        try LocalServer(listen: ("127.0.0.1", 0), limits: limits, routes: Self.routes)
    }

    @Test func answersGet_withBodyAndSecurityFields() throws {
        let answer = try server().exchange()
        #expect(answer.status == 200)
        #expect(answer.httpBody == "hello")
        for field in [
            "Content-Type: text/plain; charset=utf-8", "Content-Length: 5", "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none'; ", "Connection: close",
        ] {
            #expect(answer.contains("\r\n\(field)"), "\(field)")
        }
    }

    @Test func answersHead_withLengthButNoBody() throws {
        let answer = try server().exchange("HEAD")
        #expect(answer.status == 200)
        #expect(answer.contains("Content-Length: 5\r\n"))
        #expect(answer.httpBody.isEmpty)
    }

    @Test func letsRouteReplaceAField() throws {
        let answer = try server().exchange("GET", "/own")
        #expect(answer.contains("Content-Security-Policy: default-src 'self'\r\n"))
        #expect(!answer.contains("default-src 'none'"))
    }

    @Test func decodesQuery_andKeepsRoutesStatus() throws {
        let answer = try server().exchange("GET", "/echo?target=a%20b+c&empty&x=%C3%A9")
        #expect(answer.status == 503)
        #expect(answer.httpBody == "target=a b c;empty=;x=é;")
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get"])
    func refusesOtherMethods_namingTheAllowed(_ method: String) throws {
        let answer = try server().exchange(method)
        #expect(answer.status == 405)
        #expect(answer.contains("\r\nAllow: GET, HEAD\r\n"))
    }

    @Test(arguments: ["/", "/pag", "/page/", "/page%00", "/page%00/x", "//page", "/../page", "http://localhost/page"])
    func answers404_toWrongPaths(_ path: String) throws {
        #expect(try server().exchange("GET", path).status == 404)
    }

    @Test func refusesARequestWithABody_withoutReadingIt() throws {
        let server = try server()
        #expect(try server.exchange(fields: ["Host: localhost", "Content-Length: 5"], body: "12345").status == 413)
        let endless = try server.exchange(
            "POST", fields: ["Host: localhost", "Content-Length: 1000000000"], body: "a few bytes")
        #expect(endless.status == 405)
        let chunked = try server.exchange(fields: ["Host: localhost", "Transfer-Encoding: chunked"], body: "0\r\n\r\n")
        #expect(chunked.status == 413)
    }

    @Test func refusesAHeaderBeyondItsMemory() throws {
        let server = try server()
        let long = String(repeating: "x", count: 100_000)
        let answer = try? server.exchange(fields: ["Host: localhost", "X-Long: \(long)"])
        #expect(answer == nil || answer == "" || answer?.status == 431)
        #expect(try server.exchange().status == 200)
    }

    @Test func sendsALargeAnswerWhole() throws {
        #expect(try server().exchange("GET", "/big").httpBody.utf8.count == 10_000_000)
    }

    @Test func servesIPv6() throws {
        guard let server = try? LocalServer(listen: ("::1", 0), routes: Self.routes) else {
            print("no IPv6 on this machine: not tested")
            return
        }
        #expect(try server.exchange(fields: ["Host: [::1]:\(server.port)"], host: "::1").status == 200)
    }

    @Test func namesAddressPortAndRemedy_whenThePortIsTaken() throws {
        let server = try server()
        let error = #expect(throws: LocalServerError.self) {
            try LocalServer(listen: ("127.0.0.1", server.port), routes: Self.routes)
        }
        #expect(error?.code == .addressInUse)
        #expect(error?.description.contains("127.0.0.1:\(server.port)") == true)
        #expect(error?.description.contains("`listen`") == true)
    }

    @Test(arguments: [
        ("example.org", LocalServerError.Code.badAddress), ("", .badAddress), ("192.0.2.1", .addressNotHere),
    ])
    func refusesAddressesThatAreNotHere(_ host: String, _ code: LocalServerError.Code) {
        let error = #expect(throws: LocalServerError.self) {
            try LocalServer(listen: (host, 0), routes: Self.routes)
        }
        #expect(error?.code == code)
    }

    @Test func servesOnAnAdoptedSocket_andRefusesAnotherDescriptor() throws {
        let listener = try ListeningSocket.open(host: "127.0.0.1", port: 0)
        let server = try LocalServer(adopting: listener, routes: Self.routes)
        #expect(try server.exchange().status == 200)
        let error = #expect(throws: LocalServerError.self) {
            try LocalServer(adopting: open("/dev/null", O_RDONLY), routes: Self.routes)
        }
        #expect(error?.code == .badAddress)
    }

    @Test func freesThePort_whenStopped() throws {
        let first = try server()
        let port = first.port
        first.stop()
        first.stop()
        #expect(throws: RawClient.Failure.self) { _ = try RawClient(port: port) }
        let second = try LocalServer(listen: ("127.0.0.1", port), routes: Self.routes)
        #expect(try second.exchange().status == 200)
    }
}
