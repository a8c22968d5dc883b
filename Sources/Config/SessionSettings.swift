import WatchCore

/// The section `session` while it is read.
struct SessionSettings: Sendable {
    var username = ""
    var password: Secret?

    /// The account that it describes.
    var account: TargetSettings.Account { TargetSettings.Account(username: username, password: password) }
}

extension ValueType<SessionSettings> {
    /// The account of the kept sessions.
    static let session = section(
        SessionSettings(),
        keys: [
            ConfigurationKey("username", \.username, .text, isRequired: true, "The user whose sessions are kept."),
            ConfigurationKey("passwordFile", \.password, .secretFile, "That user's password."),
        ])
}
