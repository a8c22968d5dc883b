import JSONReader
import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

/// Whole flows against servers of each revision and of two.
struct RevisionFlowTests {
    /// What a server speaks; a test changes it between runs.
    final class Tongue: Sendable {
        let eras: Mutex<Set<Bool>>
        /// Answers `server/discover` with this status, before anything else.
        let discoverStatus = Mutex<Int?>(nil)

        /// - Parameter stateless: whether requests without handshake are served, those with one, or both.
        init(stateless: Set<Bool>) { eras = Mutex(stateless) }

        /// Changes an answer of the MCP endpoint that let the token pass.
        func answer(_ request: HTTPRequest, _ response: inout HTTPResponse) {
            guard request.url.path == "/mcp", response.status != 401, case .json(let message)? = request.body else {
                return
            }
            let id = message["id"] ?? .null
            let isStateless = request.fields["mcp-method"] != nil
            if message["method"] == "server/discover", let status = discoverStatus.withLock({ $0 }) {
                response = HTTPResponse(status: status)
                return
            }
            guard eras.withLock({ $0.contains(isStateless) }) else {
                let supported: JSON = isStateless ? ["2025-11-25"] : ["2026-07-28"]
                response = .rpcError(id, -32_022, status: 400, data: ["supported": supported])
                return
            }
            if isStateless { answerStateless(request, message, &response) }
        }

        private func answerStateless(_ request: HTTPRequest, _ message: JSON, _ response: inout HTTPResponse) {
            let meta = message["params"]?["_meta"]
            #expect(request.fields["mcp-protocol-version"] == "2026-07-28")
            #expect(request.fields["mcp-session-id"] == nil)
            #expect(request.fields["mcp-method"] == message["method"]?.string)
            #expect(meta?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
            #expect(meta?["io.modelcontextprotocol/clientInfo"]?["name"] == "Claude Desktop")
            #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == .object([]))
            guard message["method"] == "server/discover" else { return }
            let result: JSON = ["supportedVersions": ["2026-07-28"], "capabilities": .object([])]
            response = .json(["jsonrpc": "2.0", "id": message["id"] ?? .null, "result": result])
        }
    }

    private func scene(_ tongue: Tongue) throws -> Scene {
        try Scene(FakeServer { request, response in tongue.answer(request, &response) })
    }

    private func methods(_ record: RunRecord, _ step: Step) -> [String] {
        record.exchanges.filter { $0.request.step == step }.compactMap { exchange in
            guard case .json(let message)? = exchange.request.body else { return nil }
            return message["method"]?.string
        }
    }

    struct Row: Sendable {
        var stateless: Set<Bool>
        var pin: Revision?
        var calls: [String]
        var version: String?
        var findings: [String] = []
    }

    private static let handshake = ["initialize", "notifications/initialized", "tools/list"]

    static let rows = [
        Row(stateless: [false], calls: ["server/discover"] + handshake, version: "2025-06-18"),
        Row(stateless: [true], calls: ["server/discover", "tools/list", "initialize"], version: "2026-07-28"),
        // The last request asks without a token, in the era that the challenge was not asked in.
        Row(
            stateless: [true, false], calls: ["server/discover", "tools/list"] + handshake + ["tools/list"],
            version: "2026-07-28"),
        Row(stateless: [true, false], pin: .july2026, calls: ["tools/list"], version: "2026-07-28"),
        Row(stateless: [true, false], pin: .june2025, calls: handshake, version: "2025-06-18"),
        Row(
            stateless: [false], pin: .november2025, calls: handshake, version: "2025-06-18",
            findings: ["mcp.version warning"]),
        Row(stateless: [false], pin: .july2026, calls: ["tools/list"], findings: ["mcp.error failure"]),
    ]

    @Test(arguments: rows)
    func speaksWhatTheServerSpeaks(_ row: Row) async throws {
        var scene = try scene(Tongue(stateless: row.stateless))
        scene.target.revision = row.pin
        let record = await scene.run()
        #expect(record.findingTexts == row.findings)
        #expect(methods(record, .mcp) == row.calls)
        #expect(record.facts.protocolVersion == row.version)
    }

    @Test func remembersTheChoice_andASessionRunAsksNothing() async throws {
        let scene = try scene(Tongue(stateless: [true]))
        _ = await scene.run()
        #expect(await scene.memory.state.revision?.version == .july2026)
        let session = await scene.run(.session)
        #expect(session.findingTexts == [])
        #expect(methods(session, .session) == ["tools/list"])
        // The challenge, too, is asked for in the remembered way.
        #expect(methods(session, .challenge) == ["server/discover"])
    }

    @Test func asksAServerWithHandshakeOnceADay() async throws {
        var scene = try scene(Tongue(stateless: [false]))
        scene.target.keepsIdleSession = false
        _ = await scene.run()
        #expect(methods(await scene.run(), .mcp) == Self.handshake)
        scene.clock.advance(by: .seconds(86_500))
        // The token that was refused is tried, then the kept session is used, and asks.
        let later = await scene.run()
        #expect(methods(later, .session) == ["initialize", "server/discover"] + Self.handshake)
        #expect(methods(later, .mcp) == Self.handshake)
    }

    @Test(arguments: [
        (Set([false]), Set([true]), ["mcp.revision info"]), (Set([true]), Set([false]), ["mcp.revision warning"]),
        (Set([true, false]), Set([true]), ["mcp.revision warning"]),
    ])
    func saysOnce_thatTheChoiceHasChanged(_ before: Set<Bool>, _ after: Set<Bool>, _ findings: [String]) async throws {
        let tongue = Tongue(stateless: before)
        let scene = try scene(tongue)
        #expect(await scene.run().findingTexts == [])
        tongue.eras.withLock { $0 = after }
        #expect(await scene.run().textsBesidesTheBaseline == findings)
        let third = await scene.run()
        #expect(third.textsBesidesTheBaseline == [])
        #expect(third.scored.contains(.mcpRevision))
    }

    @Test func saysThatTheResourceMetadataIsGone() async throws {
        let isGone = Mutex(false)
        let scene = try Scene(
            FakeServer { request, response in
                guard isGone.withLock({ $0 }) else { return }
                if request.url.path.hasPrefix("/.well-known/oauth-protected") { response = HTTPResponse(status: 404) }
                if response.status == 401 { response.fields["WWW-Authenticate"] = "Bearer" }
            })
        _ = await scene.run()
        isGone.withLock { $0 = true }
        let record = await scene.run()
        #expect(record.textsBesidesTheBaseline == ["mcp.revision warning"])
        #expect(record.findings.first?.step == .discovery)
    }

    /// An outage says nothing about the revision.
    @Test func anOutageIsNoChoice() async throws {
        let tongue = Tongue(stateless: [true])
        let scene = try scene(tongue)
        _ = await scene.run()
        tongue.discoverStatus.withLock { $0 = 503 }
        let record = await scene.run()
        #expect(Set(record.findingTexts) == ["mcp.status failure"])
        #expect(await scene.memory.state.revision?.version == .july2026)
    }

    /// Its refusal of `initialize` is right; the answer before it is not.
    @Test(
        arguments: [
            (["jsonrpc": "2.0", "id": 7, "result": ["supportedVersions": ["2026-07-28"]]], "mcp.id failure"),
            (["jsonrpc": "2.0", "id": 1, "error": ["code": -32_603, "message": "no"]], "mcp.error failure"),
            (["jsonrpc": "2.0", "id": 1, "result": ["supportedVersions": []]], "mcp.version failure"),
            (["a page"], "mcp.body failure"),
        ] as [(JSON, String)])
    func blamesTheAnswerToTheQuestion_whereThereIsNoHandshake(answer: JSON, finding: String) async throws {
        let tongue = Tongue(stateless: [true])
        let scene = try Scene(
            FakeServer { request, response in
                tongue.answer(request, &response)
                guard request.fields["mcp-method"] == "server/discover", response.status == 200 else { return }
                response = .json(answer)
            })
        let record = await scene.run()
        #expect(record.findingTexts == [finding])
        #expect(record.blamed?.message.hasPrefix("`server/discover`") == true)
    }

    @Test func aServerThatChokesOnTheQuestionIsAskedForItsHandshake() async throws {
        let tongue = Tongue(stateless: [false])
        tongue.discoverStatus.withLock { $0 = 500 }
        let scene = try scene(tongue)
        let record = await scene.run()
        #expect(record.findingTexts == [])
        #expect(methods(record, .mcp) == ["server/discover"] + Self.handshake)
        #expect(await scene.memory.state.revision == nil)
    }

    /// Documents in the manner of each pin.
    @Test(arguments: [
        (Revision.march2025, ["/.well-known/oauth-authorization-server"], false),
        (.june2025, ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server"], true),
        (
            .november2025, ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server"],
            true
        ),
    ])
    func looksWhereAClientOfThatDayLooks(_ pin: Revision, _ paths: [String], sendsResource: Bool) async throws {
        var scene = try Scene()
        scene.target.revision = pin
        let record = await scene.run()
        #expect(record.exchanges.filter { $0.request.step == .discovery }.map(\.request.url.path) == paths)
        #expect(record.facts.revision == pin.rawValue)
        let query = scene.server.requests(to: "/authorize").first?.url.queryPairs ?? []
        #expect(query.contains { $0.name == "resource" } == sendsResource)
    }

    @Test(arguments: [
        ("echo", "echo"), ("größe", "=?base64?Z3LDtsOfZQ==?="), (" x", "=?base64?IHg=?="), ("", ""),
        ("=?base64?eA==?=", "=?base64?PT9iYXNlNjQ/ZUE9PT89?="),
    ])
    func writesAnyNameIntoAField(_ name: String, _ value: String) {
        #expect(MCPConnection.fieldValue(name) == value)
    }

    @Test func copiesArgumentsIntoFields_whereTheToolAsksForThat() {
        let tool: JSON = [
            "name": "t",
            "inputSchema": [
                "type": "object",
                "properties": [
                    "region": ["type": "string", "x-mcp-header": "Region"],
                    "deep": ["properties": ["on": ["type": "boolean", "x-mcp-header": "On"]]],
                    "many": ["items": ["x-mcp-header": "Never"]], "bad": ["x-mcp-header": "no token"],
                    "absent": ["x-mcp-header": "Absent"],
                ],
            ],
        ]
        let arguments: JSON = ["region": "eu", "deep": ["on": true], "many": ["x"], "bad": "x"]
        var message = MCPMessage.call(TargetSettings.Tool(name: "t", arguments: arguments), id: 1)
        message.takeHeaders(from: tool)
        #expect(message.parameterHeaders.map { "\($0.name): \($0.value)" } == ["Region: eu", "On: true"])
    }
}

extension RunRecord {
    /// `findingTexts` without what only says that the server is another than before.
    fileprivate var textsBesidesTheBaseline: [String] { findingTexts.filter { !$0.hasPrefix("baseline.changed") } }
}
