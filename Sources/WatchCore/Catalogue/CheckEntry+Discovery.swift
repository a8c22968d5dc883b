extension CheckEntry {
    static let discoveryResourceMetadata = CheckEntry(
        .discovery, .failure, .resourceServer,
        asserts: "the protected resource metadata answers 200 with JSON",
        source: "RFC 9728 §3",
        causes: [
            "a single-page application or proxy answers every unknown path with its HTML page and 200",
            "the URL with the endpoint's path at its end is not routed and answers 404",
            "the document is served by another process that is down",
        ],
        remedy: "Serve the protected resource metadata as JSON at the URL that the challenge names.",
        seenIn: ["nutrition-mcp#51", "fastmcp#2793", "outline#11572"])

    static let discoveryResource = CheckEntry(
        .discovery, .failure, .resourceServer,
        asserts: "`resource` in the metadata is the endpoint that was asked",
        source: "RFC 9728 §3.3",
        causes: [
            "the server does not know its public name and writes the internal one, or another host",
            "the path of the MCP endpoint is left out, or a slash is added",
            "the member is missing",
        ],
        remedy: """
            Set `resource` to the public URL of the MCP endpoint; check the public URL setting behind the proxy.
            """,
        seenIn: ["macro-inc/macro#5519", "python-sdk#1400", "mcp-auth-proxy#177"])

    static let discoveryAuthorizationServers = CheckEntry(
        .discovery, .failure, .resourceServer,
        asserts: "`authorization_servers` names at least one server",
        source: "RFC 9728 §2; MCP authorization",
        causes: ["the setting that names the issuer is empty in this deployment", "an entry is no absolute URL"],
        remedy: "List the issuer of the authorization server in `authorization_servers`.")

    static let discoveryMetadata = CheckEntry(
        .discovery, .failure, .authorizationServer,
        asserts: "the authorization server metadata answers 200 with JSON",
        source: "RFC 8414 §3.2",
        causes: [
            "the issuer has a path, and the document is not at the URL with that path inserted",
            "a page or an error of a proxy stands where the document belongs",
            "the metadata names an authorization server that this monitor must not or cannot reach",
        ],
        remedy: """
            Serve the metadata as JSON at `/.well-known/oauth-authorization-server` (with the issuer's path inserted).
            """,
        seenIn: ["outline#11572", "nutrition-mcp#51"])

    static let discoveryIssuer = CheckEntry(
        .discovery, .failure, .authorizationServer,
        asserts: "`issuer` equals the issuer that was asked for",
        source: "RFC 8414 §3.3",
        causes: [
            "one side writes the issuer with a slash at its end, the other without",
            "the issuer is an internal name, or plain http behind a TLS proxy",
        ],
        remedy: "Make `issuer` identical to the URL that the resource metadata names, to the last slash.",
        seenIn: ["expo#49054", "opencode#50036"])

    static let discoveryEndpoints = CheckEntry(
        .discovery, .failure, .authorizationServer,
        asserts: "authorization and token endpoint are present and absolute, and `code` is supported",
        source: "RFC 8414 §2",
        causes: [
            "an endpoint is missing or relative",
            "an endpoint is at an origin that may not receive credentials; then nothing was sent (inconclusive)",
        ],
        remedy: """
            Publish absolute `authorization_endpoint` and `token_endpoint` and `response_types_supported` with `code`.
            """)

    static let discoveryS256 = CheckEntry(
        .discovery, .failure, .authorizationServer,
        asserts: "S256 is advertised",
        source: "MCP authorization; RFC 7636 §4.2",
        causes: [
            "the metadata leaves `code_challenge_methods_supported` out; strict clients refuse to go on",
            "only `plain` is listed",
        ],
        remedy: "Publish `code_challenge_methods_supported: [\"S256\"]`.",
        seenIn: ["zed#60358", "typescript-sdk#2831"])

    static let discoveryHttps = CheckEntry(
        .discovery, .failure, .authorizationServer,
        asserts: "endpoints are https (loopback excepted)",
        source: "MCP authorization; RFC 9700 §2.6",
        causes: ["TLS ends at a proxy, and the server builds its URLs from the plain request that it sees"],
        remedy: """
            Tell the server its public https URL (behind a TLS proxy: forwarded-proto or a public-URL setting).
            """,
        seenIn: ["mesh/mesh-mcp#20", "Mnexa-AI/e2a#635"])

    static let discoveryMethods = CheckEntry(
        .discovery, .warning, .authorizationServer,
        asserts: "the client authentication method and grants in use are advertised",
        source: "RFC 8414 §2",
        causes: [
            "the metadata is a fixed text that nobody keeps up to date",
            "`none` is not listed although public clients may register",
        ],
        remedy: """
            Advertise `token_endpoint_auth_methods_supported` and `grant_types_supported` as they really work.
            """,
        seenIn: ["context7#2970", "fastmcp#4600"])

    static let discoveryScopes = CheckEntry(
        .discovery, .warning, .authorizationServer,
        asserts: "the scopes asked for are known to the authorization server",
        source: "RFC 6749 §3.3",
        causes: [
            "resource server and authorization server are configured apart: one names scopes that the other refuses",
            "the configured `scope` has a name that the server does not know",
        ],
        remedy: """
            Align the scopes of the resource metadata with `scopes_supported` of the authorization server.
            """,
        seenIn: ["posthog#55307"])

    static let discoveryHostSteering = CheckEntry(
        .discovery, .warning, .authorizationServer,
        asserts: "metadata do not follow a foreign `X-Forwarded-Host`",
        source: "RFC 9700 §4; RFC 7239 §8.1",
        causes: [
            "the server builds its URLs from the request and trusts forwarding headers from everybody",
            "the proxy passes the client's own forwarding headers on in place of setting them anew",
        ],
        remedy: """
            Set the public URL in the server's configuration, or trust forwarding headers from the proxy's address only.
            """,
        seenIn: ["superlinked/sie#275"])
}
