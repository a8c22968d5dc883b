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
        asserts: "the certificate is valid for more than 14 days",
        source: "RFC 5280 §4.1.2.5",
        causes: ["the automatic renewal does not run, or the server was not reloaded after it"],
        remedy: "Renew the certificate.")

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
