import Synchronization
import Testing
import WatchCore

@testable import CurlHTTP

/// What stands on the wire, byte for byte, request after request over one connection and through one handle.
@Suite struct WireTests {
    /// A server that remembers the requests as they came, and answers each.
    private final class Listener: Sendable {
        let heard = Mutex<[String]>([])

        func serve(_ connection: RawConnection) {
            while let request = connection.readRequest() {
                heard.withLock { $0.append(request) }
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
    }

    @Test func nothingOfOneRequestIsInTheNext() async throws {
        let listener = Listener()
        let server = try RawServer { listener.serve($0) }
        defer { server.stop() }
        let client = try transport()
        let host = "Host: 127.0.0.1:\(server.port)\r\n"
        let form = "application/x-www-form-urlencoded"
        let own: HTTPFields = ["Accept": "text/html", "X-Empty": "", "Authorization": "Bearer canary"]
        let ownLines = "Accept: text/html\r\nX-Empty:\r\nAuthorization: Bearer canary\r\n"
        let agent = "User-Agent: oauthwatch-test\r\n"
        let any = "Accept: */*\r\n"
        let gzip = "Accept-Encoding: gzip\r\n"
        let steps: [(method: String, path: String, fields: HTTPFields, body: RequestBody?, wire: String)] = [
            ("GET", "/1?a=%2F", [:], nil, "\(host)\(agent)\(any)\(gzip)\r\n"),
            (
                "POST", "/2", own, .form([FormPair("secret", "canary")]),
                "\(host)\(agent)\(gzip)Content-Type: \(form)\r\n\(ownLines)Content-Length: 13\r\n\r\nsecret=canary"
            ),
            ("GET", "/2", [:], nil, "\(host)\(agent)\(any)\(gzip)\r\n"),
            ("HEAD", "/2", own, nil, "\(host)\(agent)\(gzip)\(ownLines)\r\n"),
            (
                "POST", "/3", ["Content-Type": "text/x"], .bytes([65], contentType: "text/y"),
                "\(host)\(agent)\(any)\(gzip)Content-Type: text/x\r\nContent-Length: 1\r\n\r\nA"
            ),
            ("POST", "/3", [:], nil, "\(host)\(agent)\(any)\(gzip)Content-Length: 0\r\n\r\n"),
            ("DELETE", "/3", [:], nil, "\(host)\(agent)\(any)\(gzip)\r\n"),
            (
                "PUT", "/3", [:], .json(.object([])),
                "\(host)\(agent)\(any)\(gzip)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            ),
            ("HEAD", "/3", [:], nil, "\(host)\(agent)\(any)\(gzip)\r\n"),
            (
                "POST", "/3", ["user-agent": "mine", "accept-encoding": "identity"], .json(.null),
                "\(host)\(any)Content-Type: application/json\r\nuser-agent: mine\r\naccept-encoding: identity\r\n"
                    + "Content-Length: 4\r\n\r\nnull"
            ),
            ("OPTIONS", "/", [:], nil, "\(host)\(agent)\(any)\(gzip)\r\n"),
            ("GET", "/", [:], nil, "\(host)\(agent)\(any)\(gzip)\r\n"),
        ]
        for step in steps {
            var request = try server.request(step.path, method: step.method, body: step.body)
            request.fields = step.fields
            let response = try await client.send(request)
            let text = "\(step.method) \(step.path) HTTP/1.1\r\n\(step.wire)"
            #expect(listener.heard.withLock { $0.last } == text)
            // What is told about it is what was sent.
            let told = response.sentFields.fields.map { $0.value.isEmpty ? "\($0.name):" : "\($0.name): \($0.value)" }
            #expect(text.components(before: "\r\n\r\n").dropFirst() == told[...])
        }
        #expect(server.connections == 1)
    }

    @Test func asksForEachURLAsItIsWritten() async throws {
        let listener = Listener()
        let server = try RawServer { listener.serve($0) }
        defer { server.stop() }
        let client = try transport()
        let targets = [
            "/a", "/a?b=c", "/a", "/A/../b/./c", "/%7Ea?b=%2f%2F", "/a?b", "/?", "/a;b=1?c=/d?e&&", "/", "//x//y",
            "/?%", "/a,b!$'()*+@:", "/-?.", "/|^[]", "/a?|^[]'",
            "/%", "/a",
        ]
        for target in targets {
            _ = try await client.send(try server.request(target))
            #expect(listener.heard.withLock { $0.last?.hasPrefix("GET \(target) HTTP/1.1\r\n") } == true, "\(target)")
        }
        #expect(server.connections == 1)
    }

    @Test func readsEveryAnswersOwnFields_howeverManyThereWere() async throws {
        let counter = Mutex(0)
        let server = try RawServer { connection in
            while connection.readRequest() != nil {
                let number = counter.withLock { number in
                    number += 1
                    return number
                }
                let many = (0..<100).map { "X-\($0): \(number * 100 + $0)\r\n" }.joined()
                connection.answer("", fields: "X-Same: yes\r\nx-same:  yes \r\n" + many)
            }
        }
        defer { server.stop() }
        let client = try transport()
        for number in 1...6 {
            let fields = try await client.send(try server.request()).fields
            #expect(fields.all("X-Same") == ["yes", "yes"])
            #expect((0..<100).allSatisfy { fields["X-\($0)"] == "\(number * 100 + $0)" })
            #expect(fields.fields.count == 103)
        }
    }

    @Test func sendsALargeBodyAtOnce() async throws {
        let listener = Listener()
        let server = try RawServer { listener.serve($0) }
        defer { server.stop() }
        let body = RequestBody.bytes([UInt8](repeating: 65, count: 3 << 19), contentType: "text/x")
        let response = try await transport().send(try server.request(method: "POST", body: body))
        #expect(response.sentFields["Expect"] == nil)
        #expect(response.sentFields["Content-Length"] == "\(3 << 19)")
        #expect(listener.heard.withLock { $0.last?.hasSuffix("AAAA") } == true)
    }

    @Test func timeLimitAndFreshConnectionAreOfOneRequest() async throws {
        let server = try RawServer { connection in
            while let request = connection.readRequest() {
                if request.hasPrefix("GET /slow") { _ = connection.waitForEnd(milliseconds: 120) }
                connection.answer("ok")
            }
        }
        defer { server.stop() }
        let client = try transport()
        var quick = try server.request()
        quick.timeLimit = .milliseconds(60)
        quick.wantsFreshConnection = true
        for _ in 0..<2 { _ = try await client.send(quick) }
        #expect(server.connections == 2)
        #expect(try await client.send(try server.request("/slow")).text == "ok")
        #expect(server.connections == 2)
    }

    @Test func keepsTheOrderOfFieldsBehindAProxy() async throws {
        let listener = Listener()
        let server = try RawServer { listener.serve($0) }
        defer { server.stop() }
        var settings = ConnectionSettings()
        settings.proxy = try url("http://127.0.0.1:\(server.port)")
        var request = HTTPRequest(.challenge, "GET", try url("http://mcp.example/x?y=%2F"))
        request.fields = ["X-Own": "1"]
        _ = try await transport(settings: settings).send(request)
        #expect(
            listener.heard.withLock { $0 } == [
                "GET http://mcp.example/x?y=%2F HTTP/1.1\r\nHost: mcp.example\r\nUser-Agent: oauthwatch-test\r\n"
                    + "Accept: */*\r\nAccept-Encoding: gzip\r\nProxy-Connection: Keep-Alive\r\nX-Own: 1\r\n\r\n"
            ])
    }

    @Test func tellsWhatWentToTheServer_behindAProxy() async throws {
        let server = try TLSServer()
        let port = server.port
        let listener = Listener()
        let proxy = try RawServer { connection in
            guard let request = connection.readRequest() else { return }
            listener.heard.withLock { $0.append(request) }
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            connection.tunnel(to: port)
        }
        defer { proxy.stop() }
        var settings = ConnectionSettings()
        settings.proxy = try url("http://127.0.0.1:\(proxy.port)")
        settings.caFile = server.certificate
        let client = try transport(settings: settings)
        let request = HTTPRequest(.challenge, "GET", try url("https://localhost:\(server.port)/"))
        for _ in 0..<2 {
            let response = try await client.send(request)
            #expect(response.tls?.version == "TLSv1.3")
            let names = response.sentFields.fields.map(\.name)
            #expect(names == ["Host", "User-Agent", "Accept", "Accept-Encoding"])
        }
        let name = "localhost:\(server.port)"
        #expect(
            listener.heard.withLock { $0.first } == "CONNECT \(name) HTTP/1.1\r\nHost: \(name)\r\n"
                + "User-Agent: oauthwatch-test\r\nProxy-Connection: Keep-Alive\r\n\r\n")
    }

    @Test func tellsNothingOfARequestThatAProxyKeptBack() async throws {
        let server = try TLSServer()
        let proxy = try RawServer { connection in
            guard let request = connection.readRequest(), request.hasPrefix("CONNECT ") else { return }
            connection.write("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")
        }
        defer { proxy.stop() }
        var settings = ConnectionSettings()
        settings.proxy = try url("http://127.0.0.1:\(proxy.port)")
        settings.caFile = server.certificate
        let request = HTTPRequest(.challenge, "POST", try url("https://localhost:\(server.port)/"))
        let failure = try await transport(settings: settings).failure(request)
        #expect(failure.message.contains("the proxy answered 502 to CONNECT"))
        #expect(failure.partial?.sentFields["Content-Length"] == nil)
    }
}

extension String {
    /// The lines before the first `end`.
    fileprivate func components(before end: String) -> ArraySlice<String> {
        let head = self[..<(firstRange(of: end)?.lowerBound ?? endIndex)]
        return head.split(separator: "\r\n").map(String.init)[...]
    }
}
