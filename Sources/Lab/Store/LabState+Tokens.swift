import Crypto
import WatchCore

/// Tokens as the token endpoint gives them out.
struct IssuedTokens: Sendable, Hashable {
    var access: String
    var refresh: String?
    var scopes: [String]
}

extension LabState {
    /// How long a code may wait, as OAuth 2.1 §4.1.2 wants it: ten minutes at most.
    static let codeLifetime: Duration = .seconds(60)

    /// Gives a code for what the user allowed.
    mutating func issueCode(for request: AuthorizationRequest, user: String, now: Instant) -> String {
        let code = Self.random("code")
        let grant = Grant(
            clientID: request.clientID, user: user, scopes: request.scopes, family: Self.random("family"))
        codes[code] = AuthorizationCode(
            grant: grant, redirectURI: request.redirectURI, challenge: request.challenge,
            expiresAt: now + Self.codeLifetime)
        stats.codesIssued += 1
        return code
    }

    /// Takes a code in.
    ///
    /// - Throws: `invalid_grant` when code, client, redirect URI or verifier do not fit; a second use ends the family.
    ///
    /// Source: OAuth 2.1 §4.1.3; RFC 7636 §4.6.
    mutating func redeem(
        code: String, clientID: String, redirectURI: String?, verifier: String?, weak: Set<CheckID>, now: Instant
    ) throws(OAuthError) -> Grant {
        if weak.contains(.tokenRandomCode), codes[code] == nil { return .anybody(clientID) }
        let isBound = !weak.contains(.tokenOtherClient) && clients[clientID] != nil
        guard let held = codes[code], held.grant.clientID == clientID || !isBound else {
            throw .invalidGrant("unknown code")
        }
        guard !held.isRedeemed || weak.contains(.tokenCodeReplay) else {
            stats.replays += 1
            revoke(family: held.grant.family)
            throw .invalidGrant("the code was used before")
        }
        guard now < held.expiresAt else { throw .invalidGrant("the code has expired") }
        // OAuth 2.1 dropped redirect_uri from this request; where a client sends it, it must fit.
        guard redirectURI == nil || redirectURI == held.redirectURI || weak.contains(.tokenOtherRedirect) else {
            throw .invalidGrant("redirect_uri is not the one of the authorization request")
        }
        // Without a verifier it comes this far only where that is the weakness.
        let isProven = verifier.map { Base64URL.encode(SHA256.digest(Array($0.utf8))) == held.challenge } ?? true
        guard isProven || weak.contains(.tokenWrongVerifier) else {
            throw .invalidGrant("the verifier does not fit the challenge")
        }
        codes[code]?.isRedeemed = true
        return held.grant
    }

    /// Issues an access token, and a refresh token when wanted.
    ///
    /// - Parameters:
    ///   - lifetime: how long the access token really lives.
    ///   - refreshLifetime: how long the refresh token really lives; nil: for ever.
    ///   - isJWT: whether the access token is a JWT.
    mutating func issue(
        _ grant: Grant, lifetime: Duration, withRefreshToken: Bool, refreshLifetime: Duration? = nil,
        isJWT: Bool = false, now: Instant
    ) -> IssuedTokens {
        let access = isJWT ? Self.randomJWT(lifetime: lifetime) : Self.random("at")
        accessTokens[access] = AccessToken(grant: grant, issuedAt: now, expiresAt: now + lifetime)
        stats.tokensIssued += 1
        guard withRefreshToken else { return IssuedTokens(access: access, refresh: nil, scopes: grant.scopes) }
        let refresh = Self.random("rt")
        refreshTokens[refresh] = RefreshToken(
            grant: grant, accessToken: access, expiresAt: refreshLifetime.map { now + $0 })
        return IssuedTokens(access: access, refresh: refresh, scopes: grant.scopes)
    }

    /// Gives new tokens for a refresh token.
    ///
    /// - Parameters:
    ///   - scopes: the scopes asked for; nil means all that were granted.
    ///   - lifetime: how long the new access token lives.
    ///   - weak: what is not refused.
    /// - Throws: `invalid_grant`, `invalid_scope`; a second use of a rotated token ends the family.
    ///
    /// Source: OAuth 2.1 §4.3.
    mutating func refresh(
        _ token: String, clientID: String, scopes: [String]?, behaviour: TokenBehaviour, lifetime: Duration,
        weak: Set<CheckID>, now: Instant
    ) throws(OAuthError) -> IssuedTokens {
        guard let held = refreshToken(token, clientID, weak), !behaviour.refusesEveryRefresh,
            held.grant.clientID == clientID || weak.contains(.refreshOtherClient)
        else { throw .invalidGrant("unknown refresh token") }
        guard held.expiresAt.map({ now < $0 }) ?? true else { throw .invalidGrant("the refresh token has expired") }
        if let rotated = held.rotatedAt, now < rotated + behaviour.grace {
            return issue(held.grant, lifetime: lifetime, withRefreshToken: true, now: now)
        }
        guard held.rotatedAt == nil || weak.contains(.refreshReplay) else {
            stats.replays += 1
            revoke(family: held.grant.family)
            throw .invalidGrant("the refresh token was used before")
        }
        var grant = held.grant
        if let scopes {
            guard Set(scopes).isSubset(of: grant.scopes) || weak.contains(.refreshWiderScope) else {
                throw OAuthError(code: "invalid_scope", detail: "the scope is wider than what was granted")
            }
            grant.scopes = scopes
        }
        stats.refreshes += 1
        if behaviour.keepsAccessToken { return keep(held, lifetime: lifetime, now: now) }
        if behaviour.refreshEndsOlderTokens { end(accessToken: held.accessToken) }
        if behaviour.refreshNarrowsScope { grant.scopes = Array(grant.scopes.prefix(1)) }
        let rotates = behaviour.rotates && !behaviour.dropsRefreshToken
        refreshTokens[token]?.rotatedAt = behaviour.rotates ? now : nil
        // A narrower access token does not narrow the refresh token (RFC 6749 §6).
        var issued = issue(
            grant, lifetime: behaviour.refreshedTokensAreDead ? .zero : lifetime, withRefreshToken: rotates,
            refreshLifetime: behaviour.realRefreshLifetime, isJWT: behaviour.areJWTs, now: now)
        if let next = issued.refresh { refreshTokens[next]?.grant = held.grant }
        issued.scopes = grant.scopes
        if behaviour.refreshesRace { revoke(family: held.grant.family) }
        return issued
    }

    private mutating func keep(_ held: RefreshToken, lifetime: Duration, now: Instant) -> IssuedTokens {
        accessTokens[held.accessToken] = AccessToken(grant: held.grant, issuedAt: now, expiresAt: now + lifetime)
        return IssuedTokens(access: held.accessToken, refresh: nil, scopes: held.grant.scopes)
    }

    /// Ends a token: an access token alone, a refresh token with all its family.
    ///
    /// Source: RFC 7009 §2.1.
    mutating func revoke(token: String, clientID: String) {
        if let held = refreshTokens[token], held.grant.clientID == clientID {
            revoke(family: held.grant.family)
        } else if let held = accessTokens[token], held.grant.clientID == clientID {
            end(accessToken: token)
        } else {
            return
        }
        stats.revocations += 1
    }
}
