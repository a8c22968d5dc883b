import OAuthFlow
import WatchCore

/// Guards of the authorization endpoint.
extension Guard {
    static let authorize: [Guard] = [
        Guard(.authorizeUnknownClient, "an unknown client_id gets a code") { scene throws(Unscored) in
            let id = scene.madeUp()
            return try await scene.authorize { $0.set("client_id", id) }
        },
        Guard(.authorizeUnregisteredRedirect, "the code is sent to a redirect URI that is not registered") {
            scene throws(Unscored) in
            try await scene.authorize(to: ForeignRedirect.elsewhere)
        },
        Guard(.authorizeRedirectPrefix, "the code is sent to a URI that only resembles the registered one") {
            scene throws(Unscored) in
            try await scene.authorizeWithVariants()
        },
        Guard(.authorizeNoPkce, "a request without PKCE gets a code", codes: ["invalid_request"]) {
            scene throws(Unscored) in
            try await scene.authorize { $0.remove("code_challenge", "code_challenge_method") }
        },
        Guard(.authorizePlainPkce, "code_challenge_method `plain` gets a code", codes: ["invalid_request"]) {
            scene throws(Unscored) in
            try await scene.authorize { $0.set("code_challenge_method", "plain") }
        },
        Guard(
            .authorizeImplicit, "the implicit grant gives out a token",
            codes: ["unsupported_response_type", "unauthorized_client", "invalid_request"]
        ) { scene throws(Unscored) in
            try await scene.authorize(proof: .token) { $0.set("response_type", "token") }
        },
    ]
}

/// Redirect URIs that are not the registered one.
enum ForeignRedirect {
    /// A host that does not exist: nothing is ever sent there.
    ///
    /// Source: RFC 6761 §6.4.
    static let elsewhere = WebURL(scheme: "https", host: "oauthwatch.invalid", path: "/callback")

    /// The registered URI with a longer path, with a query, and with user information.
    static func variants(of registered: WebURL) -> [WebURL] {
        var (longer, query, user) = (registered, registered, registered)
        longer.path = registered.path.hasSuffix("/") ? "\(registered.path)oauthwatch" : "\(registered.path)/oauthwatch"
        query.query = [registered.query, "oauthwatch=1"].compactMap { $0 }.joined(separator: "&")
        user.userinfo = "oauthwatch"
        return [longer, query, user]
    }
}

extension GuardScene {
    /// Tries each variant of the registered redirect URI: the first that is not refused decides.
    fileprivate func authorizeWithVariants() async throws(Unscored) -> Attempt {
        var last = Attempt.unclear("no variant was tried")
        var variants = ForeignRedirect.variants(of: target.redirectURI)
        if walksThroughLogins, sacrifice.loginsLeft < 2 * variants.count {
            // Each takes a login: one a day, in turn.
            let day = Int(run.now.seconds / 86_400)
            variants = [variants[day % variants.count]]
        }
        for variant in variants {
            let attempt = try await authorize(to: variant)
            guard case .refused = attempt else { return attempt }
            last = attempt
        }
        return last
    }
}
