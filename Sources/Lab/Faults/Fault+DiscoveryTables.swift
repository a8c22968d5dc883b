import WatchCore

extension Fault {
    static let challenge: [Fault] = [
        fault("no-www-authenticate", "the 401 has no WWW-Authenticate", .warning(.challengeHeader)) {
            $0.challenge.header = .none
        },
        fault(
            "no-resource-metadata", "the challenge does not name the resource metadata",
            .info(.challengeResourceMetadata).noting("The well-known URL works, and newer clients look there.")
        ) { $0.challenge.header = .withoutMetadata },
        fault(
            "announced-metadata-404", "the challenge names resource metadata that is not there",
            .warning(.discoveryResourceMetadata).and(.warning(.challengeResourceMetadata))
        ) { $0.challenge.header = .wrongMetadata },
        fault(
            "challenge-error-uninvited", "the challenge says error=invalid_token although no token was sent",
            .info(.challengeErrorUninvited)
        ) { $0.challenge.addsError = true },
        fault(
            "challenge-403", "a request without a token is refused with 403 instead of 401",
            .warning(.challengeStatus)
        ) { $0.challenge.status = 403 },
        fault(
            "open-door", "everything is served without a token",
            .insecure(.mcpNoToken).and(.warning(.challengeStatus))
        ) { $0.challenge.protection = .nothing },
        variety("bearer-lowercase", "the challenge says `bearer`") { $0.challenge.scheme = "bearer" },
        variety(
            "tools-call-only", "only tools/call wants a token, and its challenge is a bare `Bearer`",
            .warning(.mcpOpenListing, at: .challenge)
        ) {
            $0.challenge.protection = .toolCalls
            $0.challenge.header = .bare
        },
    ]

    static let discovery: [Fault] = [
        fault(
            "metadata-changes-on-restart", "after a restart the metadata name one scope fewer",
            .info(.baselineChanged).afterRestart
        ) { $0.discovery.dropsScopeAtRestart = true },
        fault(
            "prm-other-resource", "the resource metadata is about another origin", .failure(.discoveryResource)
        ) { $0.discovery.namesOtherResource = true },
        fault(
            "prm-root-only", "the resource metadata is at the root, and about it, although the endpoint has a path",
            .warning(.discoveryResource).at(path: "/mcp")
        ) {
            $0.discovery.resourcePlace = .rootOnly
            $0.challenge.header = .withoutMetadata
        },
        fault(
            "no-authorization-servers", "the resource metadata names no authorization server",
            .failure(.discoveryAuthorizationServers)
        ) { $0.discovery.namesNoServer = true },
        fault(
            "server-metadata-404", "the authorization server that the resource metadata names has no metadata",
            .failure(.discoveryMetadata)
        ) { $0.discovery.documents = [] },
        fault(
            "http-endpoints", "the endpoints are http:// URLs of a public name",
            .failure(.discoveryHttps).and(.inconclusive(.discoveryEndpoints))
        ) { for endpoint in Endpoint.allCases { $0.discovery.endpoints[endpoint] = .plainHTTP } },
        fault(
            "issuer-slash", "the issuer in the metadata has one slash more", .warning(.discoveryIssuer)
        ) { $0.discovery.issuer = .trailingSlash },
        fault(
            "issuer-other", "the issuer in the metadata is another server", .failure(.discoveryIssuer)
        ) { $0.discovery.issuer = .other },
        fault(
            "discovery-html", "the metadata are HTML pages with 200",
            .failure(.discoveryResourceMetadata).blaming(.edge)
        ) {
            $0.transport[.discovery] = .html
        },
        fault("no-token-endpoint", "the metadata names no token endpoint", .failure(.discoveryEndpoints)) {
            $0.discovery.omitted = [.token]
        },
        fault("no-s256", "the metadata has no list of PKCE methods", .warning(.discoveryS256)) {
            $0.discovery.pkceMethods = nil
        },
        fault("s256-missing-from-list", "the list of PKCE methods has only `plain`", .failure(.discoveryS256)) {
            $0.discovery.pkceMethods = ["plain"]
        },
        fault(
            "odd-client-methods", "only private_key_jwt is advertised, though `none` works", .warning(.discoveryMethods)
        ) { $0.discovery.advertisedMethods = ["private_key_jwt"] },
        fault(
            "unknown-scope", "challenge and resource metadata name a scope that the authorization server refuses",
            .failure(.discoveryScopes)
        ) { $0.discovery.namesUnknownScope = true },
        fault(
            "token-endpoint-elsewhere", "the token endpoint is on another origin",
            .inconclusive(.discoveryEndpoints).noting("Nothing is sent there until `allowedOrigins` names it.")
        ) { $0.discovery.endpoints[.token] = .elsewhere },
        variety(
            "metadata-to-other-origin", "the resource metadata names an authorization server on another origin",
            .healthy.noting(
                "The one-shot `trace`, with a person before it, goes there. The daemon does not, for the metadata is "
                    + "under test: it says `discovery.endpoints`, inconclusive, until `allowedOrigins` names the origin."
            )
        ) { $0.discovery.authorizationServer = .elsewhere },
        fault(
            "metadata-to-private-address", "the authorization server is at 10.255.255.1",
            .inconclusive(.discoveryMetadata).noting("Such an address is never connected to.")
        ) { $0.discovery.authorizationServer = .privateAddress },
        fault(
            "metadata-to-169.254.169.254", "the authorization server is at the address of cloud metadata",
            .inconclusive(.discoveryMetadata).noting("Such an address is never connected to.")
        ) { $0.discovery.authorizationServer = .cloudMetadata },
        variety("no-prm", "there is no resource metadata (revision 2025-03-26)") {
            $0.discovery.resourcePlace = .absent
            $0.challenge.header = .bare
        },
        variety("no-metadata", "there are no metadata at all: /authorize, /token and /register by default") {
            $0.discovery.resourcePlace = .absent
            $0.challenge.header = .bare
            $0.discovery.documents = []
        },
        variety("prm-odd-url", "the resource metadata is only where the challenge says, not at a well-known URL") {
            $0.discovery.resourcePlace = .oddURL
        },
        variety("path-issuer", "the issuer has a path") { $0.discovery.issuerPath = "/tenant" },
        variety("oidc-only", "the metadata is an OpenID configuration only") { $0.discovery.documents = [.openID] },
        variety("unknown-metadata", "the metadata has members that nobody knows") {
            $0.discovery.hasUnknownMembers = true
        },
    ]

    static let registration: [Fault] = [
        fault("no-registration-endpoint", "the metadata names no registration", .failure(.registrationEndpoint)) {
            $0.discovery.omitted = [.register]
        },
        fault("registration-500", "registration answers 500", .failure(.registrationStatus)) {
            $0.registration.outcome = .failed
        },
        fault(
            "registration-429", "registration answers 429 with Retry-After", .inconclusive(.registrationStatus)
        ) {
            $0.registration.outcome = .limited
        },
        fault(
            "registration-malformed", "the registration answer has null where values belong",
            .warning(.registrationShape)
        ) { $0.registration.outcome = .malformed },
        fault("registration-without-id", "the registration answer has no client_id", .failure(.registrationClientId)) {
            $0.registration.outcome = .nameless
        },
        fault(
            "registration-other-redirect", "the registration answer has another redirect URI than was asked for",
            .failure(.registrationClientId)
        ) { $0.registration.echoesOtherRedirect = true },
        fault(
            "clients-lost-on-restart", "a restart forgets the registered clients",
            .failure(.sessionClient).afterRestart
        ) { $0.registration.isForgetful = true },
        variety(
            "secret-with-method-none", "a client secret is issued together with the method `none`",
            .info(.registrationShape)
        ) { $0.registration.addsSecret = true },
        variety(
            "registration-200", "registration answers 200 instead of 201", .info(.registrationStatus)
        ) { $0.registration.status = 200 },
        variety("registration-managed", "clients can be read and deleted (RFC 7592)") {
            $0.registration.isManaged = true
        },
        variety("basic-only", "the token endpoint takes client_secret_basic only") {
            $0.registration.methods = [.basic]
        },
        fault(
            "hosted-redirect-refused",
            "registration takes loopback redirect URIs only, so that no hosted client can log in",
            .failure(.personaDifference, at: .registration).by(personas: "claude-desktop", "claude")
        ) { $0.registration.takesLoopbackOnly = true },
        fault(
            "agent-blocked", "a firewall blocks the user agent of one client",
            .failure(.personaDifference, at: .challenge).blaming(.edge).and(.warning(.mcpUserAgent))
                .by(personas: "claude-desktop", "claude")
        ) { $0.wire.blockedAgent = "Claude" },
        variety(
            "client-documents", "a client may name the URL of its metadata document in place of a registered id"
        ) { $0.registration.takesClientDocuments = true },
        variety("post-only", "the token endpoint takes client_secret_post only") { $0.registration.methods = [.post] },
    ]
}
