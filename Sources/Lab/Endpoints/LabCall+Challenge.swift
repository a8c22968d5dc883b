import WatchCore

extension LabCall {
    /// The refusal of an MCP request, with the way to a better token.
    ///
    /// - Parameters:
    ///   - path: of the MCP endpoint.
    ///   - missingScope: what the token should have been granted; nil when there is no good token.
    ///
    /// Source: RFC 6750 §3; RFC 9728 §5.1; MCP authorization, scope challenge.
    func challenge(path: String, missingScope: String? = nil) -> LabResponse {
        let isInvalid = request.bearerToken != nil || behaviour.challenge.addsError
        let error = missingScope == nil ? (isInvalid ? "invalid_token" : nil) : "insufficient_scope"
        if missingScope == nil, let token = request.bearerToken, let status = behaviour.challenge.deadTokenStatus,
            store.withLock({ $0.accessTokens[token] != nil })
        {
            return status == 307 ? .redirect(to: "/login", status: 307) : .json(["error": "unexpected"], status: status)
        }
        let status = missingScope == nil ? behaviour.challenge.status : 403
        var parameters: [(String, String)] = []
        if let error { parameters.append(("error", error)) }
        switch behaviour.challenge.header {
        case .relative: parameters.append(("resource_metadata", "/.well-known/oauth-protected-resource"))
        case .full, .renamed, .withoutScope:
            if let url = metadataURL(path: path) { parameters.append(("resource_metadata", url)) }
        case .wrongMetadata: parameters.append(("resource_metadata", "\(sites.here)/no/such/metadata"))
        case .withoutMetadata, .bare, .none: break
        }
        if behaviour.challenge.header != .bare, behaviour.challenge.header != .withoutScope {
            parameters.append(("scope", missingScope ?? namedScopes.joined(separator: " ")))
        }
        let body: JSON =
            behaviour.token.errors == .framework
            ? ["detail": "Not authenticated"] : ["error": .string(error ?? "unauthorized")]
        var response = LabResponse.json(body, status: status)
        guard behaviour.challenge.header != .none else { return response }
        let text = parameters.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ", ")
        let name = behaviour.challenge.header == .renamed ? "x-amzn-Remapped-www-authenticate" : "WWW-Authenticate"
        response.fields[name] = "\(behaviour.challenge.scheme) \(text)".trimmingSpaces
        return response
    }

    private func metadataURL(path: String) -> String? {
        switch behaviour.discovery.resourcePlace {
        case .wellKnown: "\(sites.here)/.well-known/oauth-protected-resource\(path == "/" ? "" : path)"
        case .oddURL: sites.here + Route.oddResourceMetadata
        case .rootOnly, .absent: nil
        }
    }
}
