import JSONReader
import OAuthFlow
import WatchCore

/// Guards of the token and introspection endpoints that need no sacrificial session.
extension Guard {
    static let token: [Guard] = [
        Guard(.tokenRandomCode, "a made-up code is redeemed", codes: ["invalid_grant"]) { scene throws(Unscored) in
            let (code, client) = try scene.madeUpCode()
            return try await scene.tokens(scene.redemption(code), for: client).attempt
        },
        Guard(.refreshGarbage, "a made-up refresh token is taken", codes: ["invalid_grant"]) { scene throws(Unscored) in
            let client = try scene.madeUpCode().client
            return try await scene.tokens(scene.refresh(Secret(scene.madeUp()), as: client), for: client).attempt
        },
        Guard(.tokenUnknownClient, "an unknown client gets tokens") { scene throws(Unscored) in
            try await scene.redeemAsUnknownClient()
        },
        Guard(.introspectOpen, "anyone may ask whether a token is good") { scene throws(Unscored) in
            try await scene.introspectOpenly()
        },
    ]
}

/// Guards that redeem a code.
extension CodeGuard {
    static let all: [CodeGuard] = [
        CodeGuard(
            id: .tokenWrongVerifier, notRefused: "a code is redeemed with the wrong code_verifier",
            codes: ["invalid_grant"]
        ) { request, _, scene in request.form.set("code_verifier", scene.madeUp()) },
        CodeGuard(
            id: .tokenNoVerifier, notRefused: "a code is redeemed without a code_verifier",
            codes: ["invalid_grant", "invalid_request"]
        ) { request, _, _ in request.form.remove("code_verifier") },
        CodeGuard(
            id: .tokenOtherRedirect, notRefused: "a code is redeemed with a different redirect_uri",
            codes: ["invalid_grant", "invalid_request"]
        ) { request, _, scene in
            let other = ForeignRedirect.variants(of: scene.target.redirectURI)[0]
            request.form.set("redirect_uri", other.description)
        },
        CodeGuard(id: .tokenGet, notRefused: "the token endpoint redeems a code by GET", codes: []) { request, _, _ in
            request.url = request.url.addingQuery(request.form)
            (request.method, request.body) = ("GET", nil)
        },
        CodeGuard(
            id: .tokenOtherClient, notRefused: "a code is redeemed by another client",
            codes: ["invalid_grant", "invalid_client"]
        ) { request, code, scene throws(Unscored) in
            var code = code
            code.client = try await scene.sacrifice.client(.second, in: scene)
            request = scene.redemption(code)
        },
        CodeGuard(id: .tokenUnknownClient, notRefused: "an unknown client gets tokens", codes: ["invalid_client"]) {
            request, code, scene in
            var code = code
            code.client.clientID = scene.madeUp()
            request = scene.redemption(code)
        },
    ]
}

extension GuardScene {
    /// A code that was never issued, for the ordinary client.
    fileprivate func madeUpCode() throws(Unscored) -> (code: IssuedCode, client: RegisteredClient) {
        guard let client = flow.client else { throw Unscored("there is no client yet") }
        let code = Secret(madeUp())
        return (IssuedCode(code: code, verifier: madeUp(), client: client, resource: flow.server.resource), client)
    }

    /// Without a real code a refusal tells something about the client only when it names the client, and a made-up code
    /// of the known client is refused in another way.
    fileprivate func redeemAsUnknownClient() async throws(Unscored) -> Attempt {
        var (code, client) = try madeUpCode()
        code.client.clientID = madeUp()
        let attempt = try await tokens(redemption(code), for: client).attempt
        guard case .refused(let refusal) = attempt else { return attempt }
        if refusal.code == "invalid_client" || refusal.status == 401 { return attempt }
        (code, client) = try madeUpCode()
        let known = try await tokens(redemption(code), for: client).attempt
        return known == attempt ? .page("the refusal does not tell the client from the code") : attempt
    }

    /// Source: RFC 7662 §2.
    fileprivate func introspectOpenly() async throws(Unscored) -> Attempt {
        guard let endpoint = server.introspectionEndpoint else { return .notApplicable("there is no introspection") }
        guard run.environment.permitsSecrets(endpoint.origin) else {
            throw Unscored("\(endpoint.origin) may not receive credentials")
        }
        let body = RequestBody.form([FormPair("token", try token().reveal())])
        let response = try await send(
            HTTPRequest(
                .guarding, "POST", endpoint, fields: ["Accept": "application/json"], body: body, carriesSecret: true))
        if let refusal = refusal(response) { return refusal }
        guard let json = response.json, let isActive = json["active"]?.bool else {
            return .unclear("neither a refusal nor an introspection: \(run.summary(response))")
        }
        // `active: false` for a good token gives nothing away.
        return isActive
            ? .accepted("introspection without authentication says: \(run.summary(response))")
            : .refused(Refusal(status: response.status))
    }
}
