import Testing
import WatchCore

@testable import OAuthFlow

/// Whose fault it is: the monitor's only by evidence that has nothing to do with the target.
@Suite struct MonitorFaultTests {
    @Test func isInconclusive_whereTheServerWantsAPasswordAndNobodyConfiguredOne() async throws {
        var scene = try Scene(FakeServer(loginPage: true))
        scene.target.password = nil
        let record = await scene.run()
        #expect(record.findingTexts == ["authorization.page inconclusive"])
        #expect(record.findings.first?.layer == .monitor)
        #expect(record.findings.first?.remedy.contains("passwordFile") == true)
        #expect(scene.server.requests(to: "/login").isEmpty)
    }

    private func run(_ kind: TransportFailure.Kind, reference: String?) async throws -> RunRecord {
        let server = FakeServer { request, _ in
            if request.url.path == "/token" { throw TransportFailure(kind, "\(kind.rawValue)") }
        }
        let scene = try Scene(server)
        var environment = scene.flow().environment
        environment.referenceFailure = { reference }
        return await OAuthFlow(target: scene.target, environment: environment).run(.login)
    }

    @Test(arguments: [TransportFailure.Kind.timedOut, .tlsVerification, .tlsHandshake])
    func isOurs_whenTheReferenceHostFailsToo(kind: TransportFailure.Kind) async throws {
        let record = try await run(kind, reference: "no answer within 10 s")
        #expect(record.verdict == .inconclusive)
        #expect(record.blamed?.check == .monitorNetwork && record.blamed?.layer == .monitor)
        #expect(record.blamed?.message.contains("no answer within 10 s") == true)
        #expect(try await run(kind, reference: nil).verdict == .failed)
    }

    @Test(arguments: [TransportFailure.Kind.connectionRefused, .connectionReset, .nameNotFound, .truncated, .malformed])
    func isNeverOurs_whenSomebodyAnswered(kind: TransportFailure.Kind) async throws {
        let record = try await run(kind, reference: "no answer")
        #expect(record.verdict == .failed)
        #expect(record.findings.allSatisfy { $0.layer != .monitor })
    }

    @Test(arguments: [
        (502, "text/html", "nginx", Layer.edge), (504, "application/json", "", .edge),
        (500, "text/html", "nginx", .authorizationServer), (500, "application/json", "", .authorizationServer),
        (403, "text/html", "cloudflare", .edge), (403, "application/json", "cloudflare", .authorizationServer),
        (404, "text/html", "Werkzeug/3.0", .authorizationServer), (404, "text/html", "", .edge),
        (400, "application/json", "nginx", .authorizationServer),
    ])
    func followsFromWhoAnswered(status: Int, type: String, name: String, layer: Layer) async throws {
        let body = type == "text/html" ? "<html><title>Oops</title></html>" : #"{"error": "invalid_grant"}"#
        let server = FakeServer { request, response in
            guard request.url.path == "/token" else { return }
            response = HTTPResponse(
                status: status, fields: ["Content-Type": type, "Server": name], body: Array(body.utf8))
        }
        let record = try await Scene(server).run()
        let finding = try #require(record.findings.first { $0.check == .tokenStatus })
        #expect(finding.layer == layer)
        if type == "text/html" { #expect(finding.message.contains("“Oops”")) }
    }

    @Test(arguments: [("120", 120.0), ("Fri, 15 Jan 2027 08:10:00 GMT", 600), ("soon", 60), ("-5", 1)])
    func leavesTheServerAloneForAsLongAsItSays(text: String, seconds: Double) async throws {
        let server = FakeServer { request, response in
            guard request.url.path == "/register" else { return }
            response = HTTPResponse(status: 429, fields: ["Retry-After": text])
        }
        let record = try await Scene(server).run()
        #expect(record.facts.retryAfter?.seconds == seconds)
    }
}
