package import WatchCore

/// One authorization under way: what was asked, and what must come back.
package struct Authorization: Sendable {
    package var server: DiscoveredServer
    package var client: RegisteredClient
    package var scope: String?
    package var state: String
    package var pkce: PKCE

    /// One authorization under way.
    package init(server: DiscoveredServer, client: RegisteredClient, scope: String?, state: String, pkce: PKCE) {
        self.server = server
        self.client = client
        self.scope = scope
        self.state = state
        self.pkce = pkce
    }

    /// The authorization request.
    func url(redirectURI: WebURL) -> WebURL {
        server.metadata.authorizationEndpoint.addingQuery(pairs(redirectURI: redirectURI))
    }

    /// The parameters of the authorization request.
    ///
    /// Source: RFC 6749 §4.1.1; RFC 7636 §4.3; RFC 8707 §2.
    package func pairs(redirectURI: WebURL) -> [FormPair] {
        var pairs = [
            FormPair("response_type", "code"), FormPair("client_id", client.clientID),
            FormPair("redirect_uri", redirectURI.description), FormPair("code_challenge", pkce.challenge),
            FormPair("code_challenge_method", "S256"), FormPair("state", state),
        ]
        if let scope { pairs.append(FormPair("scope", scope)) }
        // OpenID Connect Core §11: without consent `offline_access` is ignored.
        if let scope, scope.split(separator: " ").contains(where: { $0 == FlowRun.offlineAccess }) {
            pairs.append(FormPair("prompt", "consent"))
        }
        if let resource = server.resource { pairs.append(FormPair("resource", resource)) }
        return pairs
    }
}

/// Why the authorization endpoint gave nothing to go on with.
enum AuthorizationRefusal: Error {
    /// The finding is made.
    case halted
    /// The login page is there, and may not be filled in.
    case loginPage
    /// An error page before anything was submitted: perhaps the client is not known any more.
    case errorPage(HTTPResponse)
}
