import WatchCore

/// What a user allowed a client.
struct Grant: Sendable, Hashable {
    var clientID: String
    var user: String
    var scopes: [String]
    /// All codes and tokens that come of one authorization; they end together when a code or token is used twice.
    var family: String
}

/// What the client asked for at the authorization endpoint.
///
/// Source: OAuth 2.1 §4.1.1.
struct AuthorizationRequest: Sendable, Hashable {
    var clientID: String
    var redirectURI: String
    var state: String?
    var challenge: String
    var scopes: [String]
    /// Whether a token is wanted in the redirect instead of a code.
    var isImplicit = false
}

/// A login between its first page and the redirect.
struct PendingLogin: Sendable, Hashable {
    var request: AuthorizationRequest
    /// The pages that are still to come; the first is the one that is shown.
    var stages: [LoginStage]
    /// In a hidden field of the page that is shown.
    var formToken: String
    var user: String?
}

/// An authorization code.
struct AuthorizationCode: Sendable, Hashable {
    var grant: Grant
    var redirectURI: String
    var challenge: String
    var expiresAt: Instant
    var isRedeemed = false
}

/// An access token.
struct AccessToken: Sendable, Hashable {
    var grant: Grant
    var issuedAt: Instant
    var expiresAt: Instant
}

/// A refresh token; once rotated it is kept, so that its second use is noticed.
struct RefreshToken: Sendable, Hashable {
    var grant: Grant
    /// The access token that was issued with it.
    var accessToken: String
    /// nil: it does not expire.
    var expiresAt: Instant?
    /// When another took its place; nil: never.
    var rotatedAt: Instant?
}
