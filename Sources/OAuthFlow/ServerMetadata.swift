package import WatchCore

/// What discovery found: who issues tokens for the target, and where.
package struct DiscoveredServer: Sendable {
    /// The auth profile that the documents imply.
    package var profile: Revision
    /// The value to send as `resource`; nil in the profile without resource metadata.
    package var resource: String?
    /// Scopes that the resource metadata names.
    package var resourceScopes: [String]?
    package var metadata: AuthorizationServer
}

/// An authorization server's metadata, as far as a client uses it.
///
/// Source: RFC 8414 §2; OpenID Connect Discovery 1.0 §3; RFC 9207 §3.
package struct AuthorizationServer: Sendable {
    /// What the document calls itself.
    var issuer: String
    /// The issuer that was asked for. What is kept belongs to it: a document may call itself by another's name, and
    /// would be handed the other's client and tokens.
    package var askedIssuer: String
    package var authorizationEndpoint: WebURL
    package var tokenEndpoint: WebURL
    package var registrationEndpoint: WebURL?
    package var revocationEndpoint: WebURL?
    /// Source: RFC 7662 §2; RFC 8414 §2.
    package var introspectionEndpoint: WebURL?
    var userinfoEndpoint: WebURL?
    /// Where the keys of signed tokens are.
    var keysURI: WebURL?
    package var scopesSupported: [String]?
    package var grantTypes: [String]?
    package var authenticationMethods: [String]?
    var advertisesIss = false
    /// Whether a `client_id` may be the URL of a client's metadata document.
    var takesClientDocuments = false
    /// Whether no document was found, and the endpoints are those that the oldest revision assumes.
    var isAssumed = false
    /// Whether authorization requests must be pushed.
    ///
    /// Source: RFC 9126 §5.
    var requiresPushedRequests = false

    /// The endpoints that the oldest revision assumes when there is no document.
    ///
    /// Source: MCP authorization 2025-03-26 §2.3.3.
    init(defaultsAt server: WebURL) {
        issuer = server.origin.description
        askedIssuer = issuer
        authorizationEndpoint = server.replacingPath("/authorize")
        tokenEndpoint = server.replacingPath("/token")
        registrationEndpoint = server.replacingPath("/register")
        isAssumed = true
    }

    init(_ document: JSON, issuer: String, authorizationEndpoint: WebURL, tokenEndpoint: WebURL) {
        func url(_ name: String) -> WebURL? { document[name]?.string.flatMap { WebURL($0) } }
        self.issuer = document["issuer"]?.string ?? issuer
        askedIssuer = issuer
        self.authorizationEndpoint = authorizationEndpoint
        self.tokenEndpoint = tokenEndpoint
        registrationEndpoint = url("registration_endpoint")
        revocationEndpoint = url("revocation_endpoint")
        introspectionEndpoint = url("introspection_endpoint")
        userinfoEndpoint = url("userinfo_endpoint")
        keysURI = url("jwks_uri")
        scopesSupported = document["scopes_supported"]?.strings
        grantTypes = document["grant_types_supported"]?.strings
        authenticationMethods = document["token_endpoint_auth_methods_supported"]?.strings
        advertisesIss = document["authorization_response_iss_parameter_supported"]?.bool ?? false
        takesClientDocuments = document["client_id_metadata_document_supported"]?.bool ?? false
        requiresPushedRequests = document["require_pushed_authorization_requests"]?.bool ?? false
    }

    /// Whether refresh tokens are to be expected.
    var advertisesRefresh: Bool { grantTypes?.contains("refresh_token") ?? false }
}

/// Where metadata documents are looked for.
enum WellKnown {
    /// Resource metadata: the path inserted, then the root.
    ///
    /// Source: RFC 9728 §3.1.
    static func resourceMetadata(_ server: WebURL) -> [WebURL] {
        let name = "/.well-known/oauth-protected-resource"
        let path = withoutTrailingSlash(server.path)
        return (path.isEmpty ? [name] : [name + path, name]).map(server.replacingPath)
    }

    /// Authorization server metadata of an issuer: OAuth, then OpenID Connect, path inserted, then appended.
    ///
    /// Source: RFC 8414 §3.1, §5; MCP authorization 2025-11-25.
    static func serverMetadata(_ issuer: WebURL) -> [WebURL] {
        let path = withoutTrailingSlash(issuer.path)
        let oauth = "/.well-known/oauth-authorization-server"
        let openID = "/.well-known/openid-configuration"
        let paths = path.isEmpty ? [oauth, openID] : [oauth + path, openID + path, path + openID]
        return paths.map(issuer.replacingPath)
    }

    static func withoutTrailingSlash(_ path: String) -> String {
        path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
