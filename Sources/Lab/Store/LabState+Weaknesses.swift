import Crypto
import WatchCore

/// What the store takes for good where the server has a weakness.
extension LabState {
    /// What a refresh token stands for; with weaknesses a made-up one, or an access token, stands for something too.
    func refreshToken(_ token: String, _ clientID: String, _ weak: Set<CheckID>) -> RefreshToken? {
        if let held = refreshTokens[token] { return held }
        if weak.contains(.refreshAccessAsRefresh), let held = accessTokens[token] {
            return RefreshToken(grant: held.grant, accessToken: token)
        }
        let isMadeUp = !token.hasPrefix("at_") && !token.hasPrefix("rt_")
        guard weak.contains(.refreshGarbage), isMadeUp else { return nil }
        return RefreshToken(grant: .anybody(clientID), accessToken: "")
    }

    /// A JWT that nobody else has. What it claims is looked up and not read, so its signature is any.
    ///
    /// Source: RFC 9068 §2.
    static func randomJWT(lifetime: Duration) -> String {
        let header: JSON = ["alg": "HS256", "typ": "at+jwt"]
        let claims: JSON = [
            "jti": .string(random("jti")), "iat": 0, "exp": .integer(Int(lifetime.components.seconds)),
        ]
        let parts = [header.bytes(), claims.bytes(), SecureRandom.bytes(32)]
        return parts.map { Base64URL.encode($0) }.joined(separator: ".")
    }
}

extension Grant {
    /// What nobody has allowed.
    static func anybody(_ clientID: String) -> Grant {
        Grant(clientID: clientID, user: "anybody", scopes: LabCall.ordinaryScopes, family: "none")
    }
}
