extension CheckEntry {
    static let registrationEndpoint = CheckEntry(
        .registration, .failure, .authorizationServer,
        asserts: "a registration endpoint is there, or a client is configured",
        source: "RFC 7591 §3",
        causes: [
            "the authorization server offers no dynamic registration, or it was switched off",
            "it is offered but not published in the metadata",
        ],
        remedy: "Publish `registration_endpoint`, or configure a client id for this target.")

    static let registrationStatus = CheckEntry(
        .registration, .failure, .authorizationServer,
        asserts: "registration answers 201",
        source: "RFC 7591 §3.2.1",
        causes: [
            "500: the database is not there, not migrated or full",
            "400: the redirect URI is not allowed (often a loopback one), or a client or user of that name exists",
            "401 or 403: registration needs an initial access token, or a firewall stands before it",
            "429: the limit on registrations also locks real clients out (inconclusive)",
        ],
        remedy: """
            Look in the server's log for the registration request; check its database, its redirect URI rules and \
            whether the name exists already. Where registration is not offered, register a client by hand and \
            configure `client`.
            """,
        seenIn: ["openwork#3599", "workers-oauth-provider#154", "Cellarion PR 785"])

    static let registrationClientId = CheckEntry(
        .registration, .failure, .authorizationServer,
        asserts: "the answer has a `client_id` and echoes the redirect URIs",
        source: "RFC 7591 §3.2.1",
        causes: [
            "a page of a proxy or an error in another form, with status 200 or 201",
            "the server stores or normalises another redirect URI than the one it was given",
        ],
        remedy: "Return `client_id` and the registered `redirect_uris`.")

    static let registrationShape = CheckEntry(
        .registration, .warning, .authorizationServer,
        asserts: "the registration answer is well formed",
        source: "RFC 7591 §3.2.1",
        causes: [
            "fields without a value are written as null, which strict clients refuse",
            "a secret is returned without `client_secret_expires_at`",
            "a secret is returned together with the method `none` (info: clients leave it unused)",
        ],
        remedy: """
            Return `client_secret_expires_at` with a secret, a method that uses it, and no null where a value belongs.
            """,
        seenIn: ["mcp-auth-proxy#173"])

    static let registrationLoopbackPort = CheckEntry(
        .registration, .info, .authorizationServer,
        asserts: "another port of a registered loopback redirect URI is accepted",
        source: "RFC 8252 §7.3",
        causes: ["redirect URIs are compared as whole texts: desktop clients that take any free port are refused"],
        remedy: "Leave the port out of the comparison of `http` loopback redirect URIs.",
        seenIn: ["workers-oauth-provider#154"])

    static let personaDifference = CheckEntry(
        .registration, .failure, .authorizationServer,
        asserts: "all clients that the target lists are treated alike",
        source: "MCP authorization; RFC 6749 §3.1.2",
        causes: [
            "a firewall blocks one user agent, often by a rule against AI crawlers that is switched on by default",
            "the redirect URI of one client is not on the server's list, or only loopback ones are taken",
            "the list is of exact URIs, and a client has moved its own",
        ],
        remedy: """
            Take the blocked client's user agent or redirect URI onto the list of the part that refuses it: firewall, \
            proxy or authorization server; the finding's step and evidence tell which.
            """,
        seenIn: ["claude-ai-mcp#49", "claude-ai-mcp#680", "claude-ai-mcp#923", "workers-oauth-provider#154"])
}
