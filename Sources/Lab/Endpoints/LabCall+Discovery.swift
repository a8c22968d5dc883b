import WatchCore

extension LabCall {
    /// The issuer identifier, as the metadata and `iss` name it.
    var issuer: String {
        switch behaviour.discovery.issuer {
        case .exact: issuerURL
        case .trailingSlash: "\(issuerURL)/"
        case .other: "https://issuer.lab.invalid"
        }
    }

    /// The issuer identifier, as it should be.
    private var issuerURL: String {
        sites.origin(of: behaviour.discovery.authorizationServer) + behaviour.discovery.issuerPath
    }

    /// The URL of an MCP endpoint; the root has none of its slash.
    func resource(path: String) -> String { sites.here + (path == "/" ? "" : path) }

    /// Every name under which the server takes its MCP endpoints for itself.
    var resources: Set<String> {
        Set(behaviour.mcp.paths.map { resource(path: $0) } + [sites.here, "\(sites.here)/"])
    }

    /// The protected resource metadata.
    ///
    /// Source: RFC 9728 §2.
    func resourceMetadata(path: String) -> LabResponse {
        var members: [JSON.Member] = [
            JSON.Member("authorization_servers", behaviour.discovery.namesNoServer ? [] : [.string(issuerURL)]),
            JSON.Member("scopes_supported", .array(namedScopes.map { .string($0) })),
            JSON.Member("bearer_methods_supported", ["header"]), JSON.Member("resource_name", "oauthwatch lab"),
        ]
        if !behaviour.discovery.omitsResource {
            let own = behaviour.discovery.namesOtherResource ? "https://other.lab.invalid\(path)" : resource(path: path)
            members.insert(JSON.Member("resource", .string(own)), at: 0)
        }
        return .json(.object(members))
    }

    /// The scopes that challenge and resource metadata name.
    var namedScopes: [String] { behaviour.discovery.namesUnknownScope ? ["lab:unknown"] : Self.ordinaryScopes }

    private var publishedScopes: [String] {
        let isDropped = behaviour.discovery.dropsScopeAtRestart && store.withLock { $0.stats.restarts > 0 }
        let offline = behaviour.token.refreshNeedsOfflineAccess ? ["offline_access"] : []
        return Array(Self.scopes.dropLast(isDropped ? 1 : 0)) + offline
    }

    /// The authorization server metadata, or the OpenID configuration.
    ///
    /// Source: RFC 8414 §2; OpenID Connect Discovery 1.0 §3; RFC 9207 §3.
    func serverMetadata() -> LabResponse {
        let discovery = behaviour.discovery
        guard !discovery.hasPageForMetadata else { return page.notice("Lab", "Nothing to see.", status: 200) }
        let working = behaviour.registration.methods.map(\.rawValue)
        let methods = JSON.array((discovery.advertisedMethods ?? working).map { .string($0) })
        let endpoints: [(name: String, endpoint: Endpoint)] = [
            ("authorization_endpoint", .authorize), ("token_endpoint", .token), ("registration_endpoint", .register),
            ("revocation_endpoint", .revoke), ("introspection_endpoint", .introspect),
        ]
        var members: [JSON.Member] = [.init("issuer", .string(issuer))]
        for (name, endpoint) in endpoints where !discovery.omitted.contains(endpoint) {
            members.append(.init(name, .string(url(endpoint))))
        }
        members += [
            .init("scopes_supported", .array((discovery.listedScopes ?? publishedScopes).map { .string($0) })),
            .init("response_types_supported", ["code"]),
            .init("response_modes_supported", ["query"]),
            .init("grant_types_supported", .array(discovery.grantTypes.map { .string($0) })),
            .init("token_endpoint_auth_methods_supported", methods),
            .init("revocation_endpoint_auth_methods_supported", methods),
            .init("authorization_response_iss_parameter_supported", true),
        ]
        if let methods = discovery.pkceMethods {
            members.append(.init("code_challenge_methods_supported", .array(methods.map { .string($0) })))
        }
        if behaviour.registration.takesClientDocuments {
            members.append(.init("client_id_metadata_document_supported", true))
        }
        if discovery.documents.contains(.openID) {
            members.append(.init("userinfo_endpoint", .string("\(issuerURL)/userinfo")))
            members.append(.init("subject_types_supported", ["public"]))
        }
        if behaviour.token.format != .opaque {
            members.append(.init("jwks_uri", .string("\(issuerURL)/jwks")))
        }
        if discovery.hasUnknownMembers {
            members.append(.init("lab_policy", ["nested": [1, 2.5, nil, ["deeper": true]]]))
            members.append(.init("signed_metadata", nil))
        }
        return .json(.object(members))
    }

    private func url(_ endpoint: Endpoint) -> String {
        let place = behaviour.discovery.endpoints[endpoint] ?? behaviour.discovery.authorizationServer
        return "\(sites.origin(of: place))\(behaviour.discovery.issuerPath)/\(endpoint.rawValue)"
    }
}
