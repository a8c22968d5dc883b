import Crypto
import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// Clients that registered by hand, by request, and by a document of their own.
struct ClientKindTests {
    private static let document = "https://ops.example/oauthwatch.json"

    /// - Parameter answer: what the document's own address answers; nil: it must not be asked.
    private func scene(takesDocuments: Bool, answer: HTTPResponse? = nil) throws -> Scene {
        let server = FakeServer { request, response in
            guard takesDocuments, request.url.path == "/.well-known/oauth-authorization-server" else { return }
            response.set("client_id_metadata_document_supported", true)
        } extra: { request in
            request.url.description == Self.document ? answer : nil
        }
        var scene = try Scene(server)
        scene.target.clientDocument = WebURL(Self.document)
        return scene
    }

    @Test(arguments: [true, false])
    func namesItsDocument_whereTheServerTakesThat(takesDocuments: Bool) async throws {
        let scene = try scene(takesDocuments: takesDocuments)
        scene.server.memory.withLock { _ = $0.clients.insert(Self.document) }
        #expect(await scene.run().findingTexts == [])
        #expect(scene.server.requests(to: "/register").count == (takesDocuments ? 0 : 1))
        let id = scene.server.requests(to: "/authorize").first?.url.queryPairs.first { $0.name == "client_id" }?.value
        #expect(id == (takesDocuments ? Self.document : "client-1"))
        let session = await scene.run(.session)
        #expect(session.facts.sessionAlive[.ordinary] == true)
    }

    @Test(arguments: [
        (404, "{}", "answers 404"), (200, "<html>", "is no JSON object"),
        (200, #"{"client_id": "https://other.example/x"}"#, "names another `client_id`"),
        (200, #"{"client_id": "https://ops.example/oauthwatch.json", "redirect_uris": ["https://x/"]}"#, "lacks the"),
    ])
    func looksAtItsOwnDocument_beforeItBlamesTheServer(status: Int, body: String, problem: String) async throws {
        let answer = HTTPResponse(status: status, body: Array(body.utf8))
        let record = await (try scene(takesDocuments: true, answer: answer)).run()
        #expect(record.findingTexts == ["authorization.page inconclusive"])
        #expect(record.findings.first?.message.contains(problem) == true)
    }

    /// As NanoIDP does when it does not trust the authority of the document's host: "Unknown client_id".
    @Test func doesNotSpeakOfALostRegistration_whenItsDocumentIsGood() async throws {
        let good: JSON = [
            "client_id": .string(Self.document), "redirect_uris": ["http://localhost:3000/callback"],
        ]
        let record = await (try scene(takesDocuments: true, answer: .json(good))).run()
        #expect(record.findingTexts == ["authorization.page failure"])
        #expect(record.findings.first?.remedy.contains("is good, seen from here") == true)
    }

    @Test func aDocumentNamesEveryRedirect() throws {
        var target = try Scene().target
        target.personas = [.claude, .claudeDesktop, .strict]
        let document = target.clientDocument(at: try #require(WebURL(Self.document)))
        #expect(document["client_id"] == .string(Self.document))
        #expect(document["client_name"] == "Claude")
        #expect(document["token_endpoint_auth_method"] == "none")
        #expect(
            document["redirect_uris"] == [
                "https://claude.ai/api/mcp/auth_callback", "http://localhost:3000/callback",
                "http://127.0.0.1:33418/callback",
            ])
    }

    /// How a client that was registered by hand proves itself; `client_id` stands in the body always.
    @Test(arguments: [
        ("none", nil, nil, nil), ("client_secret_post", "s3cret&", nil, "s3cret&"),
        ("client_secret_basic", "s3cret&", "hand:s3cret%26", nil),
    ])
    func provesItself(_ method: String, _ secret: String?, _ basic: String?, _ posted: String?) async throws {
        var scene = try Scene(
            FakeServer { request, response in
                guard request.url.path == "/.well-known/oauth-authorization-server" else { return }
                response.set("token_endpoint_auth_methods_supported", [.string(method)])
            })
        scene.server.memory.withLock { _ = $0.clients.insert("hand") }
        scene.target.client = TargetSettings.Client(
            id: "hand", secret: secret.map { Secret($0) }, authentication: method)
        #expect(await scene.run().findingTexts == [])
        #expect(scene.server.requests(to: "/register").isEmpty)
        for request in scene.server.requests(to: "/token") {
            guard case .form(let pairs)? = request.body else { continue }
            let form = Callback(pairs: pairs)
            #expect(form["client_id"] == "hand")
            #expect(form["client_secret"] == posted)
            #expect(request.fields["authorization"] == basic.map { "Basic " + Base64.encode(Array($0.utf8)) })
        }
        // The session of such a client is kept and used as any other.
        let session = await scene.run(.session)
        #expect(session.facts.sessionAlive[.ordinary] == true)
        #expect(session.outcome(.session) == .passed)
    }

    @Test func aRunThatKeepsNothingDeletesItsClient_whereTheServerAllows() async throws {
        let deleted = Mutex<[String]>([])
        let server = FakeServer { request, response in
            guard request.url.path == "/register" else { return }
            let count = deleted.withLock { $0.count }
            response.set("registration_access_token", .string("management-token-\(count)"))
            response.set("registration_client_uri", .string("\(FakeServer.base)/clients/\(count)"))
        } extra: { request in
            guard request.method == "DELETE" else { return nil }
            deleted.withLock { $0.append("\(request.url.path) \(request.fields["authorization"] ?? "")") }
            return HTTPResponse(status: 204)
        }
        var scene = try Scene(server)
        scene.target.keepsNothing = true
        #expect(await scene.run().findingTexts == [])
        #expect(deleted.withLock { $0 } == ["/clients/0 Bearer management-token-0"])
    }
}

/// The scope that refresh tokens hang on.
struct OfflineAccessTests {
    @Test(
        arguments: [
            (true, nil, "read write offline_access", true), (false, nil, "read write", false),
            (true, "read", "read", false),
        ] as [(Bool, String?, String, Bool)])
    func isAskedFor_whereTheServerKnowsIt(
        _ isKnown: Bool, _ configured: String?, _ asked: String, consents: Bool
    ) async throws {
        var scene = try Scene(
            FakeServer { request, response in
                guard isKnown, request.url.path == "/.well-known/oauth-authorization-server" else { return }
                response.set("scopes_supported", ["read", "write", "offline_access"])
            })
        scene.target.scope = configured
        let record = await scene.run()
        #expect(record.findingTexts == [])
        let query = Callback(pairs: scene.server.requests(to: "/authorize").first?.url.queryPairs ?? [])
        #expect(query["scope"] == asked)
        #expect(query["prompt"] == (consents ? "consent" : nil))
    }
}
