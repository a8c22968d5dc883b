import WatchCore

/// Step `challenge`: what the answers to requests without a token say.
extension FlowRun {
    /// Follows the redirects of an endpoint that is at another path, as clients do: 307 and 308 within the same origin.
    /// Nothing secret was sent yet, and all that is goes to the final place at once.
    ///
    /// - Returns: what is answered there; nil when there was no such redirect.
    func endpointMoved(
        _ first: HTTPResponse, _ message: MCPMessage, _ connection: MCPConnection
    ) async throws(Halted) -> HTTPResponse? {
        var response = first
        for _ in 0..<3 {
            guard response.isRedirect else { break }
            guard let next = response.fields["location"].flatMap({ endpoint.resolving($0) }),
                [307, 308].contains(response.status), next.origin == endpoint.origin
            else { throw elsewhere(response) }
            endpoint = next.withoutFragment
            let moved = connection.moved(to: endpoint)
            response = try await answer(to: moved.request(message, step: .challenge), for: .challengeStatus)
        }
        guard endpoint != target.server else { return nil }
        guard !response.isRedirect else { throw elsewhere(response) }
        check(
            .challengeStatus, false, .info,
            "the MCP endpoint redirects to \(endpoint.path): a client that does not follow ends there",
            remedy: "Publish \(endpoint.origin)\(endpoint.path) as the server's URL, and configure that.")
        return response
    }

    /// A redirect that no MCP client gets anywhere by following.
    private func elsewhere(_ response: HTTPResponse) -> Halted {
        let next = response.fields["location"].flatMap { endpoint.resolving($0) }
        let place = next.map { "\($0.origin)\($0.path)" } ?? "nowhere"
        if let next, next.host == endpoint.host, next.scheme == "https", endpoint.scheme == "http" {
            return halt(
                .challengeStatus, "the MCP endpoint redirects from http to https", evidence: summary(response),
                remedy: "Configure the server as \(next.withoutFragment).")
        }
        return halt(
            .challengeStatus,
            "the MCP endpoint, asked without a token, redirects with \(response.status) to \(place) in place of a 401",
            evidence: summary(response),
            remedy: "Answer MCP requests without a token with 401: an MCP client is no browser and cannot log in there."
        )
    }

    /// Judges the refusal of a request without a token.
    func score(_ response: HTTPResponse, protected: ProtectedCall) -> Challenge {
        pass(.mcpNoToken)
        if protected == .initialize { pass(.mcpOpenListing) }
        let bearer = BearerChallenge(response.fields.all("www-authenticate"))
        let layer = Self.layer(of: response)
        check(
            .challengeStatus, response.status == 401,
            "a request without a token is answered with \(response.status), not 401\(Self.pageText(response))",
            evidence: summary(response), layer: layer)
        let renamed = bearer == nil ? Self.renamedChallenge(response) : nil
        check(
            .challengeHeader, bearer != nil,
            renamed.map { "something in front of the server renamed the challenge's field to `\($0)`" }
                ?? "the refusal carries no `WWW-Authenticate: Bearer`\(Self.otherSchemes(response))",
            evidence: summary(response), layer: renamed == nil ? layer : .edge)
        if let bearer {
            check(
                .challengeErrorUninvited, bearer.error == nil,
                "the challenge says error=\(bearer.error ?? "") although no token was sent")
            check(
                .challengeErrorUninvited, bearer.scope != nil || bearer.parameters.isEmpty,
                "the challenge names no `scope`: clients guess what to ask for",
                remedy: "Add `scope=\"…\"` with what the request needs to the challenge.")
        }
        return Challenge(protected: protected, bearer: bearer)
    }

    /// A gateway may keep the challenge and change the name of its field.
    private static func renamedChallenge(_ response: HTTPResponse) -> String? {
        response.fields.fields.first { field in
            let name = field.name.lowercased()
            return name != "www-authenticate"
                && (name.hasSuffix("www-authenticate") || field.value.lowercased().hasPrefix("bearer "))
        }?.name
    }

    private static func otherSchemes(_ response: HTTPResponse) -> String {
        let values = response.fields.all("www-authenticate")
        // Parameters without a scheme are no challenge at all: what stands there tells more.
        if let value = values.first, value.prefix(while: { $0 != " " && $0 != "," }).contains("=") {
            return " (only: `\(value.prefix(120))`, which names no scheme)"
        }
        let schemes = values.flatMap(BearerChallenge.challenges).map(\.scheme)
        return schemes.isEmpty ? "" : " (only: \(schemes.joined(separator: ", ")))"
    }
}

extension HTTPResponse {
    /// Whether the status sends the client elsewhere.
    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether a refusal is about a missing token, in whatever words, and not about the request itself.
    var asksForCredentials: Bool {
        if !fields.all("www-authenticate").isEmpty { return true }
        guard let error = OAuthError(self) else { return false }
        return SpokenRefusal.speaksOfAuthentication("\(error.code) \(error.description ?? "")")
    }
}
