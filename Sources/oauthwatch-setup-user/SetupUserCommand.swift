import ArgumentParser
import SetupUser

/// Makes a user for the flow.
struct SetupUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup-user",
        abstract: "Make a test user: through the server's form, else in its database; then log in as it.",
        discussion: """
            The form is fetched from /register_user. When that does not work and PANTRY_DATABASE_URL is set \
            (postgresql://…, sqlite:////path), the user is written into the table users.

            Exit status: 0 the user is there and logs in, as far as that could be tried; 1 not, or existed before; \
            4 could not be found out; 64 usage, 73 the password file cannot be written, 78 configuration.
            """)

    @Option(help: "The server (OAUTH_SERVER_URL; default http://localhost:8000).")
    var serverUrl: String?
    @Option(help: "The user's name.")
    var username = "testuser"
    @Option(help: "The user's e-mail address.")
    var email = "test@example.com"
    @Option(help: "The password (default testpass). Prefer --password-file.")
    var password: String?
    @Option(help: "A file that holds the password; - is standard input.")
    var passwordFile: String?
    @Option(
        help: ArgumentHelp(
            "Make up a strong password and write it to a new file; NAME.cred is encrypted for systemd.",
            valueName: "file"))
    var generatePassword: String?
    @Flag(help: "Do not try the form: write into the database.")
    var databaseDirect = false
    @Flag(help: "Only log in, as far as the authorization code; make nothing.")
    var checkOnly = false
    @Flag(help: "Give an existing user this password, in the database.")
    var updatePassword = false
    @Option(help: "An origin besides the server's own that may receive credentials; repeatable.")
    var allowOrigin: [String] = []
    @Option(help: "CA certificates in PEM form, instead of the system's.")
    var caFile: String?
    @Option(help: "Seconds for one request, and to reach the database (default 30).")
    var timeout: Double?

    func validate() throws {
        if [password, passwordFile, generatePassword].compactMap({ $0 }).count > 1 {
            throw ValidationError("Give one of --password, --password-file and --generate-password.")
        }
        if checkOnly, databaseDirect || updatePassword || generatePassword != nil {
            throw ValidationError("--check-only changes nothing; leave out what makes or changes a user.")
        }
        if username.isEmpty || email.isEmpty || password?.isEmpty == true {
            throw ValidationError("--username, --email and --password may not be empty.")
        }
        if let timeout, !(timeout > 0 && timeout <= 3600) {
            throw ValidationError("--timeout takes seconds, above 0 and up to 3600.")
        }
    }

    func run() async throws {
        var options = SetupOptions()
        (options.serverURL, options.username, options.email) = (serverUrl, username, email)
        (options.password, options.passwordFile, options.generatePassword) = (password, passwordFile, generatePassword)
        (options.isDatabaseDirect, options.isCheckOnly) = (databaseDirect, checkOnly)
        (options.updatesPassword, options.allowOrigins) = (updatePassword, allowOrigin)
        (options.caFile, options.timeout) = (caFile, timeout)
        throw ExitCode(await UserSetup(options).run())
    }
}
