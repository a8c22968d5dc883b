/// What `oauthwatch setup-user` was told; nil means not told.
package struct SetupOptions: Sendable {
    package var serverURL: String?
    package var username = "testuser"
    package var email = "test@example.com"
    package var password: String?
    package var passwordFile: String?
    /// A file that must not exist yet.
    package var generatePassword: String?
    package var isDatabaseDirect = false
    package var isCheckOnly = false
    package var updatesPassword = false
    package var allowOrigins: [String] = []
    package var caFile: String?
    /// Seconds for one request.
    package var timeout: Double?

    /// Nothing was told.
    package init() {}
}

/// The options, or what they name, make no sense.
struct UsageError: Error {
    var message: String
    /// As in `sysexits.h`.
    var status: Int32
}
