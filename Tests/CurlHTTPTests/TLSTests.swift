import Testing
import WatchCore

@testable import CurlHTTP

@Suite struct TLSTests {
    private func request(_ server: TLSServer, host: String = "127.0.0.1") throws -> HTTPRequest {
        HTTPRequest(.challenge, "GET", try url("https://\(host):\(server.port)/"))
    }

    private func trusting(_ file: String) -> ConnectionSettings {
        var settings = ConnectionSettings()
        settings.caFile = file
        return settings
    }

    @Test func tellsWhatTLSAgreedOn_onNewConnections() async throws {
        let server = try TLSServer()
        let response = try await transport(settings: trusting(server.certificate)).send(try request(server))
        #expect(response.status == 200)
        let tls = try #require(response.tls)
        #expect(tls.version == "TLSv1.3")
        #expect(tls.subject == "CN = localhost")
        #expect(tls.issuer == "CN = localhost")
        let left = try #require(tls.notAfter) - SystemClock().wallTime
        #expect(left > .seconds(86_400) && left <= .seconds(2 * 86_400))
        #expect(response.phases.tls > .zero)
    }

    @Test func refusesACertificateThatNobodyVouchesFor() async throws {
        let server = try TLSServer()
        let failure = try await transport().failure(try request(server))
        #expect(failure.kind == .tlsVerification)
        #expect(failure.message.contains("self-signed certificate"))
    }

    @Test func refusesACertificateForAnotherName() async throws {
        let server = try TLSServer()
        var settings = trusting(server.certificate)
        settings.resolve = ["mcp.example:\(server.port):127.0.0.1"]
        let failure = try await transport(settings: settings).failure(try request(server, host: "mcp.example"))
        #expect(failure.kind == .tlsVerification)
        #expect(failure.message.contains("mcp.example"))
    }

    @Test func blamesItself_whenTheCAFileIsBad() async throws {
        let server = try TLSServer()
        let failure = try await transport(settings: trusting("/nonexistent/ca.pem")).failure(try request(server))
        #expect(failure.kind == .monitor)
        #expect(failure.message.contains("/nonexistent/ca.pem"))
    }

    @Test(arguments: ["plain HTTP", "a closed connection"])
    func namesAHandshakeThatFails(cause: String) async throws {
        let server = try RawServer { connection in
            if cause == "plain HTTP" { connection.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
            connection.waitForEnd(milliseconds: 200)
        }
        defer { server.stop() }
        let request = HTTPRequest(.challenge, "GET", try url("https://127.0.0.1:\(server.port)/"))
        let failure = try await transport().failure(request)
        #expect(failure.kind == .tlsHandshake, "\(failure.message)")
    }

    @Test(arguments: [
        ("Nov  2 08:00:00 2026 GMT", "2026-11-02T08:00:00Z"), ("Dec 31 23:59:59 2030 GMT", "2030-12-31T23:59:59Z"),
        ("2026-11-02 08:00:00 GMT", "2026-11-02T08:00:00Z"),
    ])
    func readsTheEndOfValidity(text: String, expected: String) {
        #expect(CertificateReader.expiry(text)?.iso8601Seconds == expected)
    }

    @Test(arguments: ["", "soon", "Nov 2 2026", "Nov  2 08:00:00 2026 CET"])
    func leavesOutAnEndThatItCannotRead(text: String) {
        #expect(CertificateReader.expiry(text) == nil)
    }
}
