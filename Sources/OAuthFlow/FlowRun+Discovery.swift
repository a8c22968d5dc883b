import JSONReader
import WatchCore

/// Step `discovery`: from the challenge to the authorization server's endpoints.
extension FlowRun {
    /// Follows the documents of an MCP server.
    func discover(after challenge: Challenge) async throws(Halted) -> DiscoveredServer {
        await enter(.discovery, detail: "Discovering OAuth endpoints...")
        let found: DiscoveredServer
        if target.revision != .march2025, let resource = try await resourceMetadata(challenge) {
            let issuer = try issuerURL(resource)
            allowIfAnnounced(issuer)
            let profile = target.revision ?? (target.persona?.isStrict == true ? .newest : .june2025)
            let server = try await serverMetadata(issuer.url, issuer: issuer.text, profile: profile)
            guard let server else { throw noMetadata(issuer.text) }
            found = DiscoveredServer(
                profile: profile, resource: resource["resource"]?.string,
                resourceScopes: resource["scopes_supported"]?.strings, metadata: server)
        } else {
            // 2025-03-26: the authorization server is the MCP origin, its path dropped.
            let origin = target.server.replacingPath("")
            let server = try await serverMetadata(origin, issuer: origin.description, profile: .march2025)
            if server == nil, target.revision != .march2025, let announced = challenge.bearer?.resourceMetadata {
                // The milder finding about the same document is said herewith.
                note { $0.findings.removeAll { $0.check == .discoveryResourceMetadata } }
                let status = WebURL(announced).map(lastStatus) ?? ""
                throw halt(
                    .discoveryResourceMetadata, .failure,
                    "the announced resource metadata does not answer\(status), and there is no other",
                    evidence: announced)
            }
            found = DiscoveredServer(
                profile: .march2025, metadata: server ?? AuthorizationServer(defaultsAt: target.server))
        }
        try accept(found)
        return found
    }

    /// Takes the server URL itself as the issuer: a server that is no MCP server.
    func discoverIssuer() async throws(Halted) -> DiscoveredServer {
        await enter(.discovery, detail: "Discovering OAuth endpoints...")
        let issuer = target.server.description
        guard let server = try await serverMetadata(target.server, issuer: issuer, profile: .june2025) else {
            throw noMetadata(issuer)
        }
        let found = DiscoveredServer(profile: .november2025, metadata: server)
        try accept(found)
        return found
    }

    /// Notes the outcome, and stops before anything is sent to where no credentials may go.
    private func accept(_ found: DiscoveredServer) throws(Halted) {
        note { $0.facts.revision = found.profile.rawValue }
        let endpoints = [
            ("authorization_endpoint", found.metadata.authorizationEndpoint),
            ("token_endpoint", found.metadata.tokenEndpoint),
        ]
        for (name, url) in endpoints where !environment.permitsSecrets(url.origin) {
            throw halt(
                .discoveryEndpoints, .inconclusive,
                "`\(name)` is at \(url.origin), which may not receive credentials; nothing was sent there",
                evidence: "\(name): \(url.origin)\(url.path)", remedy: Self.allowRemedy(url.origin))
        }
        pass(.discoveryEndpoints)
    }

    /// What to paste when an origin was meant.
    static func allowRemedy(_ origin: Origin) -> String {
        "If that is meant, allow it: `allowedOrigins: [\(origin)]` in the target's configuration, or "
            + "`--allow-origin \(origin)`."
    }

    private func allowIfAnnounced(_ issuer: (text: String, url: WebURL)) {
        if target.allowsAnnouncedOrigin { environment.allowAnnounced(issuer.url.origin) }
    }

    /// What was looked for, and with what it was answered.
    private var documentsTried: String {
        record.exchanges.filter { $0.request.step == .discovery }.map { exchange in
            "\(exchange.request.url.path): \(exchange.response.map { String($0.status) } ?? "no answer")"
        }.joined(separator: "; ")
    }

    private func noMetadata(_ issuer: String) -> Halted {
        let looksAtOne = target.revision == .june2025
        return halt(
            .discoveryMetadata, "no authorization server metadata is found for \(issuer)",
            evidence: looksAtOne ? "clients of 2025-06-18 look for RFC 8414's document only" : documentsTried,
            remedy: target.api == nil
                ? nil
                : CheckID.discoveryMetadata.remedy
                    + " The server URL must be the issuer: what its own metadata calls it.")
    }
}
