import Testing
import WatchCore

@testable import OAuthFlow

/// What the first finding of a flow tells the operator to do.
struct RemedyTests {
    private func finding(_ tamper: @escaping FakeServer.Tamper) async throws -> Finding {
        try #require(try await Scene(FakeServer(tamper: tamper)).run().findings.first)
    }

    @Test(arguments: [404, 405])
    func looksForAnotherPath_whenNothingIsServedThere(status: Int) async throws {
        let finding = try await finding { request, response in
            if request.url.path == "/mcp" { response = HTTPResponse(status: status) }
        }
        #expect(finding.check == .challengeStatus)
        #expect(finding.remedy.contains("--mcp-path"))
    }

    @Test func looksAtItsOwnSettings_whenTheMonitorItselfFailed() async throws {
        let finding = try await finding { _, _ in throw TransportFailure(.monitor, "error setting certificate file") }
        #expect(finding.check == .monitorNetwork)
        #expect(finding.remedy.contains("caFile"))
    }

    @Test func namesTheOriginOnce() async throws {
        let origin = FakeServer.base
        let finding = try await finding { request, _ in
            guard request.url.path == "/register" else { return }
            throw TransportFailure(.timedOut, "\(origin): no answer within 3.0 s")
        }
        #expect(finding.message == "POST /register: \(origin): no answer within 3.0 s")
    }
}
