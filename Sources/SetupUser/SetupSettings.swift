import CommandIO
import Glibc
import WatchCore

/// What the options and the environment come to.
struct SetupSettings {
    /// For the login, with the server and the origins that may receive the password.
    var target: TargetSettings
    var account: Account
    /// nil: none is configured.
    var database: DatabaseAddress?
    /// Where the password was written to; nil when it was given.
    var passwordFile: GeneratedPassword?

    private static let databaseVariable = "PANTRY_DATABASE_URL"

    /// Reads files and environment; a password that is to be generated is written to its file.
    ///
    /// - Throws: `UsageError` for what cannot be used.
    init(_ options: SetupOptions) throws(UsageError) {
        database = try Self.database()
        if options.isDatabaseDirect, database == nil {
            throw UsageError(
                message: "--database-direct needs \(Self.databaseVariable): postgresql://user@host/database, or "
                    + "sqlite:////absolute/path", status: EX_CONFIG)
        }
        let text = options.serverURL ?? Environment.value("OAUTH_SERVER_URL") ?? "http://localhost:8000"
        let server = try Self.webURL(text, "--server-url")
        let origins = try options.allowOrigins.map { text throws(UsageError) in
            try Self.webURL(text, "--allow-origin").origin
        }
        let password: Secret
        (password, passwordFile) = try Self.password(options)
        account = Account(username: options.username, email: options.email, password: password)
        target = TargetSettings(
            name: "setup-user", server: server, username: options.username, password: password,
            redirectURI: TargetSettings.defaultRedirectURI)
        target.allowedOrigins = Set(origins)
        target.connection.caFile = options.caFile
        target.keepsNothing = true
        if let timeout = options.timeout { target.timeout = .nanoseconds(Int64(timeout * 1e9)) }
    }

    private static func database() throws(UsageError) -> DatabaseAddress? {
        guard let text = Environment.takeSecret(databaseVariable) else { return nil }
        do throws(DatabaseAddress.Malformed) {
            return try DatabaseAddress(text)
        } catch {
            throw UsageError(message: "\(databaseVariable): \(error.message)", status: EX_CONFIG)
        }
    }

    private static func password(_ options: SetupOptions) throws(UsageError) -> (Secret, GeneratedPassword?) {
        if let path = options.generatePassword {
            do throws(GeneratedPassword.Failure) {
                let generated = try GeneratedPassword(writtenTo: path)
                return (generated.password, generated)
            } catch {
                throw UsageError(message: "--generate-password: \(error.message)", status: EX_CANTCREAT)
            }
        }
        if let password = options.password { return (Secret(password), nil) }
        guard let file = options.passwordFile else { return (Secret("testpass"), nil) }
        do throws(PasswordFile.Failure) {
            return (try PasswordFile.read(file), nil)
        } catch {
            throw UsageError(message: "--password-file: \(error.message)", status: EX_USAGE)
        }
    }

    private static func webURL(_ text: String, _ option: String) throws(UsageError) -> WebURL {
        guard let url = WebURL(text), url.scheme == "http" || url.scheme == "https", url.userinfo == nil else {
            throw UsageError(
                message: "\(option) takes an http or https URL without user name and password", status: EX_USAGE)
        }
        return url
    }
}
