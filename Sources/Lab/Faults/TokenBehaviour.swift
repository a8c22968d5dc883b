import WatchCore

/// What the token endpoint does.
struct TokenBehaviour: Sendable, Hashable {
    /// How the lifetime is written.
    enum Lifetime: Sendable, Hashable { case number, string, zero, missing }
    /// What access tokens look like.
    enum Format: Sendable, Hashable {
        case opaque
        /// Signed tokens; what is wrong with them, if anything.
        case signed(Flaw?)

        /// What a signed token says wrongly.
        enum Flaw: Sendable, Hashable { case audience, issuer, expiry, key }
    }
    /// How an error is written.
    enum ErrorStyle: Sendable, Hashable { case standard, insideOK, framework }

    var lifetime = Lifetime.number
    var errors = ErrorStyle.standard
    var format = Format.opaque
    /// The code of a refusal; nil: the right one.
    var refusalCode: String?
    /// Whether the scope is an array.
    var scopeIsArray = false
    /// How long a rotated refresh token is still taken.
    var grace: Duration = .zero
    /// Whether each refresh is taken for two at once, which end the session.
    var refreshesRace = false
    /// Access tokens that are issued later than this after the start are signed with a key that the resource server does
    /// not have; nil: none.
    var keyChangesAfter: Duration?
    /// What can be forgotten.
    enum Kind: Sendable, Hashable { case access, refresh }

    /// Whether no client can prove who it is.
    var refusesEveryClient = false
    /// Whether access tokens are signed JWTs.
    var areJWTs = false
    var refusesEveryCode = false
    var type = "Bearer"
    var mayBeCached = false
    /// Whether the login grants only the first of the scopes.
    var narrowsScope = false
    /// Whether the answer to a code lacks the access token.
    var omitsAccessToken = false
    var issuesRefreshToken = true
    /// Whether refresh tokens are for those who asked for `offline_access` and consented.
    var refreshNeedsOfflineAccess = false
    /// Whether a refresh gives a new refresh token and ends the old one.
    var rotates = true
    var refusesEveryRefresh = false
    /// Whether the answer to a refresh lacks the access token.
    var omitsRefreshedToken = false
    var refreshedTokensAreDead = false
    /// Whether a refresh ends the refresh token and gives no other.
    var dropsRefreshToken = false
    /// Whether a refresh grants only the first of the scopes.
    var refreshNarrowsScope = false
    var keepsAccessToken = false
    var refreshEndsOlderTokens = false
    /// The access token lives for the promised time divided by this.
    var lifetimeDivisor = 1
    /// How long a refresh token is promised to live; nil: nothing is promised, and it lives for ever.
    var refreshLifetime: Duration?
    /// The refresh token lives for the promised time divided by this.
    var refreshLifetimeDivisor = 1
    /// Whether a login ends every earlier session of the user.
    var keepsOneSession = false
    /// What a restart forgets.
    var forgets: Set<Kind> = []
    /// Whether a restart forgets which access tokens were ended before their time.
    var forgetsEndings = false
}

extension TokenBehaviour {
    /// How long refresh tokens really live; nil: for ever.
    var realRefreshLifetime: Duration? { refreshLifetime.map { $0 / refreshLifetimeDivisor } }
}
