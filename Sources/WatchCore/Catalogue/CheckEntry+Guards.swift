extension CheckEntry {
    static let mcpNoToken = CheckEntry(
        .guarding, .insecure, .resourceServer,
        asserts: "the MCP call without a token is refused",
        source: "MCP authorization; RFC 6750 §3",
        causes: [
            "authentication is off: an environment variable of the development setup, a middleware that was lost",
            "a second route, or a port behind the proxy, without the check",
        ],
        remedy: "Anyone can call tools without a token: require one again, and look at what changed.",
        seenIn: ["mcp-context-forge#2712"])

    static let mcpOpenListing = CheckEntry(
        .guarding, .warning, .resourceServer,
        asserts: "`initialize` and `tools/list` without a token are refused where tools/call is",
        source: "MCP authorization",
        causes: ["the token is checked in the tools and not at the endpoint"],
        remedy: "The tool list is public; require the token for every request if that is not meant.",
        seenIn: ["mcp-context-forge#2712"])
}
