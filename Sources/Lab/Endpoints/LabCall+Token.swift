import Crypto
import WatchCore

extension LabCall {
    /// Gives tokens for a code or a refresh token.
    ///
    /// Source: OAuth 2.1 §3.2, §4.1.3, §4.3.
    func token() -> LabResponse {
        do throws(OAuthError) {
            let form = try oauthForm()
            let client = try authenticate(form)
            switch form["grant_type"] {
            case "authorization_code":
                return describe(signed(try redeem(form, client)), omitsAccess: behaviour.token.omitsAccessToken)
            case "refresh_token":
                return describe(signed(try refresh(form, client)), omitsAccess: behaviour.token.omitsRefreshedToken)
            case "password" where isWeak(.tokenPasswordGrant): throw passwordGrant(form)
            case nil: throw OAuthError.invalidRequest("grant_type is missing")
            default: throw OAuthError(code: "unsupported_grant_type", detail: "this grant_type is not supported")
            }
        } catch {
            return refuse(error)
        }
    }

    /// Looks at the password before it looks whether the client may send one.
    private func passwordGrant(_ form: [FormPair]) -> OAuthError {
        isRight(form["password"] ?? "", of: form["username"] ?? "")
            ? OAuthError(code: "unauthorized_client", detail: "this client may not use the password grant")
            : .invalidGrant("wrong user or password")
    }

    /// Ends a token.
    ///
    /// Source: RFC 7009 §2.
    func revoke() -> LabResponse {
        do throws(OAuthError) {
            let form = try oauthForm()
            let client = try authenticate(form)
            guard let token = form["token"] else { throw OAuthError.invalidRequest("token is missing") }
            if !isWeak(.revokeIgnored) { store.withLock { $0.revoke(token: token, clientID: client.id) } }
            return .empty(200, Self.noStore)
        } catch {
            return refuse(error)
        }
    }

    func oauthForm() throws(OAuthError) -> [FormPair] {
        if request.method == "GET" { return request.query }
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            throw .invalidRequest("the body must be application/x-www-form-urlencoded")
        }
        let form = request.form
        guard !form.filter({ $0.name != "resource" }).hasDuplicates else {
            throw .invalidRequest("a parameter stands more than once")
        }
        guard form.filter({ $0.name == "resource" }).allSatisfy({ isResource($0.value) }) else {
            throw OAuthError(code: "invalid_target", detail: "resource is not this server")
        }
        return form
    }

    /// Source: RFC 6749 §2.3.1.
    func authenticate(_ form: [FormPair]) throws(OAuthError) -> LabClient {
        let basic = basicCredential()
        guard let id = basic?.id ?? form["client_id"],
            let client = store.withLock({ $0.clients[id] }) ?? unknownClient(id)
        else { throw .invalidClient("unknown client") }
        let isProven =
            switch client.method {
            case .none: basic == nil && (form["client_secret"] == nil || form["client_secret"] == client.secret)
            case .basic: basic != nil && basic?.secret == client.secret
            case .post: basic == nil && form["client_secret"] == client.secret
            }
        guard isProven || isWeak(.tokenWrongSecret), !behaviour.token.refusesEveryClient else {
            throw .invalidClient("the client did not prove who it is by \(client.method.rawValue)")
        }
        return client
    }

    private func basicCredential() -> (id: String, secret: String)? {
        guard let bytes = request.credential(of: "Basic").flatMap(Base64.decode) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (
            PercentEncoding.decode(parts[0], plusIsSpace: true), PercentEncoding.decode(parts[1], plusIsSpace: true)
        )
    }

    private var lifetime: Duration { .seconds(configuration.expiresIn) / behaviour.token.lifetimeDivisor }

    private func redeem(_ form: [FormPair], _ client: LabClient) throws(OAuthError) -> IssuedTokens {
        guard let code = form["code"] else { throw .invalidRequest("code is missing") }
        let verifier = form["code_verifier"]
        guard verifier.map({ (43...128).contains($0.utf8.count) }) ?? isWeak(.tokenNoVerifier) else {
            throw .invalidRequest("code_verifier is missing or not of 43 to 128 characters")
        }
        guard !behaviour.token.refusesEveryCode else { throw .invalidGrant("unknown code") }
        let (lifetime, now, weak) = (lifetime, now, behaviour.weaknesses)
        let wantsRefresh = behaviour.token.issuesRefreshToken && client.grantTypes.contains("refresh_token")
        return try store.withLock { (state) throws(OAuthError) in
            var grant = try state.redeem(
                code: code, clientID: client.id, redirectURI: form["redirect_uri"], verifier: verifier, weak: weak,
                now: now)
            if behaviour.token.keepsOneSession { state.endSessions(of: grant.user) }
            if behaviour.token.narrowsScope { grant.scopes = Array(grant.scopes.prefix(1)) }
            let mayRefresh = !behaviour.token.refreshNeedsOfflineAccess || grant.scopes.contains("offline_access")
            return state.issue(
                grant, lifetime: lifetime, withRefreshToken: wantsRefresh && mayRefresh,
                refreshLifetime: behaviour.token.realRefreshLifetime, isJWT: behaviour.token.areJWTs, now: now)
        }
    }

    private func refresh(_ form: [FormPair], _ client: LabClient) throws(OAuthError) -> IssuedTokens {
        guard let token = form["refresh_token"] else { throw .invalidRequest("refresh_token is missing") }
        let scopes = form["scope"].map { $0.split(separator: " ").map { String($0) } }
        let (lifetime, now, weak) = (lifetime, now, behaviour.weaknesses)
        return try store.withLock { (state) throws(OAuthError) in
            try state.refresh(
                token, clientID: client.id, scopes: scopes, behaviour: behaviour.token, lifetime: lifetime, weak: weak,
                now: now)
        }
    }

    /// Source: RFC 6749 §5.1.
    private func describe(_ tokens: IssuedTokens, omitsAccess: Bool) -> LabResponse {
        let lifetime: JSON? =
            switch behaviour.token.lifetime {
            case .missing: nil
            case .number: .integer(configuration.expiresIn)
            case .string: .string(String(configuration.expiresIn))
            case .zero: 0
            }
        var members: [JSON.Member] = omitsAccess ? [] : [.init("access_token", .string(tokens.access))]
        members += [
            .init("token_type", .string(behaviour.token.type)),
            .init(
                "scope",
                behaviour.token.scopeIsArray
                    ? .array(tokens.scopes.map { .string($0) }) : .string(tokens.scopes.joined(separator: " "))),
        ]
        if let lifetime { members.append(.init("expires_in", lifetime)) }
        if let refresh = tokens.refresh { members.append(.init("refresh_token", .string(refresh))) }
        if let lifetime = behaviour.token.refreshLifetime {
            members.append(.init("refresh_token_expires_in", .integer(Int(lifetime.components.seconds))))
        }
        return .json(.object(members), behaviour.token.mayBeCached ? [:] : Self.noStore)
    }
}
