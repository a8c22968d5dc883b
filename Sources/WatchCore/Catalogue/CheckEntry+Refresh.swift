extension CheckEntry {
    static let refreshStatus = CheckEntry(
        .refresh, .failure, .authorizationServer,
        asserts: "the refresh answers 200",
        source: "RFC 6749 §6",
        causes: [
            "`invalid_grant`: refresh tokens are not stored, or bound to something that changes",
            "`invalid_request` in place of `invalid_grant`: clients then try for ever instead of logging in again",
            "the refresh lands on a replica that does not share the store",
        ],
        remedy: """
            Read `error` in the trace; look whether refresh tokens survive a restart and are bound to the right client.
            """,
        seenIn: ["obot#7501", "MeshWeaver#5074"])

    static let refreshAccessToken = CheckEntry(
        .refresh, .failure, .authorizationServer,
        asserts: "the refresh brings a new access token",
        source: "RFC 6749 §6, §5.1",
        causes: ["an error inside a 200", "a page, or anything but a JSON object with `access_token`"],
        remedy: "Return a new `access_token` on refresh, as JSON; errors with status 400.")

    static let refreshWorks = CheckEntry(
        .refresh, .failure, .resourceServer,
        asserts: "the refreshed access token works",
        source: "RFC 6749 §6",
        causes: ["refreshed tokens are signed or stored in another way, or lose audience or scope"],
        remedy: """
            The resource server does not accept refreshed tokens: compare how both kinds are stored or signed.
            """)

    static let refreshSameToken = CheckEntry(
        .refresh, .warning, .authorizationServer,
        asserts: "the access token changed",
        source: "RFC 6749 §6",
        causes: ["a cache before the token endpoint", "a server that only prolongs the life of the old token"],
        remedy: "Issue a new access token on each refresh.")

    static let refreshRotation = CheckEntry(
        .refresh, .info, .authorizationServer,
        asserts: "the refresh token of a public client is rotated",
        source: "OAuth 2.1 §4.3.1",
        causes: [
            "rotation is off: a stolen refresh token stays good",
            "the old token ends at a refresh, and no new one is returned (failure: the session dies at the next)",
        ],
        remedy: "Rotate refresh tokens of public clients, and return the new one.")

    static let refreshScope = CheckEntry(
        .refresh, .warning, .authorizationServer,
        asserts: "the scope is not lost at refresh",
        source: "RFC 6749 §6",
        causes: ["the scope is taken from the refresh request, which need not name one, in place of the grant"],
        remedy: "Keep the granted scope at refresh.")
}
