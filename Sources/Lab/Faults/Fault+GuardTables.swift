import WatchCore

/// A weakness for each guard, under the guard's own id.
extension Fault {
    static let guards: [Fault] = mcpGuards + authorizeGuards + tokenGuards + refreshGuards

    private static let mcpGuards: [Fault] = [
        weakness(.mcpGarbageToken, "any made-up token is accepted"),
        weakness(.mcpTamperedToken, "a token is accepted by its length and prefix"),
        weakness(.mcpAlgNone, "access tokens are JWTs, and those with `alg: none` are accepted") {
            $0.token.areJWTs = true
        },
        weakness(.mcpQueryToken, "tokens are taken from the query string"),
        weakness(.mcpBasicScheme, "tokens are taken behind the scheme Basic"),
        weakness(.mcpRefreshAsAccess, "refresh tokens are accepted as access tokens"),
        weakness(.mcpSessionWithoutToken, "a known session id is accepted without a token"),
        weakness(.mcpOtherAudience, "tokens are issued for any resource and accepted"),
        weakness(.mcpBadOrigin, "requests of foreign web pages are answered"),
    ]

    private static let authorizeGuards: [Fault] = [
        weakness(.authorizeUnknownClient, "a client that nobody registered gets a code"),
        weakness(.authorizeUnregisteredRedirect, "the code goes to any host that the request names"),
        weakness(.authorizeRedirectPrefix, "redirect URIs are compared by their beginning"),
        weakness(.authorizeNoPkce, "a request without code_challenge gets a code"),
        weakness(.authorizePlainPkce, "code_challenge_method `plain` gets a code"),
        weakness(.authorizeImplicit, "response_type `token` gets a token"),
        weakness(.authorizePostTampered, "the redirect URI is taken from the login form"),
        weakness(.authorizeCsrf, "the login form is taken without its cookie"),
        weakness(.authorizeWrongPassword, "any password is right"),
        weakness(.authorizeUnknownUser, "any user name that does not exist is let in"),
        weakness(.registerBadRedirect, "any redirect URI is registered"),
    ]

    private static let tokenGuards: [Fault] = [
        weakness(.tokenWrongVerifier, "the code_verifier is not compared"),
        weakness(.tokenNoVerifier, "the code_verifier may be left out"),
        weakness(.tokenOtherClient, "codes are not bound to their client"),
        weakness(.tokenOtherRedirect, "the redirect_uri of the token request is not compared"),
        weakness(.tokenCodeReplay, "a code may be redeemed again"),
        weakness(.tokenRandomCode, "any made-up code is redeemed"),
        weakness(.tokenUnknownClient, "the token endpoint takes any client_id"),
        weakness(.tokenWrongSecret, "the client_secret is not compared"),
        weakness(.tokenPasswordGrant, "the password grant is on"),
        weakness(.tokenGet, "the token endpoint takes GET"),
        weakness(.introspectOpen, "anyone may introspect tokens"),
    ]

    private static let refreshGuards: [Fault] = [
        weakness(.refreshGarbage, "any made-up refresh token is taken"),
        weakness(.refreshReplay, "a used refresh token is taken again"),
        weakness(.refreshOtherClient, "refresh tokens are not bound to their client"),
        weakness(.refreshAccessAsRefresh, "an access token is taken as a refresh token"),
        weakness(.refreshWiderScope, "a refresh grants any scope that it asks for"),
        weakness(.revokeIgnored, "revocation is answered with 200 and does nothing"),
    ]

    /// The server fails one guard; only a run with all guards shows most of them.
    private static func weakness(
        _ id: CheckID, _ summary: String, _ effect: @escaping Effect = { _ in }
    ) -> Fault {
        fault(id.rawValue, summary, Expectation.of(id).withAllGuards) { behaviour in
            behaviour.weaknesses.insert(id)
            effect(&behaviour)
        }
    }
}
