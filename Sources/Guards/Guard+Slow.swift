import JSONReader
import OAuthFlow
import WatchCore

/// Guards that look like attacks or leave something behind.
extension Guard {
    static let slow: [Guard] = [
        Guard(.authorizeWrongPassword, "a wrong password gets a code") { scene throws(Unscored) in
            let settings = scene.settings
            let user = settings.decoy ?? settings.username ?? scene.target.username
            return try await scene.logInWrongly(as: user)
        },
        Guard(.authorizeUnknownUser, "a user who does not exist gets a code") { scene throws(Unscored) in
            try await scene.logInWrongly(as: "oauthwatch-\(scene.madeUp().prefix(12).lowercased())")
        },
        Guard(.tokenWrongSecret, "a wrong client_secret is taken", codes: ["invalid_client"]) {
            scene throws(Unscored) in
            try await scene.refreshWithWrongSecret()
        },
        Guard(.tokenPasswordGrant, "the token endpoint tries passwords (`grant_type=password`)") {
            scene throws(Unscored) in
            try await scene.usePasswordGrant()
        },
        Guard(.registerBadRedirect, "any redirect URI can be registered") { scene throws(Unscored) in
            try await scene.registerBadRedirects()
        },
    ]
}

extension GuardScene {
    /// Logs in with a made-up password, in a browser that does not know the user.
    fileprivate func logInWrongly(as user: String) async throws(Unscored) -> Attempt {
        guard target.password != nil else { return .notApplicable("the login asks for no password") }
        let client = try await authorizationClientForLogin()
        let pairs = authorization(client).pairs(redirectURI: target.redirectURI)
        let end = try await sacrifice.walk(
            server.authorizationEndpoint.addingQuery(pairs), in: self, jar: CookieJar(),
            account: (user, Secret(madeUp())))
        guard sacrifice.lastSubmittedPassword else {
            if case .arrived = end { return .notApplicable("the login asks for no password") }
            // A user name that is refused on a page of its own gets no further.
            if case .rejected(let response) = end { return .refused(Refusal(status: response.status)) }
            return .unclear("no page asked for the password")
        }
        return judge(end, nil)
    }

    private func authorizationClientForLogin() async throws(Unscored) -> RegisteredClient {
        try await sacrifice.client(.first, in: self)
    }

    /// Refreshes a confidential client's session with a wrong secret, then with the right one: only then has the
    /// refusal been about the secret.
    fileprivate func refreshWithWrongSecret() async throws(Unscored) -> Attempt {
        let client = try await sacrifice.client(.second, in: self)
        guard client.clientSecret != nil, client.authenticationMethod != "none" else {
            return .notApplicable("the server registers public clients only")
        }
        let code = try await sacrifice.code(for: .second, in: self)
        let (attempt, chain) = try await tokens(redemption(code), for: client)
        guard let chain else { throw Unscored("a confidential client gets no tokens: \(attempt)") }
        guard let token = chain.refreshToken else { return .notApplicable("no refresh token is issued") }
        var wrong = client
        wrong.clientSecret = Secret(madeUp())
        return try await tokens(refresh(token, as: wrong), for: client).attempt
    }

    /// A made-up user gets no token even where the grant is on. That it may be on shows in an answer that speaks of the
    /// user, where a grant that does not exist is refused as such; that it is on, where it is advertised or the answer
    /// to the right password is another.
    fileprivate func usePasswordGrant() async throws(Unscored) -> Attempt {
        guard let client = flow.client else { throw Unscored("there is no client yet") }
        let user = [FormPair("username", "oauthwatch-nobody"), FormPair("password", madeUp())]
        func grant(_ name: String) -> HTTPRequest {
            client.request(.guarding, server.tokenEndpoint, [FormPair("grant_type", name)] + user)
        }
        let attempt = try await tokens(grant("password"), for: client).attempt
        guard case .refused(let refusal) = attempt, refusal.code == "invalid_grant" else { return attempt }
        let unknown = try await tokens(grant("urn:oauthwatch:no-such-grant"), for: client).attempt
        guard case .refused(let other) = unknown, other.code == "unsupported_grant_type" else { return attempt }
        let seen = "`password` is answered with invalid_grant, a grant that does not exist with \(other.code ?? "")"
        if server.grantTypes?.contains("password") ?? false { return .accepted(seen) }
        guard let password = target.password else { return .unclear("\(seen), but it is not advertised") }
        // Some libraries say invalid_grant although they look at no password.
        let right = [FormPair("username", target.username), FormPair("password", password.reveal())]
        let request = client.request(.guarding, server.tokenEndpoint, [FormPair("grant_type", "password")] + right)
        let known = try await tokens(request, for: client).attempt
        guard case .refused(let answer) = known else { return known }
        guard answer.code != "invalid_grant" else { return attempt }
        return .accepted("\(seen), and the right password with \(answer.code ?? "HTTP \(answer.status)")")
    }

    /// A redirect URI that runs a script, then one with a fragment.
    fileprivate func registerBadRedirects() async throws(Unscored) -> Attempt {
        guard server.registrationEndpoint != nil else { return .notApplicable("nothing can be registered") }
        var last = Attempt.unclear("nothing was registered")
        for uri in ["javascript:alert(1)", "\(target.redirectURI)#fragment"] {
            let response = try await register { members in
                members.set("redirect_uris", [.string(uri)])
                members.set("client_name", .string("\(target.clientName) (oauthwatch guard)"))
            }
            if let client = client(in: response) {
                await run.delete(client)
                let echoed = response.json?["redirect_uris"]?.strings
                guard echoed?.contains(uri) ?? true else {
                    last = .refused(Refusal(status: response.status))
                    continue
                }
                return .accepted("\(uri) was registered: \(run.summary(response))")
            }
            last = refusal(response) ?? .unclear("neither a refusal nor a client: \(run.summary(response))")
            guard case .refused = last else { return last }
        }
        return last
    }
}
