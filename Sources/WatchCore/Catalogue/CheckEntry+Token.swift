extension CheckEntry {
    static let tokenStatus = CheckEntry(
        .token, .failure, .authorizationServer,
        asserts: "the token endpoint answers 200",
        source: "RFC 6749 §5.1",
        causes: [
            "`invalid_grant`: PKCE verification fails (verifier and challenge do not fit), the redirect URI differs "
                + "from that of the authorization request, or the code has expired",
            "`invalid_grant` now and then: the code lies in the memory of another replica",
            "`invalid_client`: an advertised method of client authentication does not really work",
            "500: the server cannot store or sign tokens",
        ],
        remedy: """
            Read `error` in the trace: `invalid_grant` points at the PKCE verification, the redirect URI or an expired \
            code; `invalid_client` at the client's authentication.
            """,
        seenIn: ["context7#2970", "fastmcp#4600", "MeshWeaver#5074"])

    static let tokenJson = CheckEntry(
        .token, .failure, .authorizationServer,
        asserts: "the token answer is JSON",
        source: "RFC 6749 §5.1",
        causes: [
            "the form encoding of older providers (`access_token=…&scope=…`)",
            "an HTML page of a proxy, a firewall or an error handler with status 200",
        ],
        remedy: """
            Answer with `Content-Type: application/json`; an HTML page here comes from a proxy or an error handler.
            """)

    static let tokenErrorIn200 = CheckEntry(
        .token, .failure, .authorizationServer,
        asserts: "a 200 holds no OAuth error",
        source: "RFC 6749 §5.2",
        causes: ["the provider, or a proxy before it, sends every answer with 200"],
        remedy: "Send token errors with status 400 (401 for invalid_client).",
        seenIn: ["typescript-sdk#1342"])

    static let tokenAccessToken = CheckEntry(
        .token, .failure, .authorizationServer,
        asserts: "an access token is there",
        source: "RFC 6749 §5.1",
        causes: ["the answer is wrapped in another object (`data`, `token`)", "only an ID token is issued"],
        remedy: "Return `access_token`.")

    static let tokenType = CheckEntry(
        .token, .failure, .authorizationServer,
        asserts: "the token type is bearer",
        source: "RFC 6749 §5.1, §7.1",
        causes: ["`token_type` is left out", "the server is set to DPoP or MAC tokens"],
        remedy: "Return `\"token_type\": \"Bearer\"`.")

    static let tokenExpiresIn = CheckEntry(
        .token, .failure, .authorizationServer,
        asserts: "`expires_in` is a number above 0",
        source: "RFC 6749 §5.1",
        causes: [
            "the number is written as a string, or left out (warning)",
            "a moment is written where a duration belongs, or the clocks of two parts differ: 0 or less",
        ],
        remedy: "Return `expires_in` as a number of seconds above 0.",
        seenIn: ["librechat.ai#420", "todoist-mcp#400"])

    static let tokenNoStore = CheckEntry(
        .token, .warning, .authorizationServer,
        asserts: "the token answer must not be cached",
        source: "RFC 6749 §5.1",
        causes: ["the header was never set", "a proxy sets a caching rule of its own"],
        remedy: "Send `Cache-Control: no-store` with tokens.")

    static let tokenScope = CheckEntry(
        .token, .warning, .authorizationServer,
        asserts: "the granted scope covers what was asked",
        source: "RFC 6749 §5.1",
        causes: [
            "the test user or the client may have less than the metadata promises",
            "the scope is dropped between consent and token",
        ],
        remedy: "Grant the scopes that clients ask for, or advertise fewer.")

    static let tokenRefreshIssued = CheckEntry(
        .token, .warning, .authorizationServer,
        asserts: "a refresh token is issued when the grant is advertised",
        source: "MCP authorization; RFC 6749 §1.5",
        causes: [
            "refresh tokens are given only with the scope `offline_access`, which clients do not ask for",
            "the registered grant types lack `refresh_token`",
        ],
        remedy: "Issue a refresh token, or users have to log in again at each expiry.",
        seenIn: ["uploads#911"])

    static let tokenJwt = CheckEntry(
        .token, .warning, .authorizationServer,
        asserts:
            "`iss`, `aud` and `exp` of an access token that is a JWT agree with the answer, its key is in the JWKS",
        source: "RFC 9068 §2.2, §4",
        causes: [
            "the audience is a fixed name, or that of another resource: strict resource servers refuse the token",
            "the lifetime in the answer and that in the token are configured apart",
            "the signing key was rotated, and the published keys did not follow",
        ],
        remedy: "Write issuer, audience and expiry of the answer into the token, and publish the key that signs it.",
        seenIn: ["engram#1242", "claude-code#90497", "giantswarm/mcp-oauth PR 452"])

    static let tokenErrorCode = CheckEntry(
        .token, .info, .authorizationServer,
        asserts: "refusals use the codes of the standard: `invalid_grant` for a code or token that is not good",
        source: "RFC 6749 §5.2",
        causes: [
            "every refusal is `invalid_request`, or has the framework's own form (`detail`)",
            "a proxy replaces the body of error answers",
        ],
        remedy: """
            Answer a code or refresh token that is not good with status 400 and `invalid_grant`: only then do clients log \
            in again.
            """,
        seenIn: ["obot#7501"])
}
