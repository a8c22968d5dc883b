import JSONReader
import WatchCore

extension LabCall {
    /// Registers a client.
    ///
    /// Source: RFC 7591 §3.
    func register() -> LabResponse {
        switch behaviour.registration.outcome {
        case .failed: return .json(["error": "server_error"], status: 500)
        case .limited: return .json(["error": "slow_down"], status: 429, ["Retry-After": "120"])
        case .registered, .malformed, .nameless: break
        }
        do throws(OAuthError) {
            let client = try readClient()
            store.withLock { state in
                state.clients[client.id] = client
                state.stats.registrations += 1
            }
            return .json(
                answer(client), status: behaviour.registration.status,
                behaviour.registration.mayBeCached ? [:] : Self.noStore)
        } catch {
            return refuse(error)
        }
    }

    /// Reads or deletes a registered client.
    ///
    /// Source: RFC 7592 §2.
    func manageClient(_ id: String) -> LabResponse {
        let client = store.withLock { $0.clients[id] }
        guard let client, let token = client.managementToken, request.bearerToken == token else {
            return .json(
                ["error": "invalid_token"], status: 401, ["WWW-Authenticate": "Bearer error=\"invalid_token\""])
        }
        guard request.method == "DELETE" else { return .json(describe(client), Self.noStore) }
        store.withLock { $0.clients[id] = nil }
        return .empty(204, Self.noStore)
    }

    private func readClient() throws(OAuthError) -> LabClient {
        let metadata: JSON
        do { metadata = try JSON(parsing: request.body) } catch {
            throw OAuthError(code: "invalid_client_metadata", detail: "the body is no JSON")
        }
        guard let uris = metadata["redirect_uris"]?.strings, !uris.isEmpty,
            !behaviour.registration.refusesLoopback || !uris.contains(where: { WebURL($0)?.isLoopback ?? false }),
            uris.allSatisfy({ Self.mayRedirect(to: $0, loopbackOnly: behaviour.registration.takesLoopbackOnly) })
                || isWeak(.registerBadRedirect)
        else {
            throw OAuthError(
                code: "invalid_redirect_uri", detail: "redirect_uris must be https URLs or loopback http URLs")
        }
        let supported = behaviour.registration.methods
        let asked = metadata["token_endpoint_auth_method"]?.string
        guard let method = asked.map({ ClientAuthentication(rawValue: $0) }) ?? supported.first,
            supported.contains(method)
        else {
            throw OAuthError(
                code: "invalid_client_metadata", detail: "this token_endpoint_auth_method is not supported")
        }
        return LabClient(
            id: LabState.random("client"),
            secret: method != .none || behaviour.registration.addsSecret ? LabState.random("secret") : nil,
            method: method, name: metadata["client_name"]?.string ?? "", redirectURIs: uris,
            grantTypes: metadata["grant_types"]?.strings ?? ["authorization_code"],
            managementToken: behaviour.registration.isManaged ? LabState.random("rat") : nil)
    }

    /// Source: OAuth 2.1 §2.3.1; RFC 8252 §7.
    private static func mayRedirect(to uri: String, loopbackOnly: Bool) -> Bool {
        guard let url = WebURL(uri), url.fragment == nil else { return false }
        return (url.scheme == "https" && !loopbackOnly) || (url.scheme == "http" && url.isLoopback)
    }

    private func answer(_ client: LabClient) -> JSON {
        switch behaviour.registration.outcome {
        case .malformed: malformed(client)
        case .nameless: .object((describe(client).members ?? []).filter { $0.name != "client_id" })
        case .registered, .failed, .limited: describe(client)
        }
    }

    private func describe(_ client: LabClient) -> JSON {
        let uris =
            behaviour.registration.echoesOtherRedirect ? ["https://other.lab.invalid/callback"] : client.redirectURIs
        var members: [JSON.Member] = [
            .init("client_id", .string(client.id)),
            .init("client_id_issued_at", .integer(Int(clock.wallTime.seconds))),
            .init("client_name", .string(client.name)),
            .init("redirect_uris", .array(uris.map { .string($0) })),
            .init("grant_types", .array(client.grantTypes.map { .string($0) })),
            .init("response_types", ["code"]),
            .init("token_endpoint_auth_method", .string(client.method.rawValue)),
        ]
        if let secret = client.secret {
            members.append(.init("client_secret", .string(secret)))
            if !behaviour.registration.omitsSecretExpiry { members.append(.init("client_secret_expires_at", 0)) }
        }
        if behaviour.registration.omitsRedirects { members.removeAll { $0.name == "redirect_uris" } }
        if let token = client.managementToken {
            let base = sites.origin(of: behaviour.discovery.authorizationServer) + behaviour.discovery.issuerPath
            members.append(.init("registration_access_token", .string(token)))
            members.append(.init("registration_client_uri", .string("\(base)/register/\(client.id)")))
        }
        return .object(members)
    }

    private func malformed(_ client: LabClient) -> JSON {
        [
            "client_id": .string(client.id), "client_secret": nil, "redirect_uris": nil, "grant_types": nil,
            "contacts": nil, "token_endpoint_auth_method": .string(client.method.rawValue),
        ]
    }
}
