import Glibc
import Testing
import WatchCore

@testable import CurlHTTP

@Suite struct AnswerTests {
    @Test func bringsStatusFieldsBodyAndWhatWasSent() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.answer("hello", status: "418 I'm a teapot", fields: "X-One: 1\r\nx-one:  two \r\n")
        }
        defer { server.stop() }
        var request = try server.request("/a/../b?c=d%20e#fragment")
        request.fields = ["Accept": "application/json", "X-Empty": ""]
        let response = try await transport().send(request)
        #expect(response.status == 418)
        #expect(response.reason == "I'm a teapot")
        #expect(response.version == "1.1")
        #expect(response.fields.all("X-One") == ["1", "two"])
        #expect(response.text == "hello")
        #expect(response.remoteAddress == "127.0.0.1:\(server.port)")
        #expect(response.sentFields["Host"] == "127.0.0.1:\(server.port)")
        #expect(response.sentFields["User-Agent"] == "oauthwatch-test")
        #expect(response.sentFields["Accept-Encoding"] == "gzip")
        #expect(response.sentFields["accept"] == "application/json")
        #expect(response.sentFields["X-Empty"] == "")
        #expect(response.phases.firstByte > .zero)
        #expect(response.tls == nil)
    }

    @Test(arguments: [
        ("GET", RequestBody?.none, "GET /path?x=1 HTTP/1.1", String?.none, ""),
        (
            "POST", .form([FormPair("a", "b c")]), "POST /path?x=1 HTTP/1.1", "application/x-www-form-urlencoded",
            "a=b+c"
        ),
        ("POST", .json(.object([])), "POST /path?x=1 HTTP/1.1", "application/json", "{}"),
        ("POST", nil, "POST /path?x=1 HTTP/1.1", nil, ""),
        ("DELETE", nil, "DELETE /path?x=1 HTTP/1.1", nil, ""),
        ("PUT", .bytes([65, 66], contentType: "text/x"), "PUT /path?x=1 HTTP/1.1", "text/x", "AB"),
        ("OPTIONS", nil, "OPTIONS /path?x=1 HTTP/1.1", nil, ""),
    ])
    func sendsMethodTargetAndBody(
        method: String, body: RequestBody?, line: String, contentType: String?, sent: String
    ) async throws {
        let server = try RawServer { connection in
            while let request = connection.readRequest() { connection.answer(request) }
        }
        defer { server.stop() }
        let response = try await transport().send(try server.request("/path?x=1", method: method, body: body))
        let parts = response.text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
        #expect(parts[0].hasPrefix(line + "\r\n"))
        #expect(parts[1] == sent)
        #expect(response.sentFields["Content-Type"] == contentType)
        #expect(!parts[0].lowercased().contains("expect:"))
    }

    @Test func answersHeadWithoutBody() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") }
        }
        defer { server.stop() }
        let client = try transport()
        for _ in 0..<2 {
            let response = try await client.send(try server.request(method: "HEAD"))
            #expect(response.status == 200 && response.body.isEmpty)
        }
        #expect(server.connections == 1)
    }

    @Test func keepsOnlyTheLastHeaderBlock_andNoTrailers() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nX-Last: yes\r\n")
            connection.write("Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: t\r\n\r\n")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let response = try await transport().send(try server.request())
        #expect(response.status == 200)
        #expect(response.text == "abc")
        #expect(response.fields["Link"] == nil)
        #expect(response.fields["X-T"] == nil)
        #expect(response.fields["X-Last"] == "yes")
    }

    @Test func followsNoRedirect_andKeepsNoCookie() async throws {
        let server = try RawServer { connection in
            while let request = connection.readRequest() {
                connection.answer(request, status: "302 Found", fields: "Location: /next\r\nSet-Cookie: a=b\r\n")
            }
        }
        defer { server.stop() }
        let client = try transport()
        _ = try await client.send(try server.request())
        let second = try await client.send(try server.request())
        #expect(second.status == 302)
        #expect(second.fields["Location"] == "/next")
        #expect(!second.text.contains("Cookie"))
    }

    @Test func endsAnEventStreamEarly_whenTheAskerHasReadEnough() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: answer\n\n")
            connection.waitForEnd()
        }
        defer { server.stop() }
        var request = try server.request()
        request.isComplete = { String(decoding: $0, as: UTF8.self).contains("answer") }
        let response = try await transport().send(request)
        #expect(response.text == "data: answer\n\n")
        #expect(response.mediaType == "text/event-stream")
    }

    @Test func reusesTheConnection_whenTheStreamEndsWithItsAnswer() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil {
                connection.write(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nanswer\r\n0\r\n\r\n")
            }
        }
        defer { server.stop() }
        let client = try transport()
        var request = try server.request()
        request.isComplete = { String(decoding: $0, as: UTF8.self).contains("answer") }
        for _ in 0..<3 { #expect(try await client.send(request).text == "answer") }
        #expect(server.connections == 1)
    }

    @Test func usesNoConnection_afterATransferOfItsRunWasCut() async throws {
        let server = try RawServer { connection in
            while let request = connection.readRequest() {
                if request.hasPrefix("GET /hang") { connection.waitForEnd() } else { connection.answer("ok") }
            }
        }
        defer { server.stop() }
        let client = try transport()
        _ = try await client.send(try server.request())
        var hang = try server.request("/hang")
        hang.timeLimit = .milliseconds(50)
        #expect(try await client.failure(hang).kind == .timedOut)
        #expect(try await client.send(try server.request()).status == 200)
        #expect(server.connections == 2)
    }

    @Test func reusesOneConnectionInARun_butNotAcrossRuns() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.answer("ok") }
        }
        defer { server.stop() }
        let first = try transport()
        for _ in 0..<5 { _ = try await first.send(try server.request(method: "POST", body: .json(.null))) }
        #expect(server.connections == 1)
        _ = try await transport().send(try server.request())
        #expect(server.connections == 2)
    }

    @Test func runsAFlowOnItsOwnThread() async throws {
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.answer("ok") }
        }
        defer { server.stop() }
        let client = try transport()
        let request = try server.request()
        let executor = try sharedDriver.get().executor
        let threads = try await withTaskExecutorPreference(executor) {
            var threads: Set<pthread_t> = []
            for _ in 0..<20 {
                _ = try await client.send(request)
                threads.insert(currentThread())
            }
            return threads
        }
        #expect(threads.count == 1)
        #expect(server.connections == 1)
    }

    @Test func closesItsConnections_whenTheRunEnds() async throws {
        let (ended, signal) = AsyncStream<Void>.makeStream()
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.answer("ok")
            connection.waitForEnd()
            signal.yield()
        }
        defer { server.stop() }
        _ = try await transport().send(try server.request())
        for await _ in ended { return }
    }

    @Test func usesResolveEntriesOfItsOwnRunOnly() async throws {
        let server = try RawServer { connection in
            while let request = connection.readRequest() { connection.answer(request) }
        }
        defer { server.stop() }
        var settings = ConnectionSettings()
        settings.resolve = ["server.invalid:\(server.port):127.0.0.1"]
        let request = HTTPRequest(.challenge, "GET", try url("http://server.invalid:\(server.port)/"))
        let response = try await transport(settings: settings).send(request)
        #expect(response.text.contains("Host: server.invalid:\(server.port)"))
        let other = try await transport().failure(request)
        #expect([.nameNotFound, .resolverUnreachable].contains(other.kind))
    }

    @Test func sendsNoUserInformationOfTheURL() async throws {
        let server = try RawServer { connection in
            while let request = connection.readRequest() { connection.answer(request) }
        }
        defer { server.stop() }
        let request = HTTPRequest(.challenge, "GET", try url("http://me:canary@127.0.0.1:\(server.port)/"))
        let response = try await transport().send(request)
        #expect(!response.text.contains("Authorization"))
    }

    @Test func decodesGzip() async throws {
        // `printf hello | gzip -n` in octets.
        let packed: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0,
            0,
        ]
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            connection.write(bytes: packed)
            connection.waitForEnd()
        }
        defer { server.stop() }
        let response = try await transport().send(try server.request())
        #expect(response.text == "hello")
    }
}

/// Not callable by this name from an async function, where a thread means little.
private func currentThread() -> pthread_t { pthread_self() }
