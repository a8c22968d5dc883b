import JSONReader
package import WatchCore

/// A token endpoint's successful answer.
///
/// Source: RFC 6749 §5.1.
package struct TokenAnswer: Sendable {
    package var accessToken: Secret
    package var refreshToken: Secret?
    var tokenType: String?
    var expiresIn: JSON?
    package var scope: String?
    /// Whether the scope was an array of names, which is not what the standard says.
    var scopeIsArray = false
    var idToken: Secret?
    /// The promised lifetime of the refresh token in seconds; nil when none is promised. No RFC has it, many servers do.
    var refreshLifetime: Int?

    /// The tokens in an answer; nil when it has no access token.
    package init?(_ json: JSON) {
        guard let token = json["access_token"]?.string, !token.isEmpty else { return nil }
        accessToken = Secret(token)
        refreshToken = json["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
        tokenType = json["token_type"]?.string
        expiresIn = json["expires_in"] == .null ? nil : json["expires_in"]
        let names = json["scope"]?.strings
        scopeIsArray = names != nil
        scope = json["scope"]?.string ?? names?.joined(separator: " ")
        idToken = json["id_token"]?.string.map(Secret.init)
        refreshLifetime = ["refresh_token_expires_in", "refresh_expires_in"].lazy.compactMap { Self.seconds(json[$0]) }
            .first { $0 > 0 }
    }

    /// The promised lifetime in seconds, also when it is a string.
    package var lifetime: Int? { Self.seconds(expiresIn) }

    private static func seconds(_ value: JSON?) -> Int? {
        value?.number.flatMap { Int(exactly: $0.rounded()) } ?? value?.string.flatMap { Int($0) }
    }
}
