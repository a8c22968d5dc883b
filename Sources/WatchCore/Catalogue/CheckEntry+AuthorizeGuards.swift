/// What the authorization and registration endpoints must refuse.
extension CheckEntry {
    static let authorizeUnknownClient = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "an unknown client_id gets no code",
        source: "RFC 6749 §4.1.2.1",
        causes: ["the client is not looked up before the login", "clients are made on the fly"],
        remedy: "Refuse unknown clients with an error page, without a redirect.")

    static let authorizeUnregisteredRedirect = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "no code is sent to a redirect URI that is not registered",
        source: "RFC 6749 §3.1.2.4; RFC 9700 §2.1",
        causes: ["the redirect URI of the request is used without a look at the registered ones"],
        remedy: "Compare with the client's registered redirect URIs, and show an error page when none fits.")

    static let authorizeRedirectPrefix = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a redirect URI is compared whole",
        source: "RFC 9700 §2.1, §4.1",
        causes: ["the comparison is by prefix", "query or user information are ignored in the comparison"],
        remedy: "Compare redirect URIs as whole strings; only the port of a loopback address may differ.")

    static let authorizeNoPkce = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a request without code_challenge gets no code",
        source: "OAuth 2.1 §4.1.1; RFC 9700 §2.1.1",
        causes: ["PKCE is checked only where the client sends it"],
        remedy: "Require PKCE of every client.",
        seenIn: ["devspace#39"])

    static let authorizePlainPkce = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "code_challenge_method `plain` is refused",
        source: "OAuth 2.1 §4.1.1; RFC 9700 §2.1.1",
        causes: ["the library allows `plain` by default"],
        remedy: "Allow S256 only.",
        seenIn: ["metagraphed#9637"])

    static let authorizeImplicit = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "response_type `token` is refused",
        source: "RFC 9700 §2.1.2; OAuth 2.1 §10",
        causes: ["the implicit grant is on by default"],
        remedy: "Turn the implicit grant off: tokens in redirects leak.")

    static let authorizePostTampered = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a login form with another redirect URI or client is refused",
        source: "RFC 6749 §10.15; RFC 9700 §4.1",
        causes: ["the parameters are checked when the page is shown, and taken from the form afterwards"],
        remedy: "Keep the checked parameters on the server, or check them again when the form comes.")

    static let authorizeWrongPassword = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a wrong password gets no code",
        source: "RFC 6749 §3.1",
        causes: ["the password check was turned off, or its result is ignored"],
        remedy: "Anyone can log in as anyone: repair the login at once.")

    static let authorizeUnknownUser = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a user who does not exist gets no code",
        source: "RFC 6749 §3.1",
        causes: ["users are made on the fly", "a development login is on"],
        remedy: "Refuse users who do not exist; turn development logins off.")

    static let authorizeCsrf = CheckEntry(
        .guarding, .warning, .authorizationServer,
        asserts: "the login form is refused without its cookie or token",
        source: "RFC 6749 §10.12; RFC 9700 §4.7",
        causes: ["the form is handled without a look at the session that it was shown in"],
        remedy: "Tie the form to the browser's session by a token.")

    static let registerBadRedirect = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "`javascript:` URIs and fragments are refused at registration",
        source: "RFC 7591 §5; RFC 6749 §3.1.2",
        causes: ["redirect URIs are stored unseen"],
        remedy: "Take https URIs, loopback http URIs and private schemes of apps only, without fragment.")
}
