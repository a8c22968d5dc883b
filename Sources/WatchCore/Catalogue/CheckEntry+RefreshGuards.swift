/// What a refresh must not give, and what a revocation must end.
extension CheckEntry {
    static let refreshGarbage = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a made-up refresh token is refused",
        source: "RFC 6749 §6",
        causes: ["the look-up of the refresh token fails open"],
        remedy: "Issue tokens for refresh tokens that were issued only.")

    static let refreshReplay = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a refresh token that was rotated away is refused",
        source: "OAuth 2.1 §4.3.1; RFC 9700 §4.14.2",
        causes: ["old refresh tokens are kept and never marked as used", "the grace time for retries has no end"],
        remedy: "Refuse a used refresh token, and end its family: it may be stolen.")

    static let refreshOtherClient = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a refresh token is refused to another client",
        source: "RFC 6749 §6, §10.4",
        causes: ["the refresh token is looked up without its client"],
        remedy: "Bind refresh tokens to their client.")

    static let refreshAccessAsRefresh = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "an access token is not accepted as a refresh token",
        source: "RFC 6749 §6",
        causes: ["both kinds of token stand in one table without a type"],
        remedy: "Keep the kinds of token apart.")

    static let refreshWiderScope = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a refresh grants no more scope than the login",
        source: "RFC 6749 §6",
        causes: ["the scope of the request is taken as it comes"],
        remedy: "Grant at most the scope that the user allowed.")

    static let revokeIgnored = CheckEntry(
        .guarding, .insecure, .authorizationServer,
        asserts: "a revoked token is refused",
        source: "RFC 7009 §2",
        causes: [
            "the endpoint answers 200 and does nothing", "the token is looked up in another form than it is kept",
        ],
        remedy: "End the token when it is revoked; a refresh token with all that came of it.")
}
