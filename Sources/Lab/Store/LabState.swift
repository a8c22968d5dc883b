import Crypto
import WatchCore

/// Clients, logins, codes and tokens: the rules of the server without its wire.
struct LabState: Sendable {
    /// Passwords by user name. In the clear: nobody real has an account here.
    var users: [String: String] = [:]
    var clients: [String: LabClient] = [:]
    var logins: [String: PendingLogin] = [:]
    var codes: [String: AuthorizationCode] = [:]
    var accessTokens: [String: AccessToken] = [:]
    /// Access tokens that ended before their time.
    var endedTokens: [String: AccessToken] = [:]
    var refreshTokens: [String: RefreshToken] = [:]
    var sessions: Set<String> = []
    var stats = LabStats()

    /// Counters with what is held now.
    var currentStats: LabStats {
        var stats = stats
        stats.clients = clients.count
        stats.tokens = accessTokens.count
        return stats
    }

    /// A random value of 256 bits, with a prefix that tells its kind.
    static func random(_ prefix: String) -> String { "\(prefix)_\(Base64URL.encode(SecureRandom.bytes(32)))" }

    /// Forgets what a server in memory loses when it is started again: always logins, codes and MCP sessions; clients
    /// and tokens as `behaviour` says.
    mutating func restart(_ behaviour: Behaviour) {
        stats.restarts += 1
        (logins, codes, sessions) = ([:], [:], [])
        if behaviour.registration.isForgetful { clients = [:] }
        if behaviour.token.forgets.contains(.access) { accessTokens = [:] }
        if behaviour.token.forgetsEndings { accessTokens.merge(endedTokens) { held, _ in held } }
        endedTokens = [:]
        if behaviour.token.forgets.contains(.refresh) { refreshTokens = [:] }
    }

    /// Ends everything that came of one authorization.
    mutating func revoke(family: String) {
        for (token, held) in accessTokens where held.grant.family == family { end(accessToken: token) }
        refreshTokens = refreshTokens.filter { $0.value.grant.family != family }
    }

    /// Ends every session of a user.
    mutating func endSessions(of user: String) {
        for (token, held) in accessTokens where held.grant.user == user { end(accessToken: token) }
        refreshTokens = refreshTokens.filter { $0.value.grant.user != user }
    }

    /// Ends an access token before its time.
    mutating func end(accessToken token: String) {
        endedTokens[token] = accessTokens.removeValue(forKey: token)
    }

    /// Who the bearer of `token` is.
    func grant(accessToken token: String, now: Instant) -> Grant? {
        guard let held = accessTokens[token], now < held.expiresAt else { return nil }
        return held.grant
    }
}
