/// A way in which MCP authentication breaks in public, and the faults that play it.
package struct FailureClass: Sendable {
    package let number: Int
    package let title: String
    /// Where it was reported: repository and number.
    package let seenIn: String
    /// Ids of faults.
    package let faults: [String]

    private init(_ number: Int, _ title: String, _ seenIn: String, _ faults: [String]) {
        (self.number, self.title, self.seenIn, self.faults) = (number, title, seenIn, faults)
    }

    /// All that are known.
    package static let all: [FailureClass] = [
        FailureClass(
            1, "401 without `WWW-Authenticate`",
            "outline#12831", ["no-www-authenticate"]),
        FailureClass(
            2, "challenge lacks `resource_metadata`",
            "modelcontextprotocol/csharp-sdk#1050", ["no-resource-metadata", "challenge-relative-metadata"]),
        FailureClass(
            3, "a gateway renames or drops the challenge header",
            "anthropics/claude-ai-mcp#748", ["challenge-renamed"]),
        FailureClass(
            4, "PRM `resource` missing or another resource",
            "macro-inc/macro#5519; python-sdk#1400; mcp-auth-proxy#177", ["prm-resource-missing", "prm-other-resource"]),
        FailureClass(
            5, "`http://` endpoint URLs behind a TLS proxy",
            "mesh/mesh-mcp#20; Mnexa-AI/e2a#635", ["http-endpoints"]),
        FailureClass(
            6, "metadata steered by `X-Forwarded-Host`",
            "superlinked/sie#275", ["metadata-steered"]),
        FailureClass(
            7, "issuer differs by a trailing slash",
            "expo#49054; opencode#50036", ["issuer-slash"]),
        FailureClass(
            8, "path-suffixed well-known URL answers 404",
            "nutrition-mcp#51; fastmcp#2793", ["announced-metadata-404", "prm-root-only"]),
        FailureClass(
            9, "discovery answers 200 with HTML",
            "outline#11572", ["discovery-html", "server-metadata-html"]),
        FailureClass(
            10, "`code_challenge_methods_supported` absent",
            "zed#60358; typescript-sdk#2831", ["no-s256"]),
        FailureClass(
            11, "`plain` PKCE accepted or default",
            "metagraphed#9637", ["s256-missing-from-list", "authorize.plain-pkce"]),
        FailureClass(
            12, "verifier not checked",
            "devspace#39", ["token.wrong-verifier"]),
        FailureClass(
            13, "authorization code replayable",
            "keboola/mcp-server#505", ["token.code-replay"]),
        FailureClass(
            14, "registration answers 500",
            "openwork#3599", ["registration-500"]),
        FailureClass(
            15, "registration answer malformed (null arrays, null secret, no expiry)",
            "mcp-auth-proxy#173", ["registration-malformed", "registration-secret-without-expiry"]),
        FailureClass(
            16, "registered clients lost at a restart",
            "mcp-pinot#139; supabase/mcp#355", ["clients-lost-on-restart"]),
        FailureClass(
            17, "registration rate limit locks clients out",
            "Cellarion PR 785", ["registration-429"]),
        FailureClass(
            18, "loopback redirect refused",
            "workers-oauth-provider#154", ["loopback-redirect-refused", "loopback-port-refused"]),
        FailureClass(
            19, "advertised token auth method does not work",
            "context7#2970; fastmcp#4600", ["client-method-broken", "odd-client-methods"]),
        FailureClass(
            20, "`iss` advertised and left out",
            "mcp-server-cloudflare#449", ["iss-omitted"]),
        FailureClass(
            21, "PRM scopes unknown to the authorization server",
            "posthog#55307", ["unknown-scope", "scopes-unlisted"]),
        FailureClass(
            22, "no refresh token",
            "uploads#911", ["no-refresh-token"]),
        FailureClass(
            23, "refused refresh says `invalid_request`, not `invalid_grant`",
            "obot#7501", ["refresh-dies-invalid-request", "code-refused-invalid-request"]),
        FailureClass(
            24, "two refreshes at once lose the session",
            "opencode#34074", ["refresh-race-loses-session"]),
        FailureClass(
            25, "expired token gives 500/400/403/307/200 instead of 401",
            "freee-mcp#394; fastmcp#2461; mcp-handler#181",
            ["expired-token-500", "expired-token-403", "expired-token-307", "mcp.expired-token"]),
        FailureClass(
            26, "token error inside HTTP 200",
            "typescript-sdk#1342", ["error-in-200"]),
        FailureClass(
            27, "`expires_in` a string or missing",
            "librechat.ai#420; todoist-mcp#400", ["expires-in-string", "expires-in-missing"]),
        FailureClass(
            28, "audience not bound, or rejected",
            "engram#1242; claude-code#90497", ["jwt-other-audience", "mcp-rejects-token", "mcp.other-audience"]),
        FailureClass(
            29, "stale keys after rotation",
            "giantswarm/mcp-oauth PR 452", ["key-rotated-after-a-while", "jwt-key-unpublished"]),
        FailureClass(
            30, "code or token lands on another replica",
            "MeshWeaver#5074", ["other-replica-without-token", "code-refused"]),
        FailureClass(
            31, "firewall blocks one user agent, or none given",
            "claude-ai-mcp#49, #680, #923",
            ["firewall-blocks-clients", "firewall-blocks-one-agent", "firewall-wants-agent"]),
        FailureClass(
            32, "consent page's `form-action` CSP blocks the redirect",
            "fastmcp#2302", ["csp-blocks-redirect"]),
        FailureClass(
            33, "CORS preflight fails on the token endpoint",
            "sentry-mcp#999", ["cors-refused"]),
        FailureClass(
            34, "protected tools served without a token",
            "mcp-context-forge#2712", ["open-door", "tools-call-only"]),
        FailureClass(
            35, "`initialize` slower than the client's 10 s",
            "claude-ai-mcp#473", ["initialize-slow"]),
        FailureClass(
            36, "refresh tokens dead after a server restart",
            "first user's own regression", ["refresh-tokens-lost-on-restart", "tokens-lost-on-restart"]),
        FailureClass(
            37, "password hashed twice: every new user is refused at login",
            "first user's own server, two halves at their newest commits", ["password-hashed-twice"]),
    ]
}
