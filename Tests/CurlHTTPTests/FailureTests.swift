import Glibc
import Synchronization
import Testing
import WatchCore

@testable import CurlHTTP

@Suite struct FailureTests {
    /// What a server does after it has read the request, and what that is called.
    struct Misdeed: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: TransportFailure.Kind
        var hasPartial: Bool
        var act: @Sendable (RawConnection) -> Void
        var testDescription: String { name }
    }

    static let misdeeds: [Misdeed] = [
        Misdeed(name: "reset", kind: .connectionReset, hasPartial: false) { $0.reset() },
        Misdeed(name: "closed without answer", kind: .connectionReset, hasPartial: false) { _ in },
        Misdeed(name: "reset in the body", kind: .connectionReset, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            $0.waitForEnd(milliseconds: 100)
            $0.reset()
        },
        Misdeed(name: "truncated body", kind: .truncated, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        },
        Misdeed(name: "truncated chunks", kind: .truncated, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
        },
        Misdeed(name: "truncated header", kind: .truncated, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nContent-Type: text/pl")
        },
        Misdeed(name: "bad chunks", kind: .malformed, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n")
            $0.waitForEnd()
        },
        Misdeed(name: "no HTTP", kind: .malformed, hasPartial: false) {
            $0.write("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
            $0.waitForEnd()
        },
        Misdeed(name: "bad gzip", kind: .malformed, hasPartial: true) {
            $0.answer("this is no gzip at all", fields: "Content-Encoding: gzip\r\n")
            $0.waitForEnd()
        },
        Misdeed(name: "bad length", kind: .malformed, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n")
            $0.waitForEnd()
        },
        Misdeed(name: "hang", kind: .timedOut, hasPartial: false) { $0.waitForEnd() },
        Misdeed(name: "drip", kind: .timedOut, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while $0.write("x"), !$0.waitForEnd(milliseconds: 20) {}
        },
        Misdeed(name: "dripping header", kind: .timedOut, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nX-Slow: ")
            while $0.write("x"), !$0.waitForEnd(milliseconds: 20) {}
        },
        Misdeed(name: "many header fields", kind: .headersTooLarge, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\n")
            while $0.write("X-Field: \(String(repeating: "y", count: 1_000))\r\n") {}
        },
        Misdeed(name: "one endless header field", kind: .headersTooLarge, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\nX-Field: ")
            while $0.write(String(repeating: "y", count: 10_000)) {}
        },
        Misdeed(name: "endless interim answers", kind: .headersTooLarge, hasPartial: true) {
            while $0.write("HTTP/1.1 103 Early Hints\r\nX-Field: \(String(repeating: "y", count: 1_000))\r\n\r\n") {}
        },
        Misdeed(name: "endless body", kind: .bodyTooLarge, hasPartial: true) {
            $0.write("HTTP/1.1 200 OK\r\n\r\n")
            while $0.write(String(repeating: "y", count: 10_000)) {}
        },
    ]

    @Test(arguments: misdeeds)
    func namesWhatTheServerDid(misdeed: Misdeed) async throws {
        let server = try RawServer { connection in
            if connection.readRequest() != nil { misdeed.act(connection) }
        }
        defer { server.stop() }
        var request = try server.request("/?secret=canary")
        if misdeed.kind == .timedOut { request.timeLimit = .seconds(1) }
        let failure = try await transport().failure(request)
        #expect(failure.kind == misdeed.kind, "\(failure.message)")
        #expect((failure.partial != nil) == misdeed.hasPartial, "\(failure.message)")
        #expect(!failure.message.contains("canary") && !failure.message.contains("\n"))
    }

    @Test func keepsTheBodyUpToTheLimit() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.answer(String(repeating: "z", count: (1 << 20) + 1))
        }
        defer { server.stop() }
        let failure = try await transport().failure(try server.request())
        #expect(failure.partial?.body.count == 1 << 20)
    }

    @Test func takesABodyOfExactlyTheLimit() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.answer(String(repeating: "z", count: 1 << 20))
        }
        defer { server.stop() }
        #expect(try await transport().send(try server.request()).body.count == 1 << 20)
    }

    @Test func namesARefusedConnection() async throws {
        let server = try RawServer { _ in }
        server.stop()
        let failure = try await transport().failure(try server.request())
        #expect(failure.kind == .connectionRefused)
        #expect(failure.message == "127.0.0.1, port \(server.port): Connection refused")
    }

    @Test func sendsNothingToAnAddressThatThePolicyRefuses() async throws {
        let server = try RawServer { $0.waitForEnd() }
        defer { server.stop() }
        let failure = try await transport(policy: ClosedPolicy()).failure(try server.request())
        #expect(failure.kind == .addressRefused)
        #expect(failure.message.contains("127.0.0.1 (loopback)"))
        #expect(failure.message.contains("allowNetworks: [127.0.0.1/32]"))
        #expect(server.connections == 0)
    }

    @Test(arguments: ["2130706433", "0x7f.1", "127.1", "localhost"])
    func judgesTheAddressAndNotItsSpelling(host: String) async throws {
        let server = try RawServer { $0.waitForEnd() }
        defer { server.stop() }
        let request = HTTPRequest(.challenge, "GET", try url("http://\(host):\(server.port)/"))
        #expect(try await transport(policy: ClosedPolicy()).failure(request).kind == .addressRefused)
        #expect(server.connections == 0)
    }

    @Test func refusesALineEndInAHeaderField() async throws {
        let server = try RawServer { $0.waitForEnd() }
        defer { server.stop() }
        var request = try server.request()
        request.fields = ["Authorization": "Bearer canary\r\nX-Evil: 1"]
        let failure = try await transport().failure(request)
        #expect(failure.kind == .malformed)
        #expect(failure.message.contains("Authorization") && !failure.message.contains("canary"))
        #expect(server.connections == 0)
    }

    /// The server answers once and closes as soon as the second request of the connection has arrived.
    @Test(arguments: [("GET", true), ("POST", false)])
    func repeatsOnlyWhatMayBeRepeated(method: String, repeats: Bool) async throws {
        let requests = Mutex(0)
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            requests.withLock { $0 += 1 }
            connection.answer("ok")
            if connection.readRequest() != nil { requests.withLock { $0 += 1 } }
        }
        defer { server.stop() }
        let client = try transport()
        _ = try await client.send(try server.request(method: method))
        if repeats {
            #expect(try await client.send(try server.request(method: method)).status == 200)
        } else {
            #expect(try await client.failure(try server.request(method: method)).kind == .connectionReset)
        }
        #expect(requests.withLock { $0 } == (repeats ? 3 : 2))
    }

    @Test func endsACancelledTransferAtOnce() async throws {
        let server = try RawServer { $0.waitForEnd() }
        defer { server.stop() }
        let client = try transport(timeout: .seconds(600))
        let request = try server.request()
        for round in 0..<200 {
            let task = Task { try await client.failure(request).kind }
            // Some are cancelled before they start, some under way.
            if round.isMultiple(of: 2) { while server.connections <= round / 4 { await Task.yield() } }
            task.cancel()
            #expect(try await task.value == .cancelled)
        }
    }

    @Test func failsWhatIsInFlight_whenTheDriverStops() async throws {
        let driver = try CurlDriver()
        let (arrived, signal) = AsyncStream<Void>.makeStream()
        let server = try RawServer { connection in
            signal.yield()
            connection.waitForEnd()
        }
        defer { server.stop() }
        let client = CurlTransport(
            driver: driver, settings: .init(), timeout: .seconds(600), addressPolicy: OpenPolicy(), userAgent: "t")
        let request = try server.request()
        async let kind = client.failure(request).kind
        for await _ in arrived { break }
        driver.stop()
        #expect(try await kind == .cancelled)
        #expect(try await client.failure(request).kind == .cancelled)
    }

    @Test func endsATaskOfItsOwnThread_whenTheDriverStops() async throws {
        let driver = try CurlDriver()
        let (arrived, signal) = AsyncStream<Void>.makeStream()
        let server = try RawServer { connection in
            signal.yield()
            connection.waitForEnd()
        }
        defer { server.stop() }
        let client = CurlTransport(
            driver: driver, settings: .init(), timeout: .seconds(600), addressPolicy: OpenPolicy(), userAgent: "t")
        let request = try server.request()
        async let kind = withTaskExecutorPreference(driver.executor) { try await client.failure(request).kind }
        for await _ in arrived { break }
        driver.stop()
        #expect(try await kind == .cancelled)
        let later = await withTaskExecutorPreference(driver.executor) { 1 }
        #expect(later == 1)
    }

    @Test func runsManyTransfersAtOnce_andASlowOneDelaysNobody() async throws {
        let server = try RawServer { connection in
            while let request = connection.readRequest() {
                if request.hasPrefix("GET /slow") { connection.waitForEnd() } else { connection.answer("ok") }
            }
        }
        defer { server.stop() }
        let client = try transport(timeout: .seconds(600))
        let slow = try server.request("/slow")
        let task = Task { try await client.failure(slow).kind }
        let fast = try server.request()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<32 { group.addTask { try await client.send(fast).status } }
            for try await status in group { #expect(status == 200) }
        }
        task.cancel()
        #expect(try await task.value == .cancelled)
    }
}
