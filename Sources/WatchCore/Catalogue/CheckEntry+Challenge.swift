extension CheckEntry {
    static let challengeStatus = CheckEntry(
        .challenge, .warning, .resourceServer,
        asserts: "the protected call without a token is answered with 401",
        source: "MCP authorization; RFC 6750 §3",
        causes: [
            "connection refused: the server does not run, or listens on another address or port",
            "a framework that answers 403, 400, 307 or 500 where no token or an expired one was sent",
            "a firewall or proxy that answers in the server's place, with an error or with a page of its own",
            "a crash or a hang of the server before it looks at the request",
        ],
        remedy: """
            Ensure that the server runs and is reachable at the URL that the finding names, and that it answers \
            requests without a token with 401, not 403, 200 or a page.
            """,
        seenIn: [
            "freee-mcp#394", "fastmcp#2461", "mcp-handler#181", "claude-ai-mcp#49", "claude-ai-mcp#680",
            "claude-ai-mcp#923",
        ])

    static let challengeHeader = CheckEntry(
        .challenge, .warning, .resourceServer,
        asserts: "the 401 carries `WWW-Authenticate: Bearer`",
        source: "RFC 6750 §3",
        causes: [
            "the server answers 401 without the field",
            "a gateway drops the field or renames it (`x-amzn-remapped-www-authenticate`)",
            "a proxy answers with an error page of its own",
        ],
        remedy: """
            Send `WWW-Authenticate: Bearer …` with the 401; look for a proxy or gateway that drops or renames the \
            header.
            """,
        seenIn: ["outline#12831", "claude-ai-mcp#748"])

    static let challengeResourceMetadata = CheckEntry(
        .challenge, .warning, .resourceServer,
        asserts: "the challenge names the protected resource metadata, or the well-known URL works",
        source: "RFC 9728 §5.1",
        causes: [
            "the challenge was written before RFC 9728: clients of the revision 2025-06-18 look nowhere else",
            "the URL in it is relative, or an internal name behind a proxy",
            "the metadata moved and the challenge did not follow",
        ],
        remedy: """
            Add `resource_metadata="https://…/.well-known/oauth-protected-resource"` to the challenge, as an absolute \
            URL that answers.
            """,
        seenIn: ["modelcontextprotocol/csharp-sdk#1050"])

    static let challengeErrorUninvited = CheckEntry(
        .challenge, .info, .resourceServer,
        asserts: "no `error=` when no credential was sent",
        source: "RFC 6750 §3.1",
        causes: ["one error handler for requests with a bad token and for those without any"],
        remedy: "Leave `error` out of the challenge when the request had no token.")
}
