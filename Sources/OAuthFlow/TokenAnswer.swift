import JSONReader
import WatchCore

/// A token endpoint's successful answer.
///
/// Source: RFC 6749 §5.1.
struct TokenAnswer {
    var accessToken: Secret
    var refreshToken: Secret?
    var tokenType: String?
    var expiresIn: JSON?
    var scope: String?
    var idToken: Secret?

    init?(_ json: JSON) {
        guard let token = json["access_token"]?.string, !token.isEmpty else { return nil }
        accessToken = Secret(token)
        refreshToken = json["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
        tokenType = json["token_type"]?.string
        expiresIn = json["expires_in"]
        scope = json["scope"]?.string
        idToken = json["id_token"]?.string.map(Secret.init)
    }

    /// The promised lifetime in seconds, also when it is a string.
    var lifetime: Int? {
        expiresIn?.number.flatMap { Int(exactly: $0.rounded()) } ?? expiresIn?.string.flatMap(Int.init)
    }
}
