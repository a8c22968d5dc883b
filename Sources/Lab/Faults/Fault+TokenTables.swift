import WatchCore

extension Fault {
    static let token: [Fault] = [
        fault("code-refused", "every code is refused with invalid_grant", .failure(.tokenStatus)) {
            $0.token.refusesEveryCode = true
        },
        fault(
            "client-method-broken", "`none` is advertised and registered, and the token endpoint refuses it",
            .failure(.tokenStatus)
        ) { $0.token.refusesEveryClient = true },
        fault("error-in-200", "every code is refused, inside a 200", .failure(.tokenErrorIn200)) {
            $0.token.refusesEveryCode = true
            $0.token.errors = .insideOK
        },
        fault("no-access-token", "the token answer has no access token", .failure(.tokenAccessToken)) {
            $0.token.omitsAccessToken = true
        },
        fault("token-type-mac", "the token type is `mac`", .failure(.tokenType)) { $0.token.type = "mac" },
        fault("expires-in-string", "expires_in is a string", .warning(.tokenExpiresIn)) { $0.token.lifetime = .string },
        fault("expires-in-zero", "expires_in is 0", .failure(.tokenExpiresIn)) { $0.token.lifetime = .zero },
        fault("tokens-cacheable", "token answers may be cached", .warning(.tokenNoStore)) {
            $0.token.mayBeCached = true
        },
        fault("scope-narrowed", "less scope is granted than was asked for", .warning(.tokenScope)) {
            $0.token.narrowsScope = true
        },
        fault(
            "no-refresh-token", "no refresh token is issued although the grant is advertised",
            .warning(.tokenRefreshIssued)
        ) { $0.token.issuesRefreshToken = false },
        variety("offline-access", "a refresh token is for those who ask for `offline_access`, which the metadata names")
        {
            $0.token.refreshNeedsOfflineAccess = true
        },
        variety("http-framework-errors", "errors are `{\"detail\": …}`, as web frameworks write them") {
            $0.token.errors = .framework
        },
    ]

    static let refresh: [Fault] = [
        fault("refresh-dies", "every refresh is refused with invalid_grant", .failure(.refreshStatus)) {
            $0.token.refusesEveryRefresh = true
        },
        fault("refresh-without-token", "a refresh brings no access token", .failure(.refreshAccessToken)) {
            $0.token.omitsRefreshedToken = true
        },
        fault("refreshed-token-refused", "access tokens from a refresh are not accepted", .failure(.refreshWorks)) {
            $0.token.refreshedTokensAreDead = true
        },
        fault("refresh-same-token", "a refresh returns the same access token", .warning(.refreshSameToken)) {
            $0.token.keepsAccessToken = true
        },
        fault(
            "refresh-token-dropped", "a refresh ends the refresh token and brings no new one",
            .failure(.refreshRotation)
        ) { $0.token.dropsRefreshToken = true },
        fault("refresh-loses-scope", "a refresh grants less scope than the login", .warning(.refreshScope)) {
            $0.token.refreshNarrowsScope = true
        },
        fault(
            "early-death", "access tokens live a tenth of the promised time",
            .failure(.sessionEarlyDeath).after(.seconds(600))
        ) { $0.token.lifetimeDivisor = 10 },
        fault(
            "tokens-lost-on-restart", "a restart forgets the tokens",
            .failure(.sessionRefresh).and(.failure(.sessionEarlyDeath)).afterRestart
        ) { $0.token.forgets = [.access, .refresh] },
        fault(
            "refresh-tokens-lost-on-restart", "a restart forgets the refresh tokens",
            .failure(.sessionRefresh).and(.warning(.sessionEarlyDeath).blaming(.authorizationServer)).afterRestart
        ) { $0.token.forgets = [.refresh] },
        fault(
            "refresh-expires-early", "refresh tokens are promised to live for a day, and live for 20 s",
            .failure(.sessionEarlyDeath).blaming(.authorizationServer).and(.failure(.sessionRefresh))
                .after(.seconds(60))
        ) { ($0.token.refreshLifetime, $0.token.refreshLifetimeDivisor) = (.seconds(86_400), 4_320) },
        fault(
            "old-access-token-comes-back", "a refresh ends the earlier access token, and a restart forgets that",
            .insecure(.sessionOldAccessToken).afterRestart
        ) { ($0.token.refreshEndsOlderTokens, $0.token.forgetsEndings) = (true, true) },
        fault(
            "access-tokens-lost-on-restart", "a restart forgets the access tokens",
            .failure(.sessionEarlyDeath).afterRestart
        ) { $0.token.forgets = [.access] },
        variety("no-rotation", "a refresh gives no new refresh token, and the old one goes on") {
            $0.token.rotates = false
        },
        variety(
            "one-session-a-user", "a login ends the earlier session of the user",
            .info(.sessionSingleSession).after(.seconds(1))
        ) { $0.token.keepsOneSession = true },
        variety(
            "refresh-tokens-expire", "refresh tokens are promised to live for a day, and do",
            .healthy.after(.seconds(1_800))
        ) { $0.token.refreshLifetime = .seconds(86_400) },
        variety("refresh-ends-older", "a refresh ends the earlier access token") {
            $0.token.refreshEndsOlderTokens = true
        },
    ]
}
