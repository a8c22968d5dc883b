import WatchCore

/// Authorization server metadata and what is asserted about it.
extension FlowRun {
    /// Fetches and judges the metadata of an issuer.
    ///
    /// - Returns: nil when no document is found.
    func serverMetadata(
        _ url: WebURL, issuer: String, profile: Revision
    ) async throws(Halted) -> AuthorizationServer? {
        let places = WellKnown.serverMetadata(url)
        // The pin asks for a client of its day: OpenID's document came into MCP with 2025-11-25.
        for place in target.revision.map({ $0 < .november2025 }) ?? false ? Array(places.prefix(1)) : places {
            guard let document = try await document(at: place, for: .discoveryMetadata) else { continue }
            pass(.discoveryMetadata)
            return try judge(document, issuer: issuer, profile: profile)
        }
        return nil
    }

    private func judge(_ document: JSON, issuer: String, profile: Revision) throws(Halted) -> AuthorizationServer {
        let endpoints = try requiredEndpoints(document)
        let server = AuthorizationServer(
            document, issuer: issuer, authorizationEndpoint: endpoints.authorization, tokenEndpoint: endpoints.token)
        let isOfAnother = judgeIssuer(document["issuer"]?.string, issuer, profile) == .another
        judgeTransport(server)
        judgeS256(document, profile)
        judgeMethods(server)
        // RFC 8414 §3.3: such metadata must not be used; clients go no further, and no password follows it.
        if isOfAnother { throw Halted() }
        return server
    }

    private func requiredEndpoints(_ document: JSON) throws(Halted) -> (authorization: WebURL, token: WebURL) {
        func endpoint(_ name: String) throws(Halted) -> WebURL {
            let text = document[name]?.string
            guard let text, let url = WebURL(text), url.scheme == "https" || url.scheme == "http", url.userinfo == nil
            else {
                throw halt(
                    .discoveryEndpoints, "`\(name)` is \(text == nil ? "missing" : "no absolute http(s) URL")",
                    evidence: "\(name): \(document[name]?.text() ?? "absent")")
            }
            return url
        }
        let endpoints = (authorization: try endpoint("authorization_endpoint"), token: try endpoint("token_endpoint"))
        if let types = document["response_types_supported"]?.strings, !types.contains("code") {
            throw halt(
                .discoveryEndpoints, "`response_types_supported` lacks `code`",
                evidence: types.joined(separator: ", "))
        }
        return endpoints
    }

    /// How the issuer that metadata names fits the one that was asked for.
    private enum IssuerMatch { case same, slashApart, absent, another }

    private func judgeIssuer(_ found: String?, _ asked: String, _ profile: Revision) -> IssuerMatch {
        guard let found else {
            check(.discoveryIssuer, false, "`issuer` is missing", evidence: "asked for \(asked)")
            return .absent
        }
        let differsByASlash =
            WellKnown.withoutTrailingSlash(found) == WellKnown.withoutTrailingSlash(asked) && found != asked
        check(
            .discoveryIssuer, found == asked, differsByASlash && profile < .july2026 ? .warning : .failure,
            differsByASlash
                ? "`issuer` differs by a trailing slash from the issuer asked for"
                : "`issuer` is not the issuer that was asked for",
            evidence: "issuer: \(found); asked for: \(asked)",
            remedy: target.api == nil
                ? nil
                : "Make `issuer` identical to the URL that clients are given, to the last slash; or, where \(found) is "
                    + "that URL, configure that as the server.")
        return found == asked ? .same : differsByASlash ? .slashApart : .another
    }

    /// Plain http is wrong anywhere but on loopback, and even there behind a server that is asked by https.
    func judgeTransport(_ name: String, _ url: WebURL?) {
        guard let url else { return }
        let isPlain = url.scheme == "http" && (!url.isLoopback || target.server.scheme == "https")
        check(.discoveryHttps, !isPlain, "`\(name)` is plain http", evidence: "\(name): \(url)")
    }

    /// What a server writes into its documents about itself: http there, when it is asked by https, means that it does
    /// not know of the TLS proxy before it.
    func judgeOwnTransport(_ name: String, _ url: WebURL) {
        if target.server.scheme == "https" { judgeTransport(name, url) }
    }

    private func judgeTransport(_ server: AuthorizationServer) {
        judgeTransport("authorization_endpoint", server.authorizationEndpoint)
        judgeTransport("token_endpoint", server.tokenEndpoint)
        judgeTransport("registration_endpoint", server.registrationEndpoint)
        judgeTransport("revocation_endpoint", server.revocationEndpoint)
        judgeTransport("jwks_uri", server.keysURI)
    }

    private func judgeS256(_ document: JSON, _ profile: Revision) {
        guard let methods = document["code_challenge_methods_supported"]?.strings else {
            check(
                .discoveryS256, false, profile >= .november2025 ? .failure : .warning,
                "`code_challenge_methods_supported` is missing")
            return
        }
        check(
            .discoveryS256, methods.contains("S256"), "`code_challenge_methods_supported` lacks S256",
            evidence: methods.joined(separator: ", "))
    }

    private func judgeMethods(_ server: AuthorizationServer) {
        let known: Set<String> = ["none", "client_secret_post", "client_secret_basic"]
        let ours: Set<String> = target.client.map { [$0.authentication] } ?? known
        if let methods = server.authenticationMethods {
            check(
                .discoveryMethods, !ours.isDisjoint(with: methods),
                target.client == nil
                    ? "no client authentication method that MCP clients use is advertised"
                    : "the configured client's authentication method is not advertised",
                evidence: methods.joined(separator: ", "))
        }
        check(
            .discoveryMethods, !server.requiresPushedRequests,
            "`require_pushed_authorization_requests` is true, and MCP clients push no authorization requests",
            remedy: "Take authorization requests that were not pushed, too (RFC 9126).")
        if let grants = server.grantTypes {
            check(
                .discoveryMethods, grants.contains("authorization_code"),
                "`grant_types_supported` lacks `authorization_code`", evidence: grants.joined(separator: ", "))
        }
    }

    /// Whether the authorization server lists the scopes that will be asked for.
    func judgeScopes(_ scope: String?, of server: AuthorizationServer) {
        guard let scope, let supported = server.scopesSupported, !supported.isEmpty else { return }
        let unknown = scope.scopeNames.filter { !supported.contains($0) }
        check(
            .discoveryScopes, unknown.isEmpty,
            "the authorization server's `scopes_supported` lacks scopes that clients are told to ask for",
            evidence: "unknown: \(unknown.joined(separator: " ")); supported: \(supported.joined(separator: " "))")
    }
}

extension String {
    /// The names in a scope, also where commas stand between them.
    ///
    /// Source: RFC 6749 §3.3.
    var scopeNames: [String] {
        utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }.map { String(Substring($0)) }
    }
}
