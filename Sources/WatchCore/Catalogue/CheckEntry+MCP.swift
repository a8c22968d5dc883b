extension CheckEntry {
    static let mcpStatus = CheckEntry(
        .mcp, .failure, .resourceServer,
        asserts: "the MCP request with the token answers 200",
        source: "MCP transports",
        causes: [
            "401: the access token is invalid or expired in the eyes of the resource server: another audience, a stale "
                + "signing key, a clock that is off, a token store of its own",
            "5xx: the server behind the proxy is down or fails",
            "a time-out: `initialize` waits for something slow; the strictest clients give it 10 s",
        ],
        remedy: """
            A 401 here: the resource server does not accept the token that was just issued (audience, key, clock, \
            token store). A 5xx: look in the server's log.
            """,
        seenIn: ["engram#1242", "claude-code#90497", "giantswarm/mcp-oauth PR 452", "claude-ai-mcp#473"])

    static let mcpBody = CheckEntry(
        .mcp, .failure, .resourceServer,
        asserts: "the answer is JSON or an event stream with the answer to our request",
        source: "MCP transports",
        causes: [
            "an HTML page of a proxy or of a single-page application",
            "an event stream that ends, or is cut by a proxy, before the answer",
        ],
        remedy: "Answer with `application/json` or `text/event-stream` that holds the JSON-RPC response.")

    static let mcpId = CheckEntry(
        .mcp, .failure, .resourceServer,
        asserts: "the JSON-RPC answer has the id of the request",
        source: "JSON-RPC 2.0 §5",
        causes: ["a proxy that numbers requests anew", "a number that comes back as a string"],
        remedy: "Return the request's id unchanged.")

    static let mcpError = CheckEntry(
        .mcp, .failure, .resourceServer,
        asserts: "the answer is no JSON-RPC error",
        source: "JSON-RPC 2.0 §5.1",
        causes: ["the server or what it depends on fails", "the configured tool or its arguments do not exist"],
        remedy: "Read code and message of the error in the trace.")

    static let mcpVersion = CheckEntry(
        .mcp, .failure, .resourceServer,
        asserts: "the protocol version is a known one",
        source: "MCP lifecycle",
        causes: ["a draft or made-up version", "the member is missing from the result"],
        remedy: "Answer `initialize` with a published protocol version.")

    static let mcpRevision = CheckEntry(
        .mcp, .warning, .resourceServer,
        asserts: "the server speaks the revision of MCP that it spoke before",
        source: "MCP versioning",
        causes: [
            "the server, its framework or a gateway before it was updated, or rolled back",
            "the protected resource metadata went away, so that clients fall back to the oldest revision",
            "a newer revision (info) was added",
        ],
        remedy: """
            Find out whether the change was meant. It is said once and then taken for the new state; `revision` in the \
            target's configuration pins one.
            """)

    static let mcpScope = CheckEntry(
        .mcp, .failure, .resourceServer,
        asserts: "403 insufficient_scope is solved by at most two further authorizations",
        source: "MCP authorization; RFC 6750 §3.1",
        causes: [
            "the challenge names a scope that the authorization server never grants",
            "the token does not carry the scope that was granted",
        ],
        remedy: "Name the needed scopes in the challenge and grant them.")

    static let mcpHandshake = CheckEntry(
        .mcp, .warning, .resourceServer,
        asserts: "`notifications/initialized` answers 202 and the session id is visible ASCII",
        source: "MCP transports",
        causes: ["the server answers notifications like requests, with 200 and a body, or with an error"],
        remedy: "Answer notifications with 202 and no body.")

    static let mcpTools = CheckEntry(
        .mcp, .warning, .resourceServer,
        asserts: "the tool list is not empty",
        source: "MCP tools",
        causes: ["tools are registered after the list is read, or a module failed to load", "the user may use none"],
        remedy: "Check that the server still registers its tools.")

    static let mcpUserAgent = CheckEntry(
        .mcp, .warning, .edge,
        asserts: "every user agent gets the same answer",
        source: "RFC 9110 §10.1.5",
        causes: [
            "a firewall or bot protection blocks some clients by name, or those without one",
            "a rule that was made for browsers covers the MCP endpoint, too",
        ],
        remedy: "Exempt the MCP and OAuth endpoints from the rules of the firewall that look at the user agent.",
        seenIn: ["claude-ai-mcp#49", "claude-ai-mcp#680", "claude-ai-mcp#923"])

    static let mcpCors = CheckEntry(
        .mcp, .info, .resourceServer,
        asserts: "MCP and token endpoint answer a browser's preflight",
        source: "Fetch standard, CORS protocol",
        causes: ["OPTIONS is not routed, or wants a token", "`Access-Control-Allow-Headers` lacks `authorization`"],
        remedy: """
            Where clients in a browser are wanted: answer OPTIONS without a token and allow the origin, `authorization`, \
            `content-type` and `mcp-protocol-version`.
            """,
        seenIn: ["sentry-mcp#999"])
}
