extension CheckEntry {
    static let authenticationFormOrigin = CheckEntry(
        .authentication, .insecure, .authorizationServer,
        asserts: "credentials go to an allowed origin only",
        source: "RFC 9700 §4.1",
        causes: [
            "the login was moved to another host, and nobody told the monitor",
            "the page was tampered with, or a script of a third party rewrote the form",
            "the form of an https page names a plain http URL",
        ],
        remedy: "Find out why the login form posts elsewhere. If it is meant, add that origin to `allowedOrigins`.")

    static let authenticationFormMethod = CheckEntry(
        .authentication, .warning, .authorizationServer,
        asserts: "the login form uses POST",
        source: "RFC 9700 §4.2.4",
        causes: ["`method` is left out of the form: GET is what HTML then means"],
        remedy: "Set `method=\"post\"` on the login form: GET puts the password into URLs and logs.")

    static let authenticationPasswordField = CheckEntry(
        .authentication, .failure, .authorizationServer,
        asserts: "a page that takes the password appears",
        source: "RFC 6749 §3.1",
        causes: [
            "a change of the page or its template lost the field, or a script now adds it",
            "the test user was moved to another way of signing in (a link by mail, a passkey)",
        ],
        remedy: """
            Look at the page in the trace: the login form has lost its password field, or a name is not in the \
            configuration's hints.
            """)

    static let authenticationRejected = CheckEntry(
        .authentication, .failure, .authorizationServer,
        asserts: "the configured user name and password are accepted",
        source: "RFC 6749 §3.1",
        causes: [
            "the password was changed on one side only, or has expired",
            "the test user was never made, or the database was reset",
            "the account is locked after too many rejections",
            "the password is hashed twice, at sign-up and again in the store: every new user is refused",
        ],
        remedy: """
            Try the same user name and password by hand; check the test user in the server's database (created, not \
            locked, hashed once).
            """)

    static let authenticationRedirect = CheckEntry(
        .authentication, .failure, .authorizationServer,
        asserts: "the login ends at exactly the redirect URI, with one code and no error",
        source: "RFC 6749 §4.1.2",
        causes: [
            "the server answered the login with an error of its own: its log says why",
            "`access_denied`: the user may not use this client, or the wrong button was pressed",
            "`invalid_request`: a parameter of the authorization request is missing or unknown there",
            "the redirect goes to another host with the code (insecure: the code is lost to it)",
        ],
        remedy: """
            Compare the redirect in the trace with the registered redirect URI; read `error` and `error_description`.
            """)

    static let authenticationPostRedirect = CheckEntry(
        .authentication, .warning, .authorizationServer,
        asserts: "the credential form is not answered with 307 or 308",
        source: "RFC 9700 §4.12",
        causes: ["a framework whose redirect helper keeps the method by default"],
        remedy: "Answer the login form with 302 or 303: 307 and 308 make a browser send the password on.")

    static let authenticationState = CheckEntry(
        .authentication, .failure, .authorizationServer,
        asserts: "`state` comes back once and identical",
        source: "RFC 6749 §4.1.2",
        causes: ["the value is decoded or encoded once too often", "it is kept in a session that was lost"],
        remedy: "Return `state` exactly as it was received.")

    static let authenticationIss = CheckEntry(
        .authentication, .failure, .authorizationServer,
        asserts: "`iss` equals the issuer when present, and is present when advertised",
        source: "RFC 9207 §2.4",
        causes: [
            "`authorization_response_iss_parameter_supported` is advertised, and the redirect was never changed",
            "errors are redirected without `iss`",
            "the value differs from the issuer by a slash or a host name",
        ],
        remedy: "Add `iss` to the authorization response, identical to the issuer, or stop advertising it.",
        seenIn: ["mcp-server-cloudflare#449"])
}
