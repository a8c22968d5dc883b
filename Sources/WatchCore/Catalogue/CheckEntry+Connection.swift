extension CheckEntry {
    static let tlsVerify = CheckEntry(
        .discovery, .failure, .edge,
        asserts: "the certificate chain is verified",
        source: "RFC 9110 §4.3.4",
        causes: [
            "the certificate has expired: its renewal failed silently",
            "the intermediate certificate is not sent; browsers hide that by fetching it themselves",
            "the certificate is for another name, or of an authority that this machine does not know",
        ],
        remedy: "Renew or complete the certificate chain; for a private authority set `caFile`.")

    static let tlsExpiry = CheckEntry(
        .discovery, .failure, .edge,
        asserts: "the certificate is valid for more than 14 days, or for a quarter of its lifetime when that is less",
        source: "RFC 5280 §4.1.2.5",
        causes: ["the automatic renewal does not run, or the server was not reloaded after it"],
        remedy: "Renew the certificate.")

    static let baselineChanged = CheckEntry(
        .discovery, .info, .authorizationServer,
        asserts: "what the server presents is as accepted: documents, registration, forms, token answer, tools",
        source: "RFC 8414 §2; RFC 9728 §2",
        causes: [
            "a new version of the server, or of a part before it, was deployed",
            "its configuration was changed",
            "another server answers",
        ],
        remedy: """
            Look whether the change was meant; `oauthwatch accept TARGET` takes it as the new baseline. With a failure \
            beside it, begin here: `oauthwatch traces diff` shows more.
            """)

    static let clockSkew = CheckEntry(
        .discovery, .info, .edge,
        asserts: "the Date header is within 60 s of our clock",
        source: "RFC 9110 §6.6.1",
        causes: ["one of the two machines keeps no network time", "an answer from a cache without `Age`"],
        remedy: "Check the clock (NTP) on both sides.")

    static let latencyBudget = CheckEntry(
        .mcp, .warning, .resourceServer,
        asserts: "`initialize` takes at most 10 s, a token request 5 s, a whole login 30 s",
        source: "time-outs of known clients",
        causes: [
            "a cold start: the server is stopped when nobody uses it",
            "`initialize` waits for other systems, or loads every tool before it answers",
            "a password hash or a database that is too slow for the machine",
        ],
        remedy: "Answer sooner: the strictest clients give up after these times, and users see a failed connection.",
        seenIn: ["claude-ai-mcp#473", "open-webui#24138"])
}
