import JSONReader
import WatchCore

/// Check `token.jwt`: what an access token says of itself.
extension FlowRun {
    /// How far `exp` may be from what `expires_in` promises, in seconds.
    private static let tolerance: Double = 60

    /// Compares the claims of an access token with what the authorization server said; a token that is no JWT
    /// has none to be wrong.
    ///
    /// Source: RFC 9068 §2.2, §4.
    func scoreSignedToken(_ answer: TokenAnswer, _ authorization: Authorization) {
        guard let token = SignedToken(answer.accessToken) else { return pass(.tokenJwt) }
        check(
            .tokenJwt, token.algorithm.lowercased() != "none", "the access token is a JWT without a signature",
            evidence: "alg: none")
        judgeIssuer(of: token, authorization.server.metadata)
        judgeAudience(of: token, authorization.server.resource)
        judgeExpiry(of: token, answer)
    }

    private func judgeIssuer(of token: SignedToken, _ server: AuthorizationServer) {
        guard let issuer = token.issuer else { return }
        let names = [server.issuer, server.askedIssuer].map(WellKnown.withoutTrailingSlash)
        check(
            .tokenJwt, names.contains(WellKnown.withoutTrailingSlash(issuer)),
            "`iss` of the access token is not the issuer", evidence: "iss: \(issuer); issuer: \(server.issuer)")
    }

    private func judgeAudience(of token: SignedToken, _ resource: String?) {
        guard let audience = token.audience, let resource else { return }
        let names = audience.map { WebURL($0) }
        let isOurs =
            audience.contains(resource)
            || names.contains { $0.map { ResourceMatch($0, target.server) != .other } ?? false }
        check(
            .tokenJwt, isOurs, "`aud` of the access token is not the resource that it was asked for",
            evidence: "aud: \(audience.joined(separator: " ")); resource: \(resource)")
    }

    /// By the server's own clock, so that it does not matter how far that is from ours.
    private func judgeExpiry(of token: SignedToken, _ answer: TokenAnswer) {
        guard let expiry = token.expiry else {
            check(.tokenJwt, false, "the access token is a JWT without `exp`")
            return
        }
        guard let promised = answer.lifetime, promised > 0 else { return }
        let theirNow = token.issuedAt ?? now.seconds + (record.facts.clockSkew ?? 0)
        check(
            .tokenJwt, abs(expiry - theirNow - Double(promised)) <= Self.tolerance,
            "`exp` of the access token does not fit `expires_in`",
            evidence: "lives for \(Int((expiry - theirNow).rounded())) s by its claims; expires_in: \(promised)")
    }

    /// Whether the key that signed the token is among the published ones.
    ///
    /// Source: RFC 7517 §5; RFC 8414 §2, `jwks_uri`.
    func probeKeys(_ token: Secret, of server: AuthorizationServer) async {
        guard let token = SignedToken(token), token.hasPublicKey, let place = server.keysURI else { return }
        let request = HTTPRequest(.token, "GET", place, fields: ["Accept": "application/json"])
        guard let response = try? await send(request), response.status != 429 else {
            return
        }
        guard response.status == 200, let keys = response.json?["keys"]?.array else {
            check(
                .tokenJwt, false, "`jwks_uri` does not answer with keys", evidence: "\(place); \(summary(response))")
            return
        }
        let ids = keys.compactMap { $0["kid"]?.string }
        check(
            .tokenJwt, token.keyID.map(ids.contains) ?? !keys.isEmpty,
            "the key that signed the access token is not in the JWKS",
            evidence: "kid: \(token.keyID ?? "none"); published: \(ids.joined(separator: ", "))")
    }
}
