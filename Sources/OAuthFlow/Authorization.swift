import WatchCore

/// One authorization under way: what was asked, and what must come back.
struct Authorization {
    var server: DiscoveredServer
    var client: RegisteredClient
    var scope: String?
    var state: String
    var pkce: PKCE

    /// The authorization request.
    ///
    /// Source: RFC 6749 §4.1.1; RFC 7636 §4.3; RFC 8707 §2.
    func url(redirectURI: WebURL) -> WebURL {
        var pairs = [
            FormPair("response_type", "code"), FormPair("client_id", client.clientID),
            FormPair("redirect_uri", redirectURI.description), FormPair("code_challenge", pkce.challenge),
            FormPair("code_challenge_method", "S256"), FormPair("state", state),
        ]
        if let scope { pairs.append(FormPair("scope", scope)) }
        if let resource = server.resource { pairs.append(FormPair("resource", resource)) }
        return server.metadata.authorizationEndpoint.addingQuery(pairs)
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
