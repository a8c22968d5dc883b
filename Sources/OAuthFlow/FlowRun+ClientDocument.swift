import JSONReader
package import WatchCore

/// The client whose metadata the operator publishes.
///
/// Source: MCP authorization 2025-11-25; draft-ietf-oauth-client-id-metadata-document.
extension FlowRun {
    /// Why the authorization endpoint refused a client: our own document is looked at before the server is blamed.
    func refusedAuthorization(_ response: HTTPResponse, of client: RegisteredClient) async -> Halted {
        guard let url = target.clientDocument, url.description == client.clientID else { return errorPage(response) }
        guard let problem = await problem(ofDocumentAt: url) else {
            return errorPage(
                response,
                remedy: """
                    The client's document at \(url) is good, seen from here: look in the server's log whether it can fetch it \
                    (its network, the authorities that it trusts), and which hosts of such documents it allows.
                    """)
        }
        return halt(
            .authorizationPage, .inconclusive,
            "the authorization server refuses the client, whose metadata document \(problem)",
            evidence: summary(response),
            remedy: "Publish at \(url) what `oauthwatch cimd` prints, then run again.", step: .authorization,
            layer: .monitor)
    }

    /// What is wrong with the published document; nil when nothing is.
    private func problem(ofDocumentAt url: WebURL) async -> String? {
        let request = HTTPRequest(.authorization, "GET", url, fields: ["Accept": "application/json"])
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await send(request)
        } catch {
            return "cannot be fetched from here (\(error.message))"
        }
        guard response.status == 200 else { return "answers \(response.status)" }
        guard let json = response.json, json.members != nil else { return "is no JSON object" }
        guard json["client_id"]?.string == url.description else { return "names another `client_id`" }
        let uris = json["redirect_uris"]?.strings ?? []
        return uris.contains(target.redirectURI.description) ? nil : "lacks the redirect URI \(target.redirectURI)"
    }
}

extension TargetSettings {
    /// The document to publish for this target's clients, so that a `client_id` can be its URL.
    ///
    /// - Parameter url: where it will be: https, with a path.
    package func clientDocument(at url: WebURL) -> JSON {
        let acted = personas.isEmpty ? [self] : personas.map(acting)
        var uris: [String] = []
        for target in acted where !uris.contains(target.redirectURI.description) {
            uris.append(target.redirectURI.description)
        }
        var members = [
            JSON.Member("client_id", .string(url.description)),
            JSON.Member("client_name", .string(acted[0].clientName)),
            JSON.Member("client_uri", .string("\(url.origin)/")),
            JSON.Member("redirect_uris", .array(uris.map { .string($0) })),
            JSON.Member("grant_types", ["authorization_code", "refresh_token"]),
            JSON.Member("response_types", ["code"]),
            JSON.Member("token_endpoint_auth_method", "none"),
            JSON.Member("application_type", .string(Persona.applicationType(acted[0].redirectURI))),
        ]
        if let scope = acted[0].scope { members.append(JSON.Member("scope", .string(scope))) }
        return .object(members)
    }
}
