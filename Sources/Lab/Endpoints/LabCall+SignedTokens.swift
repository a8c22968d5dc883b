import Crypto
import WatchCore

/// Access tokens that are JWTs. The signature is made up: the lab looks its tokens up, whatever they look like.
extension LabCall {
    /// The tokens with an access token of the kind that the server issues.
    ///
    /// Source: RFC 9068 §2.
    func signed(_ tokens: IssuedTokens) -> IssuedTokens {
        guard case .signed(let flaw) = behaviour.token.format else { return tokens }
        var tokens = tokens
        let opaque = tokens.access
        tokens.access = jwt(flaw, scopes: tokens.scopes)
        let signed = tokens.access
        store.withLock { $0.rename(accessToken: opaque, to: signed) }
        return tokens
    }

    private func jwt(_ flaw: TokenBehaviour.Format.Flaw?, scopes: [String]) -> String {
        let time = Int(clock.wallTime.seconds)
        let header: JSON = ["alg": "ES256", "typ": "at+jwt", "kid": flaw == .key ? "rotated-away" : "lab"]
        let claims: JSON = [
            "iss": .string(flaw == .issuer ? "https://other.lab.invalid" : issuer),
            "aud": .string(flaw == .audience ? "https://other.lab.invalid/mcp" : resource(path: "/")),
            "iat": .integer(time), "scope": .string(scopes.joined(separator: " ")),
            "exp": .integer(time + configuration.expiresIn / (flaw == .expiry ? 10 : 1)),
            "jti": .string(LabState.random("jti")),
        ]
        let parts = [header.bytes(), claims.bytes(), SecureRandom.bytes(64)].map { Base64URL.encode($0) }
        return parts.joined(separator: ".")
    }

    /// The keys of the signed tokens.
    ///
    /// Source: RFC 7517 §5.
    func keys() -> LabResponse {
        let coordinate = Base64URL.encode([UInt8](repeating: 7, count: 32))
        return .json([
            "keys": [
                [
                    "kty": "EC", "crv": "P-256", "use": "sig", "kid": "lab", "x": .string(coordinate),
                    "y": .string(coordinate),
                ]
            ]
        ])
    }
}

extension LabState {
    /// Lets a token go by another name.
    mutating func rename(accessToken old: String, to new: String) {
        accessTokens[new] = accessTokens.removeValue(forKey: old)
        for (name, token) in refreshTokens where token.accessToken == old { refreshTokens[name]?.accessToken = new }
    }
}
