import WatchCore

/// What other clients would meet, and what shows only to a second look.
extension Fault {
    static let moreChallenge: [Fault] = [
        fault(
            "challenge-renamed", "a gateway renames the field of the challenge to x-amzn-Remapped-www-authenticate",
            .warning(.challengeHeader).blaming(.edge)
        ) { $0.challenge.header = .renamed },
        fault(
            "challenge-relative-metadata", "the challenge names the resource metadata by a path alone",
            .warning(.challengeResourceMetadata)
        ) { $0.challenge.header = .relative },
        fault("challenge-without-scope", "the challenge names no scope", .info(.challengeErrorUninvited)) {
            $0.challenge.header = .withoutScope
        },
        fault(
            "firewall-blocks-clients", "a firewall lets browsers through, and no client",
            .failure(.challengeStatus).blaming(.edge).and(.warning(.mcpUserAgent))
        ) { $0.wire.onlyAgents = ["Mozilla"] },
        fault(
            "firewall-blocks-one-agent", "a firewall blocks one user agent that clients have",
            .warning(.mcpUserAgent)
        ) { $0.wire.blockedAgent = "python-httpx" },
        fault("firewall-wants-agent", "requests without a user agent are refused", .warning(.mcpUserAgent)) {
            $0.wire.wantsAgent = true
        },
        fault("cors-refused", "a browser's preflight is refused", .info(.mcpCors)) { $0.wire.refusesPreflight = true },
        fault("initialize-slow", "the first `initialize` takes 10.5 s", .warning(.latencyBudget).within(seconds: 15)) {
            $0.mcp.initializeDelay = .milliseconds(10_500)
        },
        variety(
            "endpoint-redirect", "the endpoint redirects with 307 to its place with a slash",
            .info(.challengeStatus).at(path: "/mcp")
        ) { $0.wire.moved = ["/mcp": "/mcp/"] },
        variety("slow", "every answer of the MCP and token endpoints takes 0.3 s") {
            for place in [EndpointClass.challenge, .token, .mcp, .refresh] {
                $0.wire.delays[place] = .milliseconds(300)
            }
        },
    ]

    static let moreDiscovery: [Fault] = [
        fault(
            "metadata-steered", "the metadata repeat the host of X-Forwarded-Host", .warning(.discoveryHostSteering)
        ) { $0.discovery.followsForwardedHost = true },
        fault("prm-resource-missing", "the resource metadata has no `resource`", .failure(.discoveryResource)) {
            $0.discovery.omitsResource = true
        },
        fault(
            "server-metadata-html", "an HTML page with 200 stands where the authorization server's metadata belong",
            .failure(.discoveryMetadata).blaming(.edge)
        ) { $0.discovery.hasPageForMetadata = true },
        fault(
            "scopes-unlisted", "the authorization server does not list the scopes that the challenge names",
            .warning(.discoveryScopes)
        ) { $0.discovery.listedScopes = ["openid", "profile"] },
        fault(
            "grants-unlisted", "`authorization_code` is not among the grants that are advertised, though it works",
            .warning(.discoveryMethods)
        ) { $0.discovery.grantTypes = ["client_credentials", "refresh_token"] },
        variety("metadata-redirect", "the authorization server's metadata are redirected to another path") {
            $0.wire.moved = ["/.well-known/oauth-authorization-server": "/about/server.json"]
        },
    ]

    static let moreRegistration: [Fault] = [
        fault(
            "loopback-redirect-refused", "registration refuses loopback redirect URIs", .failure(.registrationStatus)
        ) { $0.registration.refusesLoopback = true },
        fault(
            "loopback-port-refused", "another port of a loopback redirect URI is refused",
            .info(.registrationLoopbackPort)
        ) { $0.registration.comparesPorts = true },
        fault(
            "registration-without-redirects", "the registration answer has no redirect URIs",
            .failure(.registrationClientId)
        ) { $0.registration.omitsRedirects = true },
        fault(
            "registration-secret-without-expiry", "a client secret comes without the time when it ends",
            .warning(.registrationShape)
        ) {
            $0.registration.methods = [.post]
            $0.registration.omitsSecretExpiry = true
        },
        fault("registration-cacheable", "registration answers may be cached", .info(.registrationShape)) {
            $0.registration.mayBeCached = true
        },
    ]

    static let moreLogin: [Fault] = [
        fault(
            "password-hashed-twice", "passwords were stored hashed once more than they are compared: nobody gets in",
            .failure(.authenticationRejected)
        ) { $0.login.hashesTwice = true },
        fault(
            "password-field-lost", "after the user name no page takes the password",
            .failure(.authenticationPasswordField)
        ) { $0.login.stages = [.userName, .noPassword] },
        fault(
            "csp-blocks-redirect", "the consent page's `form-action 'self'` blocks the redirect to the client",
            .warning(.authorizationHeaders)
        ) {
            $0.login.stages.append(.consent)
            $0.login.formAction = "'self'"
        },
        fault("login-page-frameable", "the pages say nothing of frames and caches", .info(.authorizationHeaders)) {
            $0.login.lacksHeaders = true
        },
        variety("csp-lets-loopback-through", "the pages' `form-action` names loopback clients") {
            $0.login.formAction = "'self' http://localhost:* http://127.0.0.1:*"
        },
        variety("csrf-cookie", "the form is tied to a cookie that changes with each page") {
            $0.login.stages.append(.consent)
            $0.login.renewsCookie = true
        },
        variety("select-and-checkbox", "a selection and checkboxes must come back as they were shown") {
            $0.login.hasChoices = true
        },
    ]

    static let moreToken: [Fault] = [
        fault("expires-in-missing", "the token answer has no expires_in", .warning(.tokenExpiresIn)) {
            $0.token.lifetime = .missing
        },
        fault(
            "code-refused-invalid-request", "every code is refused with invalid_request",
            .failure(.tokenStatus).and(.info(.tokenErrorCode))
        ) {
            $0.token.refusesEveryCode = true
            $0.token.refusalCode = "invalid_request"
        },
        fault(
            "refresh-dies-invalid-request", "every refresh is refused, with invalid_request for invalid_grant",
            .failure(.refreshStatus).and(.info(.tokenErrorCode, at: .refresh))
        ) {
            $0.token.refusesEveryRefresh = true
            $0.token.refusalCode = "invalid_request"
        },
        fault(
            "refresh-race-loses-session", "a refresh is taken for two at once, and ends the session",
            .failure(.refreshWorks)
        ) { $0.token.refreshesRace = true },
        fault(
            "jwt-other-audience", "access tokens are JWTs for another resource", .warning(.tokenJwt)
        ) { $0.token.format = .signed(.audience) },
        fault("jwt-other-issuer", "access tokens are JWTs of another issuer", .warning(.tokenJwt)) {
            $0.token.format = .signed(.issuer)
        },
        fault("jwt-short-lived", "access tokens are JWTs that end long before expires_in", .warning(.tokenJwt)) {
            $0.token.format = .signed(.expiry)
        },
        fault(
            "jwt-key-unpublished", "the key that signs access tokens is not in the JWKS", .warning(.tokenJwt)
        ) { $0.token.format = .signed(.key) },
        fault(
            "key-rotated-after-a-while",
            "tokens issued later than 5 min after the start are signed by a key that the "
                + "resource server does not have",
            .failure(.mcpStatus).after(.seconds(600))
        ) { $0.token.keyChangesAfter = .seconds(300) },
        fault(
            "other-replica-without-token", "the listing of tools is answered by a replica that does not know the token",
            .failure(.mcpStatus)
        ) { $0.mcp.hasAnotherReplica = true },
        fault(
            "token-slow", "the token request takes 5.5 s",
            .warning(.latencyBudget, at: .token).blaming(.authorizationServer).within(seconds: 15)
        ) {
            $0.wire.delays[.token] = .milliseconds(5_500)
        },
        fault(
            "expired-token-500", "tokens live a tenth of the promised time, and dead ones are answered with 500",
            .failure(.mcpStatus, at: .session).after(.seconds(600))
        ) {
            $0.token.lifetimeDivisor = 10
            $0.challenge.deadTokenStatus = 500
        },
        fault(
            "expired-token-403", "tokens live a tenth of the promised time, and dead ones are answered with 403",
            .failure(.mcpStatus, at: .session).after(.seconds(600))
        ) {
            $0.token.lifetimeDivisor = 10
            $0.challenge.deadTokenStatus = 403
        },
        fault(
            "expired-token-307", "tokens live a tenth of the promised time, and dead ones are redirected to a login",
            .failure(.mcpStatus, at: .session).after(.seconds(600))
        ) {
            $0.token.lifetimeDivisor = 10
            $0.challenge.deadTokenStatus = 307
        },
        variety("jwt", "access tokens are JWTs that say what is so") { $0.token.format = .signed(nil) },
        fault("scope-array", "the granted scope is an array", .warning(.tokenScope)) { $0.token.scopeIsArray = true },
        variety("refresh-grace", "a rotated refresh token is still taken for 10 s") { $0.token.grace = .seconds(10) },
    ]
}
