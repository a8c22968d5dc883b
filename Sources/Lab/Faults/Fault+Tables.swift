extension Fault {
    /// One for each class of requests and each way to spoil an answer.
    static let transport: [Fault] = EndpointClass.allCases.flatMap { endpoint in
        TransportFault.allCases.map { transport in
            fault(
                "\(endpoint.rawValue).\(transport.rawValue)", "\(endpoint.rawValue) requests are \(transport.summary)"
            ) {
                $0.transport[endpoint] = transport
            }
        }
    }

    static let challenge: [Fault] = [
        fault("no-www-authenticate", "the 401 has no WWW-Authenticate") { $0.challenge.header = .none },
        fault("no-resource-metadata", "the challenge does not name the resource metadata") {
            $0.challenge.header = .withoutMetadata
        },
        fault("challenge-403", "a request without a token is refused with 403 instead of 401") {
            $0.challenge.status = 403
        },
        fault("open-door", "everything is served without a token") { $0.challenge.protection = .nothing },
        variety("bearer-lowercase", "the challenge says `bearer`") { $0.challenge.scheme = "bearer" },
        variety("tools-call-only", "only tools/call wants a token, and its challenge is a bare `Bearer`") {
            $0.challenge.protection = .toolCalls
            $0.challenge.header = .bare
        },
    ]

    static let discovery: [Fault] = [
        fault("prm-other-resource", "the resource metadata is about another origin") {
            $0.discovery.namesOtherResource = true
        },
        fault("prm-root-only", "the resource metadata is at the root although the endpoint has a path") {
            $0.discovery.resourcePlace = .rootOnly
            $0.challenge.header = .withoutMetadata
        },
        fault("http-endpoints", "the endpoints are http:// URLs of a public name") {
            for endpoint in Endpoint.allCases { $0.discovery.endpoints[endpoint] = .plainHTTP }
        },
        fault("issuer-slash", "the issuer in the metadata has one slash more") { $0.discovery.issuer = .trailingSlash },
        fault("issuer-other", "the issuer in the metadata is another server") { $0.discovery.issuer = .other },
        fault("discovery-html", "the metadata are HTML pages with 200") { $0.transport[.discovery] = .html },
        fault("no-s256", "the metadata has no list of PKCE methods") { $0.discovery.pkceMethods = nil },
        fault("s256-missing-from-list", "the list of PKCE methods has only `plain`") {
            $0.discovery.pkceMethods = ["plain"]
        },
        fault("token-endpoint-elsewhere", "the token endpoint is on another origin") {
            $0.discovery.endpoints[.token] = .elsewhere
        },
        fault("metadata-to-other-origin", "the resource metadata names an authorization server on another origin") {
            $0.discovery.authorizationServer = .elsewhere
        },
        fault("metadata-to-private-address", "the authorization server is at 10.255.255.1") {
            $0.discovery.authorizationServer = .privateAddress
        },
        fault("metadata-to-169.254.169.254", "the authorization server is at the address of cloud metadata") {
            $0.discovery.authorizationServer = .cloudMetadata
        },
        variety("no-prm", "there is no resource metadata (revision 2025-03-26)") {
            $0.discovery.resourcePlace = .absent
            $0.challenge.header = .bare
        },
        variety("no-metadata", "there are no metadata at all: /authorize, /token and /register by default") {
            $0.discovery.resourcePlace = .absent
            $0.challenge.header = .bare
            $0.discovery.documents = []
        },
        variety("prm-odd-url", "the resource metadata is only where the challenge says, not at a well-known URL") {
            $0.discovery.resourcePlace = .oddURL
        },
        variety("path-issuer", "the issuer has a path") { $0.discovery.issuerPath = "/tenant" },
        variety("oidc-only", "the metadata is an OpenID configuration only") { $0.discovery.documents = [.openID] },
        variety("unknown-metadata", "the metadata has members that nobody knows") {
            $0.discovery.hasUnknownMembers = true
        },
    ]

    static let registration: [Fault] = [
        fault("registration-500", "registration answers 500") { $0.registration.outcome = .failed },
        fault("registration-429", "registration answers 429 with Retry-After") { $0.registration.outcome = .limited },
        fault("registration-malformed", "the registration answer has null where values belong") {
            $0.registration.outcome = .malformed
        },
        fault("secret-with-method-none", "a client secret is issued together with the method `none`") {
            $0.registration.addsSecret = true
        },
        fault("clients-lost-on-restart", "a restart forgets the registered clients") {
            $0.registration.isForgetful = true
        },
        variety("registration-200", "registration answers 200 instead of 201") { $0.registration.status = 200 },
        variety("registration-managed", "clients can be read and deleted (RFC 7592)") {
            $0.registration.isManaged = true
        },
        variety("basic-only", "the token endpoint takes client_secret_basic only") {
            $0.registration.methods = [.basic]
        },
        variety("post-only", "the token endpoint takes client_secret_post only") { $0.registration.methods = [.post] },
    ]

    static let mcp: [Fault] = [
        fault("mcp-rejects-token", "the MCP endpoint refuses every token") { $0.mcp.rejectsEveryToken = true },
        fault("mcp-wrong-id", "the MCP answer has another id") { $0.mcp.answersWithOtherID = true },
        fault("mcp-jsonrpc-error", "the MCP answer is a JSON-RPC error") { $0.mcp.answersWithError = true },
        fault("insufficient-scope", "tools need a scope that the challenge named only in its 403") {
            $0.mcp.scopeDemand = .more
        },
        fault("scope-never-enough", "whatever was granted, tools need one scope more") {
            $0.mcp.scopeDemand = .everMore
        },
        variety("sse", "MCP answers are event streams with comments, a priming event and a notification") {
            $0.mcp.framing = .eventStream
        },
        variety("sse-never-closes", "event streams stay open after the answer") { $0.mcp.framing = .openEventStream },
        variety("session-required", "requests after initialize need Mcp-Session-Id") { $0.mcp.sessions = .required },
        variety("no-session", "there are no MCP sessions") { $0.mcp.sessions = .absent },
        variety("mcp-under-path", "the MCP endpoint is /mcp only") { $0.mcp.paths = ["/mcp"] },
    ]

    static let wire: [Fault] = [
        variety("chunked", "bodies are chunked") { $0.wire.isChunked = true },
        variety("gzip", "bodies are gzip where the client takes that") { $0.wire.usesGzip = true },
        variety("connection-close", "every connection serves one request") { $0.wire.closesConnections = true },
        variety("ipv6", "the lab listens on ::1; only at its start") { $0.wire.usesIPv6 = true },
    ]
}
