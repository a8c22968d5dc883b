import Synchronization
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

    @Test(arguments: [
        HTTPResponse(status: 401, fields: ["WWW-Authenticate": "Bearer"]),
        HTTPResponse(
            status: 200, fields: ["Content-Type": "text/event-stream"],
            body: Array("event: endpoint\ndata: /messages?session_id=1\n\n".utf8)),
    ])
    func tellsTheTransportOf2024_fromAWrongPath(opening: HTTPResponse) async throws {
        let record = try await Scene(
            FakeServer { request, response in
                guard request.url.path == "/mcp" else { return }
                response = request.method == "GET" ? opening : HTTPResponse(status: 405)
            }
        ).run()
        let finding = try #require(record.findings.first)
        #expect(finding.check == .challengeStatus)
        #expect(record.verdict == .inconclusive)
        #expect(finding.message.contains("HTTP+SSE of 2024-11-05"))
    }

    @Test func tellsThatNothingIsPublished_fromARegistrationThatFails() async throws {
        let record = try await Scene(
            FakeServer { request, response in
                if request.url.path.hasPrefix("/.well-known/") || request.url.path == "/register" {
                    response = HTTPResponse(status: 404)
                }
                if request.url.path == "/mcp" { response.fields["WWW-Authenticate"] = "Bearer" }
            } extra: { request in
                request.url.path.hasPrefix("/.well-known/") ? HTTPResponse(status: 404) : nil
            }
        ).run()
        let finding = try #require(record.findings.first { $0.severity == .failure })
        #expect(finding.check == .discoveryMetadata)
        #expect(finding.message.contains("`/register`, where 2025-03-26 looks then, answers 404"))
    }

    @Test func speaksOfTheLimit_whenTheServerAsksForFewerRequests() async throws {
        let finding = try await finding { request, response in
            guard request.url.path == "/register" else { return }
            response = .json(["error": "temporarily_unavailable"], status: 429)
        }
        #expect(finding.severity == .inconclusive)
        #expect(finding.remedy.contains("--state-dir"))
        #expect(finding.layer == .authorizationServer)
    }

    @Test func doesNotSpeakOfErrors_whenTheChallengeOnlyLacksItsScope() async throws {
        let finding = try await finding { request, response in
            if request.url.path == "/mcp", let field = response.fields["WWW-Authenticate"] {
                response.fields["WWW-Authenticate"] = field.replacingEach(#", scope="read write""#, with: "")
            }
        }
        #expect(finding.check == .challengeErrorUninvited)
        #expect(finding.remedy.contains("Add `scope="))
    }

    @Test func quotesThePage_whenTheLoginIsNotAccepted() async throws {
        let finding = try await rejection("Invalid <b>credentials</b>, 2 tries left")
        #expect(finding.message.hasPrefix("the user name or password"))
        #expect(finding.evidence.hasSuffix("; the page says: “Invalid credentials, 2 tries left”"))
    }

    @Test func doesNotBlameThePassword_whenThePageSpeaksOfALock() async throws {
        let finding = try await rejection("Account locked: too many login attempts.")
        #expect(finding.message == "the server does not let `alice` in for now, whatever the password")
        #expect(finding.remedy.hasPrefix("Unlock the account"))
    }

    private func rejection(_ words: String) async throws -> Finding {
        let server = FakeServer(loginPage: true) { request, response in
            guard request.url.path == "/login" else { return }
            response = .page(
                "<title>Sign in</title><p>\(words)</p><form method=post action=/login><input name=username>"
                    + "<input type=password name=password><button>Log in</button></form>")
        }
        let record = try await Scene(server).run()
        return try #require(record.findings.first { $0.check == .authenticationRejected })
    }

    /// As allauth does when a client asks for no scope: nobody can grant nothing.
    @Test func quotesThePage_whenItsFormIsNeverTaken() async throws {
        let server = FakeServer { request, response in
            guard request.url.path == "/authorize" || request.url.path == "/consent" else { return }
            let again = request.url.path == "/consent" ? "<ul><li>This field is required.</li></ul>" : ""
            response = .page(
                "<title>Authorize</title>\(again)<form method=post action=/consent><input type=hidden name=r value=1>"
                    + "<button name=action value=grant>Authorize</button></form>")
        } extra: { request in
            request.url.path == "/consent" ? HTTPResponse(status: 200) : nil
        }
        let finding = try #require(try await Scene(server).run().findings.first { $0.check == .authorizationLoop })
        #expect(finding.evidence == "page: Authorize; the page says: “This field is required.”")
        #expect(!finding.remedy.contains("cookie"))
    }

    @Test func namesTheWall_whenAProxyAsksForAPasswordBeforeEverything() async throws {
        let record = try await Scene(
            FakeServer { request, response in
                response = HTTPResponse(status: 401, fields: ["WWW-Authenticate": #"Basic realm="Intern""#])
            } extra: { _ in
                HTTPResponse(status: 401)
            }
        ).run()
        let finding = try #require(record.findings.first { $0.severity == .failure })
        #expect(finding.message.contains("asks for basic authentication before everything"))
        #expect(finding.layer == .edge)
        #expect(finding.remedy.contains("headersFile"))
    }

    /// Lifetime and what is left, in hours; an authority within a company makes certificates for a day and less.
    @Test(
        arguments: [
            (lifetime: 90 * 24, left: 30 * 24, severity: nil), (90 * 24, 10 * 24, .warning),
            (90 * 24, 2 * 24, .failure),
            (12, 11, nil), (12, 2, .warning), (12, 1, .failure), (160, 50, nil), (160, 30, .warning),
            (160, 10, .failure),
        ] as [(lifetime: Int, left: Int, severity: Severity?)])
    func measuresACertificateByItsLifetime(lifetime: Int, left: Int, severity: Severity?) async throws {
        let clock = try Scene(FakeServer()).clock
        let end = clock.wallTime + .seconds(left * 3600 + 60)
        let server = FakeServer { _, response in
            response.tls = TLSFacts(
                version: "TLSv1.3", subject: "s", issuer: "i", notBefore: end + .seconds(-lifetime * 3600),
                notAfter: end)
        }
        let record = try await Scene(server).run()
        #expect(record.findings.first { $0.check == .tlsExpiry }?.severity == severity)
    }

    @Test func quotesAChallengeThatNamesNoScheme() async throws {
        let finding = try await finding { request, response in
            guard request.url.path == "/mcp", response.fields["WWW-Authenticate"] != nil else { return }
            response.fields["WWW-Authenticate"] =
                "error=invalid_request,error_description=Access token not found in request"
        }
        #expect(finding.check == .challengeHeader)
        #expect(finding.message.contains("(only: `error=invalid_request,error_description=Access token"))
    }

    /// As LemonLDAP::NG does, whose ids and secrets may hold slashes.
    @Test func speaksOfTheEncoding_whenBasicIsRefused() async throws {
        var scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/token" { response = .json(["error": "invalid_client"], status: 401) }
            })
        scene.server.memory.withLock { _ = $0.clients.insert("by/hand") }
        scene.target.client = TargetSettings.Client(
            id: "by/hand", secret: Secret("s+cret"), authentication: "client_secret_basic")
        let finding = try #require(await scene.run().findings.first { $0.check == .tokenStatus })
        #expect(finding.remedy.contains("RFC 6749 §2.3.1"))
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
