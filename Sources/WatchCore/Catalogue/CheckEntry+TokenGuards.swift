/// What the token and introspection endpoints must refuse.
extension CheckEntry {
    static let tokenWrongVerifier = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a code with the wrong code_verifier is refused",
        source: "RFC 7636 §4.6",
        causes: ["the verifier is not compared with the challenge"],
        remedy: "Compare the hash of the verifier with the challenge of the authorization request.",
        seenIn: ["devspace#39"])

    static let tokenNoVerifier = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a code without code_verifier is refused",
        source: "RFC 7636 §4.6; RFC 9700 §4.8",
        causes: ["PKCE is checked only where a verifier is sent"],
        remedy: "Where a challenge was sent, require the verifier.",
        seenIn: ["devspace#39"])

    static let tokenOtherClient = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a code is refused to another client",
        source: "RFC 6749 §4.1.3",
        causes: ["the code is looked up without its client"],
        remedy: "Bind codes to the client that asked for them.")

    static let tokenOtherRedirect = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a code with a different redirect_uri is refused",
        source: "RFC 6749 §4.1.3",
        causes: ["redirect_uri is not compared at the token endpoint"],
        remedy: "Where the authorization request had a redirect_uri, compare the one of the token request with it.")

    static let tokenCodeReplay = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a code is good for one use",
        source: "RFC 6749 §4.1.2; OAuth 2.1 §4.1.3",
        causes: ["used codes are not removed", "two replicas do not share what was used"],
        remedy: "Delete or mark a code when it is redeemed, in one step with looking it up.",
        seenIn: ["keboola/mcp-server#505"])

    static let tokenRandomCode = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a made-up code is refused",
        source: "RFC 6749 §4.1.3",
        causes: ["the look-up of the code fails open"],
        remedy: "Issue tokens for codes that were issued only.")

    static let tokenUnknownClient = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "an unknown client gets no tokens",
        source: "RFC 6749 §3.2.1",
        causes: ["the token endpoint does not look the client up"],
        remedy: "Look the client up first, and answer 401 `invalid_client`.")

    static let tokenWrongSecret = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a wrong client_secret is refused",
        source: "RFC 6749 §2.3.1, §5.2",
        causes: ["the secret is not compared where one is registered"],
        remedy: "Check the secret of confidential clients.")

    static let tokenPasswordGrant = CheckEntry(
        .guarding, .warning, .authorizationServer,
        asserts: "the password grant is off",
        source: "RFC 9700 §2.4; OAuth 2.1 §10",
        causes: ["the library offers the grant by default"],
        remedy: "Turn `grant_type=password` off: it lets passwords be tried without the login page.")

    static let tokenGet = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "the token endpoint takes no GET",
        source: "RFC 6749 §3.2",
        causes: ["the route takes every method, and parameters from the query"],
        remedy: "Take POST only, and parameters from the body only: queries end up in logs.")

    static let introspectOpen = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "introspection without client authentication is refused",
        source: "RFC 7662 §2.1, §4",
        causes: ["the endpoint is open"],
        remedy: "Require client authentication: it tells anyone whether a token is good.")
}
