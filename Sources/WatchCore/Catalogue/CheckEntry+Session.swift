extension CheckEntry {
    static let sessionRefresh = CheckEntry(
        .session, .failure, .authorizationServer,
        asserts: "the refresh token of an earlier run still works",
        source: "RFC 6749 §6",
        causes: [
            "refresh tokens are kept in memory, and the server was restarted or deployed",
            "they are kept in one replica of several",
            "two refreshes at once were taken for a theft, and the whole family was ended",
            "they end after a fixed time that is shorter than users expect",
        ],
        remedy: """
            Everyone who was logged in is logged out: check that refresh tokens are kept over restarts and not in \
            memory.
            """,
        seenIn: ["opencode#34074", "obot#7501"])

    static let sessionClient = CheckEntry(
        .session, .failure, .authorizationServer,
        asserts: "the client of an earlier run is still known",
        source: "RFC 7591 §3.2.1",
        causes: [
            "registered clients are kept in memory, and the server was restarted or deployed",
            "a clean-up deletes clients that are in use",
        ],
        remedy: "Clients registered earlier are forgotten: keep them in a database, not in memory.",
        seenIn: ["mcp-pinot#139", "supabase/mcp#355"])

    static let sessionEarlyDeath = CheckEntry(
        .session, .failure, .resourceServer,
        asserts: "tokens live as long as promised",
        source: "RFC 6749 §5.1",
        causes: [
            "access tokens are kept in memory, or signed with a key that is made at each start",
            "`expires_in` promises more than the token or its session holds",
            "the signing key was rotated, and the resource server keeps the old ones, or forgot them too early",
        ],
        remedy: """
            The access token was refused before its `expires_in` was over: look for a token store in memory, several \
            replicas, or a key that changed.
            """,
        seenIn: ["MeshWeaver#5074", "giantswarm/mcp-oauth PR 452"])

    static let sessionOldAccessToken = CheckEntry(
        .session, .insecure, .resourceServer,
        asserts: "an access token that was refused after a refresh or a revocation stays refused",
        source: "RFC 7009 §2; OAuth 2.1 §7.3",
        causes: [
            "the list of revoked tokens is kept in memory, and the server was restarted or deployed",
            "one replica of several has not heard of the revocation",
            "a backup was restored",
        ],
        remedy: """
            Dead tokens open the door again: keep revocations where they outlive a restart and reach every replica, \
            until the token has expired.
            """)

    static let sessionSingleSession = CheckEntry(
        .session, .info, .authorizationServer,
        asserts: "a session goes on while the same user logs in elsewhere",
        source: "RFC 6749 §1.4",
        causes: [
            "single-session: the server keeps one session, or one token, a user and client",
            "a revocation ends all tokens of the user",
        ],
        remedy: """
            Nothing, if the server is meant to keep one session a user; users with several clients are logged out by \
            each other otherwise. An account of its own for the kept session (`session:`) watches it through our logins.
            """)

    static let sessionInterrupted = CheckEntry(
        .session, .info, .monitor,
        asserts: "no run was cut short between asking and hearing the answer",
        causes: ["the monitor, or its machine, was killed or lost power in the middle of a run"],
        remedy: "Nothing to do: the session was given up as unknown and a new one begins with the next login.")

    static let revocationStatus = CheckEntry(
        .revocation, .info, .authorizationServer,
        asserts: "the revocation endpoint takes back what it gave",
        source: "RFC 7009 §2.2",
        causes: [
            "the endpoint is published and not there, or fails",
            "it takes confidential clients only",
        ],
        remedy: "Look in the server's log for the revocation request; tokens that cannot be revoked pile up.")
}
