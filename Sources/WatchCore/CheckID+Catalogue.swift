/// What a check is about: the table behind `CheckID`.
package struct CheckEntry: Sendable {
    package var step: Step
    package var severity: Severity
    package var layer: Layer
    package var asserts: String
    package var source: String
    package var remedy: String

    init(_ step: Step, _ severity: Severity, _ layer: Layer, _ asserts: String, source: String, remedy: String) {
        self.step = step
        self.severity = severity
        self.layer = layer
        self.asserts = asserts
        self.source = source
        self.remedy = remedy
    }
}

extension CheckID {
    /// The step that the check belongs to.
    package var step: Step { entry.step }
    /// How much its finding weighs unless the check says otherwise.
    package var severity: Severity { entry.severity }
    /// Whose part misbehaves unless the check says otherwise.
    package var layer: Layer { entry.layer }
    /// What holds when all is well.
    package var asserts: String { entry.asserts }
    /// The standard it rests on.
    package var source: String { entry.source }
    /// What the operator can do when it does not hold.
    package var remedy: String { entry.remedy }

    private var entry: CheckEntry {
        switch self {
        case .challengeStatus:
            CheckEntry(
                .challenge, .warning, .resourceServer, "the protected call without a token is answered with 401",
                source: "MCP authorization; RFC 6750 §3",
                remedy: "Answer requests without a token with 401, not 403 or 200.")
        case .challengeHeader:
            CheckEntry(
                .challenge, .warning, .resourceServer, "the 401 carries `WWW-Authenticate: Bearer`",
                source: "RFC 6750 §3",
                remedy:
                    "Send `WWW-Authenticate: Bearer …` with the 401; look for a proxy or gateway that drops or renames the header."
            )
        case .challengeResourceMetadata:
            CheckEntry(
                .challenge, .warning, .resourceServer,
                "the challenge names the protected resource metadata, or the well-known URL works",
                source: "RFC 9728 §5.1",
                remedy: "Add `resource_metadata=\"https://…/.well-known/oauth-protected-resource\"` to the challenge.")
        case .challengeErrorUninvited:
            CheckEntry(
                .challenge, .info, .resourceServer, "no `error=` when no credential was sent",
                source: "RFC 6750 §3.1",
                remedy: "Leave `error` out of the challenge when the request had no token.")
        case .discoveryResourceMetadata:
            CheckEntry(
                .discovery, .failure, .resourceServer, "the protected resource metadata answers 200 with JSON",
                source: "RFC 9728 §3",
                remedy: "Serve the protected resource metadata as JSON at the URL that the challenge names.")
        case .discoveryResource:
            CheckEntry(
                .discovery, .failure, .resourceServer, "`resource` in the metadata is the endpoint that was asked",
                source: "RFC 9728 §3.3",
                remedy:
                    "Set `resource` to the public URL of the MCP endpoint; check the public URL setting behind the proxy."
            )
        case .discoveryAuthorizationServers:
            CheckEntry(
                .discovery, .failure, .resourceServer, "`authorization_servers` names at least one server",
                source: "RFC 9728 §2; MCP authorization",
                remedy: "List the issuer of the authorization server in `authorization_servers`.")
        case .discoveryMetadata:
            CheckEntry(
                .discovery, .failure, .authorizationServer, "the authorization server metadata answers 200 with JSON",
                source: "RFC 8414 §3.2",
                remedy:
                    "Serve the metadata as JSON at `/.well-known/oauth-authorization-server` (with the issuer's path inserted)."
            )
        case .discoveryIssuer:
            CheckEntry(
                .discovery, .failure, .authorizationServer, "`issuer` equals the issuer that was asked for",
                source: "RFC 8414 §3.3",
                remedy: "Make `issuer` identical to the URL that the resource metadata names, to the last slash.")
        case .discoveryEndpoints:
            CheckEntry(
                .discovery, .failure, .authorizationServer,
                "authorization and token endpoint are present and absolute, and `code` is supported",
                source: "RFC 8414 §2",
                remedy:
                    "Publish absolute `authorization_endpoint` and `token_endpoint` and `response_types_supported` with `code`."
            )
        case .discoveryS256:
            CheckEntry(
                .discovery, .failure, .authorizationServer, "S256 is advertised",
                source: "MCP authorization; RFC 7636 §4.2",
                remedy: "Publish `code_challenge_methods_supported: [\"S256\"]`.")
        case .discoveryHttps:
            CheckEntry(
                .discovery, .failure, .authorizationServer, "endpoints are https (loopback excepted)",
                source: "MCP authorization; RFC 9700 §2.6",
                remedy:
                    "Tell the server its public https URL (behind a TLS proxy: forwarded-proto or a public-URL setting)."
            )
        case .discoveryMethods:
            CheckEntry(
                .discovery, .warning, .authorizationServer,
                "the client authentication method and grants in use are advertised",
                source: "RFC 8414 §2",
                remedy:
                    "Advertise `token_endpoint_auth_methods_supported` and `grant_types_supported` as they really work."
            )
        case .discoveryScopes:
            CheckEntry(
                .discovery, .warning, .authorizationServer,
                "the scopes asked for are known to the authorization server",
                source: "RFC 6749 §3.3",
                remedy: "Align the scopes of the resource metadata with `scopes_supported` of the authorization server."
            )
        case .registrationEndpoint:
            CheckEntry(
                .registration, .failure, .authorizationServer,
                "a registration endpoint is there, or a client is configured",
                source: "RFC 7591 §3",
                remedy: "Publish `registration_endpoint`, or configure a client id for this target.")
        case .registrationStatus:
            CheckEntry(
                .registration, .failure, .authorizationServer, "registration answers 201",
                source: "RFC 7591 §3.2.1",
                remedy:
                    "Look in the server's log for the registration request; check its database, its redirect URI rules and whether the name exists already."
            )
        case .registrationClientId:
            CheckEntry(
                .registration, .failure, .authorizationServer,
                "the answer has a `client_id` and echoes the redirect URIs",
                source: "RFC 7591 §3.2.1",
                remedy: "Return `client_id` and the registered `redirect_uris`.")
        case .registrationShape:
            CheckEntry(
                .registration, .warning, .authorizationServer, "the registration answer is well formed",
                source: "RFC 7591 §3.2.1",
                remedy:
                    "Return `client_secret_expires_at` with a secret, a method that uses it, and no null where a value belongs."
            )
        case .authorizationPage:
            CheckEntry(
                .authorization, .failure, .authorizationServer,
                "the authorization endpoint gives a page with a usable form, or the redirect",
                source: "RFC 6749 §4.1.1",
                remedy:
                    "Open the authorization URL of the trace in a browser and look at the server's log; `invalid_request` or an unknown client_id means that the registration was lost."
            )
        case .authorizationLoop:
            CheckEntry(
                .authorization, .failure, .authorizationServer, "the login ends within 12 redirects and 6 forms",
                source: "RFC 6749 §4.1",
                remedy: "Look in the trace for the pages that repeat; often a session cookie that does not stick.")
        case .authorizationHeaders:
            CheckEntry(
                .authorization, .info, .authorizationServer, "the login page forbids framing and caching",
                source: "RFC 9700 §4.2, §4.16",
                remedy:
                    "Send `X-Frame-Options: DENY` or CSP `frame-ancestors`, `Cache-Control: no-store`, `Referrer-Policy: no-referrer`."
            )
        case .authenticationFormOrigin:
            CheckEntry(
                .authentication, .insecure, .authorizationServer, "credentials go to an allowed origin only",
                source: "RFC 9700 §4.1",
                remedy:
                    "Find out why the login form posts elsewhere. If it is meant, add that origin to `allowedOrigins`.")
        case .authenticationFormMethod:
            CheckEntry(
                .authentication, .warning, .authorizationServer, "the login form uses POST",
                source: "RFC 9700 §4.2.4",
                remedy: "Set `method=\"post\"` on the login form: GET puts the password into URLs and logs.")
        case .authenticationPasswordField:
            CheckEntry(
                .authentication, .failure, .authorizationServer, "a page that takes the password appears",
                source: "RFC 6749 §3.1",
                remedy:
                    "Look at the page in the trace: the login form has lost its password field, or a name is not in the configuration's hints."
            )
        case .authenticationRejected:
            CheckEntry(
                .authentication, .failure, .authorizationServer, "the configured user name and password are accepted",
                source: "RFC 6749 §3.1",
                remedy:
                    "Try the same user name and password by hand; check the test user in the server's database (created, not locked, hashed once)."
            )
        case .authenticationRedirect:
            CheckEntry(
                .authentication, .failure, .authorizationServer,
                "the login ends at exactly the redirect URI, with one code and no error",
                source: "RFC 6749 §4.1.2",
                remedy:
                    "Compare the redirect in the trace with the registered redirect URI; read `error` and `error_description`."
            )
        case .authenticationPostRedirect:
            CheckEntry(
                .authentication, .warning, .authorizationServer, "the credential form is not answered with 307 or 308",
                source: "RFC 9700 §4.12",
                remedy: "Answer the login form with 302 or 303: 307 and 308 make a browser send the password on.")
        case .authenticationState:
            CheckEntry(
                .authentication, .failure, .authorizationServer, "`state` comes back once and identical",
                source: "RFC 6749 §4.1.2",
                remedy: "Return `state` exactly as it was received.")
        case .authenticationIss:
            CheckEntry(
                .authentication, .failure, .authorizationServer,
                "`iss` equals the issuer when present, and is present when advertised",
                source: "RFC 9207 §2.4",
                remedy: "Add `iss` to the authorization response, identical to the issuer, or stop advertising it.")
        case .tokenStatus:
            CheckEntry(
                .token, .failure, .authorizationServer, "the token endpoint answers 200",
                source: "RFC 6749 §5.1",
                remedy:
                    "Read `error` in the trace: `invalid_grant` points at the PKCE verification, the redirect URI or an expired code; `invalid_client` at the client's authentication."
            )
        case .tokenJson:
            CheckEntry(
                .token, .failure, .authorizationServer, "the token answer is JSON",
                source: "RFC 6749 §5.1",
                remedy:
                    "Answer with `Content-Type: application/json`; an HTML page here comes from a proxy or an error handler."
            )
        case .tokenErrorIn200:
            CheckEntry(
                .token, .failure, .authorizationServer, "a 200 holds no OAuth error",
                source: "RFC 6749 §5.2",
                remedy: "Send token errors with status 400 (401 for invalid_client).")
        case .tokenAccessToken:
            CheckEntry(
                .token, .failure, .authorizationServer, "an access token is there",
                source: "RFC 6749 §5.1",
                remedy: "Return `access_token`.")
        case .tokenType:
            CheckEntry(
                .token, .failure, .authorizationServer, "the token type is bearer",
                source: "RFC 6749 §5.1, §7.1",
                remedy: "Return `\"token_type\": \"Bearer\"`.")
        case .tokenExpiresIn:
            CheckEntry(
                .token, .failure, .authorizationServer, "`expires_in` is a number above 0",
                source: "RFC 6749 §5.1",
                remedy: "Return `expires_in` as a number of seconds above 0.")
        case .tokenNoStore:
            CheckEntry(
                .token, .warning, .authorizationServer, "the token answer must not be cached",
                source: "RFC 6749 §5.1",
                remedy: "Send `Cache-Control: no-store` with tokens.")
        case .tokenScope:
            CheckEntry(
                .token, .warning, .authorizationServer, "the granted scope covers what was asked",
                source: "RFC 6749 §5.1",
                remedy: "Grant the scopes that clients ask for, or advertise fewer.")
        case .tokenRefreshIssued:
            CheckEntry(
                .token, .warning, .authorizationServer, "a refresh token is issued when the grant is advertised",
                source: "MCP authorization; RFC 6749 §1.5",
                remedy: "Issue a refresh token, or users have to log in again at each expiry.")
        case .mcpStatus:
            CheckEntry(
                .mcp, .failure, .resourceServer, "the MCP request with the token answers 200",
                source: "MCP transports",
                remedy:
                    "A 401 here: the resource server does not accept the token that was just issued (audience, key, clock, token store). A 5xx: look in the server's log."
            )
        case .mcpBody:
            CheckEntry(
                .mcp, .failure, .resourceServer, "the answer is JSON or an event stream with the answer to our request",
                source: "MCP transports",
                remedy: "Answer with `application/json` or `text/event-stream` that holds the JSON-RPC response.")
        case .mcpId:
            CheckEntry(
                .mcp, .failure, .resourceServer, "the JSON-RPC answer has the id of the request",
                source: "JSON-RPC 2.0 §5",
                remedy: "Return the request's id unchanged.")
        case .mcpError:
            CheckEntry(
                .mcp, .failure, .resourceServer, "the answer is no JSON-RPC error",
                source: "JSON-RPC 2.0 §5.1",
                remedy: "Read code and message of the error in the trace.")
        case .mcpVersion:
            CheckEntry(
                .mcp, .failure, .resourceServer, "the protocol version is a known one",
                source: "MCP lifecycle",
                remedy: "Answer `initialize` with a published protocol version.")
        case .mcpScope:
            CheckEntry(
                .mcp, .failure, .resourceServer,
                "403 insufficient_scope is solved by at most two further authorizations",
                source: "MCP authorization; RFC 6750 §3.1",
                remedy: "Name the needed scopes in the challenge and grant them.")
        case .mcpHandshake:
            CheckEntry(
                .mcp, .warning, .resourceServer,
                "`notifications/initialized` answers 202 and the session id is visible ASCII",
                source: "MCP transports",
                remedy: "Answer notifications with 202 and no body.")
        case .mcpTools:
            CheckEntry(
                .mcp, .warning, .resourceServer, "the tool list is not empty",
                source: "MCP tools",
                remedy: "Check that the server still registers its tools.")
        case .mcpNoToken:
            CheckEntry(
                .guarding, .insecure, .resourceServer, "the MCP call without a token is refused",
                source: "MCP authorization; RFC 6750 §3",
                remedy: "Anyone can call tools without a token: require one again, and look at what changed.")
        case .mcpOpenListing:
            CheckEntry(
                .guarding, .warning, .resourceServer,
                "`initialize` and `tools/list` without a token are refused where tools/call is",
                source: "MCP authorization",
                remedy: "The tool list is public; require the token for every request if that is not meant.")
        case .refreshStatus:
            CheckEntry(
                .refresh, .failure, .authorizationServer, "the refresh answers 200",
                source: "RFC 6749 §6",
                remedy:
                    "Read `error` in the trace; look whether refresh tokens survive a restart and are bound to the right client."
            )
        case .refreshAccessToken:
            CheckEntry(
                .refresh, .failure, .authorizationServer, "the refresh brings a new access token",
                source: "RFC 6749 §6, §5.1",
                remedy: "Return a new `access_token` on refresh.")
        case .refreshWorks:
            CheckEntry(
                .refresh, .failure, .resourceServer, "the refreshed access token works",
                source: "RFC 6749 §6",
                remedy:
                    "The resource server does not accept refreshed tokens: compare how both kinds are stored or signed."
            )
        case .refreshSameToken:
            CheckEntry(
                .refresh, .warning, .authorizationServer, "the access token changed",
                source: "RFC 6749 §6",
                remedy: "Issue a new access token on each refresh.")
        case .refreshRotation:
            CheckEntry(
                .refresh, .info, .authorizationServer, "the refresh token of a public client is rotated",
                source: "OAuth 2.1 §4.3.1",
                remedy: "Rotate refresh tokens of public clients, and return the new one.")
        case .refreshScope:
            CheckEntry(
                .refresh, .warning, .authorizationServer, "the scope is not lost at refresh",
                source: "RFC 6749 §6",
                remedy: "Keep the granted scope at refresh.")
        case .sessionRefresh:
            CheckEntry(
                .session, .failure, .authorizationServer, "the refresh token of an earlier run still works",
                source: "RFC 6749 §6",
                remedy:
                    "Everyone who was logged in is logged out: check that refresh tokens are kept over restarts and not in memory."
            )
        case .sessionClient:
            CheckEntry(
                .session, .failure, .authorizationServer, "the client of an earlier run is still known",
                source: "RFC 7591 §3.2.1",
                remedy: "Clients registered earlier are forgotten: keep them in a database, not in memory.")
        case .sessionEarlyDeath:
            CheckEntry(
                .session, .failure, .resourceServer, "tokens live as long as promised",
                source: "RFC 6749 §5.1",
                remedy:
                    "The access token was refused before its `expires_in` was over: look for a token store in memory, several replicas, or a key that changed."
            )
        case .sessionInterrupted:
            CheckEntry(
                .session, .info, .monitor, "no run was cut short between asking and hearing the answer",
                source: "",
                remedy: "Nothing to do: the session was given up as unknown and a new one begins with the next login.")
        case .revocationStatus:
            CheckEntry(
                .revocation, .info, .authorizationServer, "the revocation endpoint takes back what it gave",
                source: "RFC 7009 §2.2",
                remedy: "Look in the server's log for the revocation request; tokens that cannot be revoked pile up.")
        case .budgetExhausted:
            CheckEntry(
                .authentication, .inconclusive, .monitor, "the budget of registrations and logins allows the step",
                source: "",
                remedy: "Wait until the time that the message names, or raise the limit under `budgets`.")
        case .tlsVerify:
            CheckEntry(
                .discovery, .failure, .edge, "the certificate chain is verified",
                source: "RFC 9110 §4.3.4",
                remedy: "Renew or complete the certificate chain; for a private authority set `caFile`.")
        case .tlsExpiry:
            CheckEntry(
                .discovery, .failure, .edge, "the certificate is valid for more than 14 days",
                source: "RFC 5280 §4.1.2.5",
                remedy: "Renew the certificate.")
        case .clockSkew:
            CheckEntry(
                .discovery, .info, .edge, "the Date header is within 60 s of our clock",
                source: "RFC 9110 §6.6.1",
                remedy: "Check the clock (NTP) on both sides.")
        case .stateWritable:
            CheckEntry(
                .registration, .inconclusive, .monitor, "the monitor can keep what the server gives it",
                source: "",
                remedy: "Make room on, and allow writing to, the state directory.")
        case .monitorStopped:
            CheckEntry(
                .challenge, .inconclusive, .monitor, "the run was not stopped from inside",
                source: "",
                remedy: "Nothing to do: the monitor was asked to stop.")
        case .monitorNetwork:
            CheckEntry(
                .challenge, .inconclusive, .monitor, "the monitor itself has a network",
                source: "",
                remedy: "Check route and resolver of the machine that the monitor runs on.")
        }
    }
}
