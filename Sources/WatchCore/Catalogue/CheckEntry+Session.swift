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
