import WatchCore

/// What all requests of one transport have in common.
struct TransferOptions: Sendable {
    var settings: ConnectionSettings
    /// One request, from connect to last byte.
    var timeout: Duration
    var policy: any AddressPolicy
    var userAgent: String
    /// A connection that was idle for longer is not used again; whole seconds.
    var longestIdle: Duration
}
