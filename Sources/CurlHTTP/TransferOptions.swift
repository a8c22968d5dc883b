import WatchCore

/// What all requests of one transport have in common. An object, since every one of them keeps it.
final class TransferOptions: Sendable {
    let settings: ConnectionSettings
    /// One request, from connect to last byte.
    let timeout: Duration
    let policy: any AddressPolicy
    let userAgent: String
    let hasProxy: Bool
    /// A connection that was idle for longer is not used again; whole seconds.
    let longestIdle: Duration

    init(
        settings: ConnectionSettings, timeout: Duration, policy: any AddressPolicy, userAgent: String,
        longestIdle: Duration
    ) {
        self.settings = settings
        self.timeout = timeout
        self.policy = policy
        self.userAgent = userAgent
        hasProxy = settings.proxy != nil
        self.longestIdle = longestIdle
    }
}
