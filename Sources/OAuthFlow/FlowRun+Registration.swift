import JSONReader
package import WatchCore

/// Step `registration`: the client that the flow runs as.
extension FlowRun {
    /// The configured client, the kept one, or a new registration.
    ///
    /// - Parameter refresh: whether the kept client was refused and must be replaced.
    func client(of server: AuthorizationServer, refresh: Bool = false) async throws(Halted) -> RegisteredClient {
        await enter(.registration, detail: "Registering OAuth client...")
        if let given = givenClient(of: server) {
            learn(given)
            await leave(as: .skipped)
            return given
        }
        let kept = await environment.memory.state[clientOf: target.persona]
        if !refresh, let kept, isFit(kept, for: server) {
            learn(kept)
            await leave(as: .skipped)
            return kept
        }
        return try await register(at: server, replacing: kept)
    }

    /// The client that needs no registration: one registered by hand, else one whose metadata the operator publishes,
    /// where the server takes those.
    ///
    /// Source: MCP authorization 2025-11-25, client registration approaches.
    func givenClient(of server: AuthorizationServer) -> RegisteredClient? {
        if target.client != nil { return givenClient(issuer: server.askedIssuer) }
        return server.takesClientDocuments ? givenClient(issuer: server.askedIssuer) : nil
    }

    /// That client, known by an issuer; nil when none is configured.
    func givenClient(issuer: String) -> RegisteredClient? {
        guard let id = target.client?.id ?? target.clientDocument?.description else { return nil }
        return RegisteredClient(
            issuer: issuer, clientID: id, clientSecret: target.client?.secret,
            authenticationMethod: target.client?.authentication ?? "none",
            redirectURI: target.redirectURI.description, clientName: target.clientName, registeredAt: now)
    }

    private func isFit(_ kept: RegisteredClient, for server: AuthorizationServer) -> Bool {
        kept.issuer == server.askedIssuer && kept.redirectURI == target.redirectURI.description
            && kept.clientName == target.clientName && !kept.isDue(lifetime: target.budgets.clientLifetime, now: now)
    }

    private func learn(_ client: RegisteredClient) {
        note { record in
            record.summary.clientID = client.clientID
            if let secret = client.clientSecret { record.secrets.add(secret.reveal()) }
            if let token = client.registrationAccessToken { record.secrets.add(token.reveal()) }
        }
    }

    private func register(
        at server: AuthorizationServer, replacing old: RegisteredClient?
    ) async throws(Halted) -> RegisteredClient {
        guard let endpoint = server.registrationEndpoint else {
            throw halt(
                .registrationEndpoint, "no `registration_endpoint` is published and no client is configured",
                remedy: Self.clientRemedy(server))
        }
        pass(.registrationEndpoint)
        let began = now
        let budget = target.budgets.registrationsPerDay
        guard await environment.memory.state.mayRegister(budget: budget, now: began) else {
            throw halt(
                .budgetExhausted, "all \(budget) registrations of the last 24 hours are used up", step: .registration)
        }
        try await remember { state in
            state.registered(at: began)
            state.intent = Intent(.registration, at: began)
        }
        let request = HTTPRequest(
            .registration, "POST", endpoint, fields: ["Accept": "application/json"], body: .json(registration(server)))
        let response: HTTPResponse
        do throws(Halted) {
            response = try await answer(to: request, for: .registrationStatus)
        } catch {
            try await remember { $0.intent = nil }
            throw error
        }
        let client = try await judge(response, server)
        let persona = target.persona
        try await remember { state in
            state[clientOf: persona] = client
            state.intent = nil
            // A kept session goes on with the client that it began with.
            if let old, old.clientID != client.clientID { state.sessions.formerClients.append(old) }
        }
        return client
    }

    /// How to go on without dynamic registration.
    private static func clientRemedy(_ server: AuthorizationServer) -> String {
        "Publish `registration_endpoint`, or register a client by hand and configure it: `client:` with `id`, and "
            + "`secretFile` when it has a secret (for `trace`: --config FILE --target NAME)."
            + (server.takesClientDocuments ? " The server also takes a client's document: `metadataDocument`." : "")
    }

    /// Neither document nor the endpoint of the oldest revision: whoever wrote the server thought of no login.
    private func nothingIsPublished(_ response: HTTPResponse) -> Halted {
        halt(
            .discoveryMetadata,
            "nothing tells clients where to log in: neither resource nor server metadata is published, and "
                + "`/register`, where 2025-03-26 looks then, answers \(response.status)",
            evidence: summary(response),
            remedy: """
                Publish resource metadata that names the authorization server, and name it in the challenge. A server that \
                takes only tokens made by hand has no login to watch.
                """, step: .registration)
    }

    /// The scheme of a 401 that no OAuth server answers a registration with.
    private static func foreignScheme(_ response: HTTPResponse) -> String? {
        let schemes = response.fields.all("www-authenticate").flatMap(BearerChallenge.challenges).map(\.scheme)
        guard response.status == 401, !schemes.contains(where: { $0.lowercased() == "bearer" }) else { return nil }
        return schemes.first
    }

    /// The documents and the registration are behind the same wall as the rest: no client gets as far as the server.
    private func walled(_ response: HTTPResponse, by scheme: String) -> Halted {
        halt(
            .registrationStatus,
            "something in front of the server asks for \(scheme) authentication before everything, the public documents too",
            evidence: summary(response),
            remedy: """
                Except the MCP endpoint, `/.well-known/` and the authorization server from it; or, where clients bring those \
                credentials along, give them by `headersFile`.
                """, layer: .edge)
    }

    /// The metadata of our client.
    ///
    /// Source: RFC 7591 §2.
    package func registration(_ server: AuthorizationServer) -> JSON {
        let methods = server.authenticationMethods ?? ["none"]
        let liked = target.persona?.authenticationMethods ?? ["none", "client_secret_post", "client_secret_basic"]
        var members: [JSON.Member] = [
            JSON.Member("client_name", .string(target.clientName)),
            JSON.Member("redirect_uris", [.string(target.redirectURI.description)]),
            JSON.Member("grant_types", ["authorization_code", "refresh_token"]),
            JSON.Member("response_types", ["code"]),
            JSON.Member("token_endpoint_auth_method", .string(liked.first(where: methods.contains) ?? "none")),
            JSON.Member("application_type", .string(Persona.applicationType(target.redirectURI))),
        ]
        if let url = target.persona?.clientURI { members.append(JSON.Member("client_uri", .string(url))) }
        // Some servers let a client ask for no more than it named here, and for nothing when it named nothing.
        if let scope = target.scope ?? wantedScope { members.append(JSON.Member("scope", .string(scope))) }
        return .object(members)
    }

    private func judge(
        _ response: HTTPResponse, _ server: AuthorizationServer
    ) async throws(Halted) -> RegisteredClient {
        guard response.status == 201 || response.status == 200 else {
            try await remember { $0.intent = nil }
            note { $0.facts.registrationsRefused += 1 }
            if server.isAssumed, [404, 405].contains(response.status) { throw nothingIsPublished(response) }
            if server.isAssumed, let scheme = Self.foreignScheme(response) { throw walled(response, by: scheme) }
            throw halt(status: response, of: "registration", for: .registrationStatus)
        }
        note { $0.facts.registrations += 1 }
        check(
            .registrationStatus, response.status == 201, .info, "registration answers 200, not 201",
            remedy: "Answer a registration with 201.")
        guard let json = response.json, let id = json["client_id"]?.string, !id.isEmpty else {
            try await remember { $0.intent = nil }
            throw halt(
                .registrationClientId,
                "the registration answer has no `client_id`\(Self.pageText(response))\(Self.errorText(response))",
                evidence: summary(response), layer: Self.layer(of: response))
        }
        let client = registeredClient(id, json, server)
        learn(client)
        judgeEcho(json)
        judgeShape(json, response)
        return client
    }

    /// The client that a registration answer describes.
    ///
    /// Source: RFC 7591 §3.2.1.
    package func registeredClient(_ id: String, _ json: JSON, _ server: AuthorizationServer) -> RegisteredClient {
        let secret = json["client_secret"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
        // Without a word about the method, a client with a secret uses Basic (RFC 7591 §2).
        let method = json["token_endpoint_auth_method"]?.string ?? (secret == nil ? "none" : "client_secret_basic")
        return RegisteredClient(
            issuer: server.askedIssuer, clientID: id, clientSecret: secret, authenticationMethod: method,
            redirectURI: target.redirectURI.description, clientName: target.clientName, registeredAt: now,
            registrationURI: json["registration_client_uri"]?.string,
            registrationAccessToken: json["registration_access_token"]?.string.map(Secret.init))
    }

    private func judgeEcho(_ json: JSON) {
        // A null is judged by its shape.
        guard json["redirect_uris"] != .null else { return }
        let echoed = json["redirect_uris"]?.strings ?? []
        check(
            .registrationClientId, echoed.contains(target.redirectURI.description),
            "the registration answer does not echo our redirect URI",
            evidence: "redirect_uris: \(json["redirect_uris"]?.text() ?? "absent")")
    }

    private func judgeShape(_ json: JSON, _ response: HTTPResponse) {
        let nulls = (json.members ?? []).filter(\.value.holdsNull).map(\.name)
        check(
            .registrationShape, nulls.isEmpty, "the registration answer has null where a value belongs",
            evidence: nulls.joined(separator: ", "), remedy: "Leave out what has no value, in place of null.")
        if json["client_secret"]?.string != nil { judgeSecret(json) }
        let cache = response.fields.all("cache-control").joined(separator: ",").lowercased()
        check(
            .registrationShape, cache.holds("no-store"), .info, "the registration answer may be cached",
            evidence: "Cache-Control: \(cache.isEmpty ? "absent" : cache)",
            remedy: "Send `Cache-Control: no-store` with it.")
    }

    /// Source: RFC 7591 §3.2.1.
    private func judgeSecret(_ json: JSON) {
        let expiry = json["client_secret_expires_at"]
        check(
            .registrationShape, expiry?.number != nil,
            expiry == nil
                ? "the registration answer has a `client_secret` without `client_secret_expires_at`"
                : "`client_secret_expires_at` is no number", evidence: expiry?.text() ?? "")
        if let end = expiry?.number, end != 0 {
            check(
                .registrationShape, end > now.seconds, "the new `client_secret` has expired already",
                evidence: "client_secret_expires_at: \(expiry?.text() ?? "")",
                remedy: "Give out secrets that are good for a while, or 0 for ever; compare the server's clock.")
        }
        guard let method = json["token_endpoint_auth_method"]?.string else { return }
        let usesIt = ["client_secret_basic", "client_secret_post", "client_secret_jwt"].contains(method)
        check(
            .registrationShape, usesIt, method == "none" ? .info : .warning,
            "the registration answer has a `client_secret` that its method `\(method)` does not use",
            remedy: "Leave the secret out, or name the method that uses it.")
    }
}

extension JSON {
    /// Whether it is null, or an array with a null in it.
    fileprivate var holdsNull: Bool { self == .null || array?.contains(.null) ?? false }
}
