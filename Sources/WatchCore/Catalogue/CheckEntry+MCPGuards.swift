/// What the MCP endpoint must refuse.
extension CheckEntry {
    static let mcpGarbageToken = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "a random text is not accepted as a token",
        source: "RFC 6750 §3.1; MCP authorization",
        causes: [
            "only the presence of a token is checked, not the token", "a development switch that trusts every token",
        ],
        remedy: "Look every token up, or verify its signature, issuer, audience and expiry.",
        seenIn: ["mcp-context-forge#2712"])

    static let mcpTamperedToken = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "a token with one character changed is refused",
        source: "RFC 6750 §5.2; RFC 9068 §4",
        causes: [
            "the token is decoded, but its signature is not verified", "the look-up compares only a part of the token",
        ],
        remedy: "Verify the signature, or look the whole token up.")

    static let mcpAlgNone = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "a JWT with `alg: none` is refused",
        source: "RFC 8725 §3.1; RFC 9068 §4",
        causes: [
            "the JWT library takes the algorithm from the token",
            "decoding without verification is called where verification was meant",
        ],
        remedy: "Name the allowed algorithms when verifying, never `none`.")

    static let mcpQueryToken = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "a token in the query string is refused",
        source: "OAuth 2.1 §5.1.1; MCP authorization",
        causes: ["the framework's token reader takes the query by default"],
        remedy: "Take tokens from the Authorization header only: queries end up in logs and histories.")

    static let mcpBasicScheme = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "a token behind the scheme Basic is refused",
        source: "RFC 6750 §2.1; RFC 9110 §11.1",
        causes: ["the header is split at the space and the scheme never looked at"],
        remedy: "Compare the scheme with `Bearer` before using what follows.")

    static let mcpRefreshAsAccess = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "a refresh token is not accepted as an access token",
        source: "RFC 6749 §1.5; RFC 9068 §4",
        causes: [
            "both kinds stand in one table without a type",
            "JWTs of both kinds have the same claims, and `typ` is not looked at",
        ],
        remedy: "Keep the kinds of token apart: a type in the table, `typ` in the JWT.")

    static let mcpExpiredToken = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "an access token past its expiry is refused",
        source: "RFC 6749 §4.2.2; RFC 6750 §3.1",
        causes: ["expiry is stored and never compared", "times are compared in different time zones"],
        remedy: "Compare the expiry at each request; answer 401 `invalid_token`, which makes clients refresh.",
        seenIn: ["freee-mcp#394", "fastmcp#2461", "mcp-handler#181"])

    static let mcpSessionWithoutToken = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "an MCP session id is no login",
        source: "MCP security best practices, session hijacking",
        causes: ["requests with a known Mcp-Session-Id skip the token check"],
        remedy: "Check the token at every request; a session id identifies, it does not authorize.")

    static let mcpOtherAudience = CheckEntry(
        .guarding, .warning, .resourceServer,
        asserts: "a token that was issued for another resource is refused",
        source: "RFC 8707 §2; MCP authorization, access token usage",
        causes: ["`resource` is ignored by the authorization server", "the audience of the token is not checked"],
        remedy: "Bind tokens to the `resource` asked for, and refuse those meant for others.",
        seenIn: ["engram#1242", "claude-code#90497"])

    static let mcpBadOrigin = CheckEntry(
        .guarding, .info, .resourceServer,
        asserts: "a request from a foreign Origin is refused",
        source: "MCP transports, security warning",
        causes: ["no list of allowed origins"],
        remedy: "Check the Origin header, so that no web page can reach the server through a browser (DNS rebinding).")
}
