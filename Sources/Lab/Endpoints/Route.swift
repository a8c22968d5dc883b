import WatchCore

/// Which endpoint a path means.
enum Route: Sendable, Hashable {
    /// With the path of the MCP endpoint that it is about.
    case resourceMetadata(path: String)
    case serverMetadata
    case register
    case client(id: String)
    case authorize
    case token
    case revoke
    case introspect
    case mcp(path: String)
    case userInfo
    case keys
    case newUser

    /// Where the resource metadata is in the variety `prm-odd-url`.
    static let oddResourceMetadata = "/about/this-resource.json"

    var methods: [String] {
        switch self {
        case .resourceMetadata, .serverMetadata, .userInfo, .keys: ["GET", "HEAD"]
        case .register, .revoke, .introspect: ["POST"]
        // Which of the two is refused is for the endpoint to say.
        case .token: ["POST", "GET", "OPTIONS"]
        case .client: ["GET", "DELETE"]
        case .authorize, .newUser: ["GET", "POST"]
        case .mcp: ["POST", "GET", "DELETE", "OPTIONS"]
        }
    }
}

extension LabCall {
    /// The endpoint that is asked; nil when there is none at this path.
    var route: Route? {
        // An endpoint that was moved is what it was.
        if let old = behaviour.wire.moved.first(where: { $0.value == request.path })?.key {
            var call = self
            call.request.target = old
            call.behaviour.wire.moved = [:]
            return call.route
        }
        return metadataRoute ?? endpointRoute
            ?? (behaviour.mcp.paths.contains(request.path) ? .mcp(path: request.path) : nil)
    }

    private var metadataRoute: Route? {
        let path = request.path
        let discovery = behaviour.discovery
        let issuerPath = discovery.issuerPath
        if let suffix = path.suffix(after: "/.well-known/oauth-protected-resource") {
            return resourceRoute(suffix: suffix)
        }
        if discovery.resourcePlace == .oddURL, path == Route.oddResourceMetadata {
            return .resourceMetadata(path: behaviour.mcp.paths.contains("/") ? "" : "/mcp")
        }
        let openID = "/.well-known/openid-configuration"
        let places: [DiscoveryBehaviour.Document: Set<String>] = [
            .oauth: ["/.well-known/oauth-authorization-server\(issuerPath)"],
            .openID: ["\(openID)\(issuerPath)", "\(issuerPath)\(openID)"],
        ]
        return discovery.documents.contains { places[$0]?.contains(path) ?? false } ? .serverMetadata : nil
    }

    private func resourceRoute(suffix: String) -> Route? {
        let endpoint = suffix.isEmpty ? "/" : suffix
        switch behaviour.discovery.resourcePlace {
        case .absent, .oddURL: return nil
        case .rootOnly:
            return suffix.isEmpty ? .resourceMetadata(path: behaviour.mcp.paths.contains("/") ? "" : "/mcp") : nil
        case .wellKnown: return behaviour.mcp.paths.contains(endpoint) ? .resourceMetadata(path: suffix) : nil
        }
    }

    private var endpointRoute: Route? {
        guard let path = request.path.suffix(after: behaviour.discovery.issuerPath) else { return nil }
        switch path {
        case "/authorize": return .authorize
        case "/token": return .token
        case "/register": return .register
        case "/revoke": return .revoke
        case "/introspect": return .introspect
        case "/userinfo": return .userInfo
        case "/jwks": return behaviour.token.format == .opaque ? nil : .keys
        case "/register_user": return .newUser
        default:
            guard behaviour.registration.isManaged, let id = path.suffix(after: "/register/") else { return nil }
            return .client(id: id)
        }
    }

    /// The class of requests that this one belongs to; nil for those that no transport fault spoils.
    var endpointClass: EndpointClass? {
        if request.path.contains("/.well-known/") { return .discovery }
        switch route {
        case .resourceMetadata, .serverMetadata: return .discovery
        case .register, .client: return .registration
        case .authorize: return request.method == "POST" ? .login : .authorization
        case .token: return request.form["grant_type"] == "refresh_token" ? .refresh : .token
        case .revoke: return .revocation
        case .mcp, .userInfo: return request.bearerToken == nil ? .challenge : .mcp
        case .introspect, .newUser, .keys, nil: return nil
        }
    }
}

extension String {
    /// What follows `prefix`; nil when this does not begin with it.
    func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
