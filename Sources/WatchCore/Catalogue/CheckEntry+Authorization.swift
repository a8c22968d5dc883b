extension CheckEntry {
    static let authorizationPage = CheckEntry(
        .authorization, .failure, .authorizationServer,
        asserts: "the authorization endpoint gives a page with a usable form, or the redirect",
        source: "RFC 6749 §4.1.1",
        causes: [
            "`invalid_request` or “invalid client_id”: the registration failed or was lost, or went to another replica",
            "the login service or its database is down",
            "the page is a script, wants a CAPTCHA, a passkey, or lies at another origin (inconclusive)",
        ],
        remedy: """
            Open the authorization URL of the trace in a browser and look at the server's log; `invalid_request` or an \
            unknown client_id means that the registration was lost.
            """,
        seenIn: ["mcp-pinot#139", "workers-oauth-provider#154"])

    static let authorizationLoop = CheckEntry(
        .authorization, .failure, .authorizationServer,
        asserts: "the login ends within 12 redirects and 6 forms",
        source: "RFC 6749 §4.1",
        causes: [
            "the session cookie does not stick: wrong domain, path, `Secure` on plain http, or another replica",
            "two services send the user to each other because each thinks that the other has to act",
        ],
        remedy: "Look in the trace for the pages that repeat; often a session cookie that does not stick.")

    static let authorizationHeaders = CheckEntry(
        .authorization, .info, .authorizationServer,
        asserts: "the login page forbids framing and caching",
        source: "RFC 9700 §4.2, §4.16",
        causes: [
            "nobody set the headers; a content security policy that is too tight is as frequent: its `form-action` "
                + "blocks the redirect to the client"
        ],
        remedy: """
            Send `X-Frame-Options: DENY` or CSP `frame-ancestors`, `Cache-Control: no-store`, \
            `Referrer-Policy: no-referrer`.
            """,
        seenIn: ["fastmcp#2302"])
}
