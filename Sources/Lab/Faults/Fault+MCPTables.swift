import WatchCore

extension Fault {
    static let mcp: [Fault] = [
        fault("mcp-rejects-token", "the MCP endpoint refuses every token", .failure(.mcpStatus)) {
            $0.mcp.rejectsEveryToken = true
        },
        fault("mcp-wrong-id", "the MCP answer has another id", .failure(.mcpId)) { $0.mcp.answersWithOtherID = true },
        fault("mcp-jsonrpc-error", "the MCP answer is a JSON-RPC error", .failure(.mcpError)) {
            $0.mcp.answersWithError = true
        },
        fault("mcp-unknown-version", "the MCP server names a version that nobody knows", .failure(.mcpVersion)) {
            $0.mcp.version = "1999-12-31"
        },
        fault("initialized-200", "notifications are answered with 200 and a body", .warning(.mcpHandshake)) {
            $0.mcp.answersNotifications = true
        },
        fault("no-tools", "the list of tools is empty", .warning(.mcpTools)) { $0.mcp.hasTools = false },
        fault("scope-never-enough", "whatever was granted, tools need one scope more", .failure(.mcpScope)) {
            $0.mcp.scopeDemand = .everMore
        },
        variety("insufficient-scope", "tools need a scope that the challenge named only in its 403") {
            $0.mcp.scopeDemand = .more
        },
        variety("sse", "MCP answers are event streams with comments, a priming event and a notification") {
            $0.mcp.framing = .eventStream
        },
        variety("sse-never-closes", "event streams stay open after the answer") { $0.mcp.framing = .openEventStream },
        variety("session-required", "requests after initialize need Mcp-Session-Id") { $0.mcp.sessions = .required },
        variety("no-session", "there are no MCP sessions") { $0.mcp.sessions = .absent },
        variety("mcp-under-path", "the MCP endpoint is /mcp only", .healthy.at(path: "/mcp")) {
            $0.mcp.paths = ["/mcp"]
        },
    ]

    static let revision: [Fault] = [
        variety("revision-2025-03-26", "the server is of 2025-03-26: no resource metadata, and it speaks nothing newer")
        {
            $0.discovery.resourcePlace = .absent
            $0.challenge.header = .bare
            $0.mcp.revisions = ["2025-03-26"]
        },
        variety("revision-2025-06-18", "the server is of 2025-06-18 and speaks nothing newer") {
            $0.mcp.revisions = ["2025-06-18", "2025-03-26"]
        },
        variety("revision-2026-07-28", "the server is of 2026-07-28: no handshake, no session") {
            $0.mcp.eras = [.stateless]
        },
        variety("dual-era", "the server answers with and without a handshake") {
            $0.mcp.eras = [.handshake, .stateless]
        },
        variety(
            "tools-call-only-2026-07-28", "without a handshake, and only tools/call wants a token",
            .warning(.mcpOpenListing, at: .challenge)
        ) {
            $0.mcp.eras = [.stateless]
            $0.challenge.protection = .toolCalls
        },
        fault(
            "dual-era-open", "the server answers requests of 2026-07-28 without a token, older ones not",
            .insecure(.mcpNoToken)
        ) {
            $0.mcp.eras = [.handshake, .stateless]
            $0.challenge.forgetsStateless = true
        },
        fault(
            "open-door-2026-07-28", "everything is served without a token, and there is no handshake",
            .insecure(.mcpNoToken).and(.warning(.challengeStatus))
        ) {
            $0.mcp.eras = [.stateless]
            $0.challenge.protection = .nothing
        },
    ]

    static let wire: [Fault] = [
        fault("clock-ahead", "the server's clock is ten minutes ahead", .info(.clockSkew)) {
            $0.wire.clockOffset = .seconds(600)
        },
        variety("chunked", "bodies are chunked") { $0.wire.isChunked = true },
        variety("gzip", "bodies are gzip where the client takes that") { $0.wire.usesGzip = true },
        variety("connection-close", "every connection serves one request") { $0.wire.closesConnections = true },
        variety("ipv6", "the lab listens on ::1; only at its start") { $0.wire.usesIPv6 = true },
    ]
}
