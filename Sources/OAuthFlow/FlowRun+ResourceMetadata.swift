import JSONReader
import WatchCore

/// Protected resource metadata.
///
/// Source: RFC 9728.
extension FlowRun {
    /// Fetches the document that the challenge names, or the well-known one.
    ///
    /// - Returns: nil when there is none: the oldest profile.
    func resourceMetadata(_ challenge: Challenge) async throws(Halted) -> JSON? {
        let wellKnown = WellKnown.resourceMetadata(target.server)
        var missing: WebURL?
        var isMalformed = false
        if let announced = challenge.bearer?.resourceMetadata {
            if let url = WebURL(announced), url.scheme == "https" || url.scheme == "http" {
                judgeOwnTransport("resource_metadata", url)
                if let document = try await document(at: url, for: .discoveryResourceMetadata) {
                    pass(.challengeResourceMetadata)
                    return try judge(document, at: url)
                }
                missing = url
            } else {
                isMalformed = true
                check(
                    .challengeResourceMetadata, false, .warning, "`resource_metadata` is no absolute URL",
                    evidence: announced)
            }
        }
        for url in wellKnown where url != missing {
            guard let document = try await document(at: url, for: .discoveryResourceMetadata) else { continue }
            if let missing {
                check(
                    .discoveryResourceMetadata, false, .warning,
                    "the announced resource metadata answers 404, the well-known one works",
                    evidence: "announced: \(missing)")
            }
            if !isMalformed { judgeAnnouncement(challenge, missing: missing) }
            return try judge(document, at: url)
        }
        if let missing {
            check(
                .discoveryResourceMetadata, false, .warning,
                "the announced resource metadata does not answer\(lastStatus(of: missing))",
                evidence: "announced: \(missing)")
        }
        return nil
    }

    /// The well-known URL works; what does the challenge say?
    private func judgeAnnouncement(_ challenge: Challenge, missing: WebURL?) {
        check(
            .challengeResourceMetadata, missing == nil, "the challenge names resource metadata that does not answer")
        guard let bearer = challenge.bearer else { return }
        check(
            .challengeResourceMetadata, bearer.resourceMetadata != nil, target.revision == .june2025 ? .warning : .info,
            "the challenge does not name the resource metadata: clients of 2025-06-18 look nowhere else")
    }

    /// The first authorization server of the document.
    func issuerURL(_ document: JSON) throws(Halted) -> (text: String, url: WebURL) {
        guard let text = document["authorization_servers"]?.array?.first?.string else {
            throw halt(
                .discoveryAuthorizationServers, "`authorization_servers` is missing or empty",
                evidence: "authorization_servers: \(document["authorization_servers"]?.text() ?? "absent")")
        }
        guard let url = WebURL(text), url.scheme == "https" || url.scheme == "http", url.userinfo == nil else {
            throw halt(
                .discoveryAuthorizationServers, "the authorization server is no http or https URL", evidence: text)
        }
        pass(.discoveryAuthorizationServers)
        judgeOwnTransport("authorization_servers", url)
        return (text, url)
    }

    private func judge(_ document: JSON, at url: WebURL) throws(Halted) -> JSON {
        pass(.discoveryResourceMetadata)
        guard let text = document["resource"]?.string, let resource = WebURL(text) else {
            throw halt(
                .discoveryResource, "`resource` is missing or no URL",
                evidence: "\(url.path): resource: \(document["resource"]?.text() ?? "absent")")
        }
        judgeOwnTransport("resource", resource)
        switch ResourceMatch(resource, target.server) {
        case .same: pass(.discoveryResource)
        case .parent:
            check(
                .discoveryResource, false, .warning, "`resource` is a parent of the endpoint, not the endpoint itself",
                evidence: "resource: \(text); endpoint: \(target.server)")
        case .other:
            throw halt(
                .discoveryResource, "`resource` is not the endpoint that was asked",
                evidence: "resource: \(text); endpoint: \(target.server)")
        }
        return document
    }
}

/// How the resource of the metadata relates to the endpoint.
enum ResourceMatch {
    case same, parent, other

    /// An empty path and `/` are the same.
    ///
    /// Source: RFC 9728 §3.3; RFC 8707 §2.
    init(_ resource: WebURL, _ endpoint: WebURL) {
        let resourcePath = resource.path.isEmpty ? "/" : resource.path
        let endpointPath = endpoint.path.isEmpty ? "/" : endpoint.path
        guard resource.origin == endpoint.origin else {
            self = .other
            return
        }
        if resourcePath == endpointPath, resource.query == endpoint.query {
            self = .same
        } else if endpointPath == resourcePath
            || endpointPath.hasPrefix(WellKnown.withoutTrailingSlash(resourcePath) + "/")
        {
            self = .parent
        } else {
            // `/mcp/` for the endpoint `/mcp` names the same thing to every server that we know of.
            self = WellKnown.withoutTrailingSlash(resourcePath) == endpointPath ? .parent : .other
        }
    }
}
