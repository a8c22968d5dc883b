import CommandIO
import Config
import Glibc
package import Guards
import WatchCore

/// What `oauthwatch trace` was told; nil means not told.
package struct TraceOptions: Sendable {
    package var serverURL: String?
    package var username: String?
    package var password: String?
    package var passwordFile: String?
    package var saveTrace: String?
    package var quiet: Bool
    package var config: String?
    package var target: String?
    package var clientName: String?
    package var redirectURI: String?
    package var scope: String?
    package var mcpPath: String?
    package var revision: String?
    /// Names of personas, the first to log in as.
    package var personas: [String]
    package var apiURL: String?
    package var allowOrigins: [String]
    /// Seconds for one request.
    package var timeout: Double?
    package var stateDirectory: String?
    package var caFile: String?
    package var strict: Bool
    package var redacts: Bool
    package var isJSON: Bool
    /// Which deliberate wrong requests follow the flow.
    package var guards: GuardPlan.Choice

    /// What `oauthwatch trace` was told; see the command's help for each.
    package init(
        serverURL: String?, username: String?, password: String?, passwordFile: String?, saveTrace: String?,
        quiet: Bool, config: String?, target: String?, clientName: String?, redirectURI: String?, scope: String?,
        mcpPath: String?, revision: String? = nil,
        personas: [String] = [], apiURL: String?, allowOrigins: [String], timeout: Double?,
        stateDirectory: String?,
        caFile: String?, strict: Bool, redacts: Bool, isJSON: Bool,
        guards: GuardPlan.Choice = .none
    ) {
        self.serverURL = serverURL
        self.username = username
        self.password = password
        self.passwordFile = passwordFile
        self.saveTrace = saveTrace
        self.quiet = quiet
        self.config = config
        self.target = target
        self.clientName = clientName
        self.redirectURI = redirectURI
        self.scope = scope
        self.mcpPath = mcpPath
        self.revision = revision
        self.personas = personas
        self.apiURL = apiURL
        self.allowOrigins = allowOrigins
        self.timeout = timeout
        self.stateDirectory = stateDirectory
        self.caFile = caFile
        self.strict = strict
        self.redacts = redacts
        self.isJSON = isJSON
        self.guards = guards
    }
}

/// The options contradict each other or make no sense.
struct UsageError: Error {
    var message: String
    /// `sysexits.h`: 64 for the command line, 78 for a configuration file.
    var status: Int32 = EX_USAGE
    /// What the system said, an errno value; nil when it was not asked.
    var systemCode: Int32?
}

extension TraceOptions {
    /// The target that the options, the environment and the configuration file describe.
    ///
    /// - Parameter environment: gives the value of a variable; nil when it is not set.
    /// - Throws: `UsageError` for what cannot be used.
    func settings(_ environment: (String) -> String? = Environment.takeSecret) throws(UsageError) -> TargetSettings {
        var target: TargetSettings
        if let config { target = try configured(config) } else { target = try defaults(environment) }
        if !personas.isEmpty { target = try Self.acting(target, as: personas) }
        if let clientName = clientName ?? (config == nil ? environment("OAUTH_CLIENT_NAME") : nil) {
            target.clientName = clientName
        }
        if let redirectURI { target.redirectURI = try withoutFragment(redirectURI, "--redirect-uri") }
        if let scope {
            guard scope.isScope else {
                throw UsageError(message: "--scope takes scopes with single spaces between them: read write")
            }
            (target.scope, target.configuredScope) = (scope, scope)
        }
        if let revision { target.revision = try Self.revision(revision) }
        if let apiURL { target.api = apiURL == "userinfo" ? .userinfo : .url(try webURL(apiURL, "--api-url")) }
        for origin in allowOrigins { target.allowedOrigins.insert(try webURL(origin, "--allow-origin").origin) }
        if let timeout { target.timeout = .nanoseconds(Int64(timeout * 1e9)) }
        if let caFile { target.connection.caFile = try Self.readable(caFile, "--ca-file") }
        target.allowsAnnouncedOrigin = true
        target.keepsNothing = stateDirectory == nil
        target.keepsIdleSession = false
        target.triesEveryRefresh = true
        return target
    }

    /// The seed's defaults and environment.
    private func defaults(_ environment: (String) -> String?) throws(UsageError) -> TargetSettings {
        let text = serverURL ?? environment("OAUTH_SERVER_URL") ?? "http://localhost:8000"
        let server = try endpoint(try webURL(text, "--server-url"))
        return TargetSettings(
            name: Self.name(for: server), server: server,
            username: username ?? environment("OAUTH_TEST_USERNAME") ?? "testuser",
            password: try secret() ?? Secret(environment("OAUTH_TEST_PASSWORD") ?? "testpass"),
            redirectURI: try url("http://localhost:3000/callback", "--redirect-uri"))
    }

    private func configured(_ file: String) throws(UsageError) -> TargetSettings {
        let configuration: Configuration
        do throws(ConfigurationError) {
            configuration = try ConfigurationFile.load(file).0
        } catch {
            throw UsageError(message: error.description, status: EX_CONFIG)
        }
        let names = configuration.targets.map(\.name)
        guard let name = target ?? (names.count == 1 ? names.first : nil),
            var found = configuration.targets.first(where: { $0.name == name })
        else {
            throw UsageError(
                message: "name one of the targets of \(file) with --target: \(names.joined(separator: ", "))")
        }
        if let serverURL { found.server = try webURL(serverURL, "--server-url") }
        found.server = try endpoint(found.server)
        if let username { found.username = username }
        if let password = try secret() { found.password = password }
        return found
    }

    private func endpoint(_ server: WebURL) throws(UsageError) -> WebURL {
        guard let mcpPath else { return server }
        // Put together rather than resolved: `//other.example` is a path here, no other host.
        let path = mcpPath.hasPrefix("/") ? mcpPath : "/\(mcpPath)"
        guard let endpoint = WebURL("\(server.origin)\(path)") else {
            throw UsageError(message: "--mcp-path is no path: \(mcpPath)")
        }
        return endpoint
    }

    /// A name means the configuration's own description first.
    private static func acting(
        _ target: TargetSettings, as names: [String]
    ) throws(UsageError) -> TargetSettings {
        var personas: [Persona] = []
        for name in names {
            let own = target.personas.first { $0.name == name }
            guard let persona = own ?? Persona.named(name) else {
                let known = Set((target.personas + Persona.known).map(\.name)).sorted().joined(separator: ", ")
                throw UsageError(message: "--persona takes one of \(known), not \(name)")
            }
            if !personas.contains(persona) { personas.append(persona) }
        }
        var target = target
        target.personas = personas
        return target.acting(as: personas[0])
    }

    private static func revision(_ text: String) throws(UsageError) -> Revision {
        guard let revision = Revision(rawValue: text) else {
            let known = Revision.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError(message: "--revision takes one of \(known), not \(text)")
        }
        return revision
    }

    /// A file, when it can be read.
    static func readable(_ file: String, _ option: String) throws(UsageError) -> String {
        guard access(file, R_OK) == 0 else {
            throw UsageError(message: "\(option): cannot read \(file): \(String(cString: strerror(errno)))")
        }
        return file
    }

    /// The password given on the command line or in a file.
    private func secret() throws(UsageError) -> Secret? {
        if let password { return Secret(password) }
        guard let passwordFile else { return nil }
        do throws(PasswordFile.Failure) {
            return try PasswordFile.read(passwordFile)
        } catch {
            throw UsageError(message: "--password-file: \(error.message)")
        }
    }

    private func url(_ text: String, _ option: String) throws(UsageError) -> WebURL {
        guard let url = WebURL(text) else {
            throw UsageError(message: "\(option) takes a URL with scheme and host, such as https://mcp.example.com")
        }
        return url
    }

    /// Source: RFC 6749 §3.1.2.
    private func withoutFragment(_ text: String, _ option: String) throws(UsageError) -> WebURL {
        let url = try url(text, option)
        guard url.fragment == nil else { throw UsageError(message: "\(option) takes a URL without fragment (#…)") }
        return url
    }

    private func webURL(_ text: String, _ option: String) throws(UsageError) -> WebURL {
        let url = try url(text, option)
        guard url.scheme == "http" || url.scheme == "https", url.userinfo == nil else {
            throw UsageError(message: "\(option) takes an http or https URL without user name and password")
        }
        return url
    }

    /// A name for a target that has none, fit for a file name: `localhost_8000`, `mcp.example_mcp`.
    static func name(for server: WebURL) -> String {
        let text = server.description.dropFirst("\(server.scheme)://".count)
        let safe = text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) ? $0 : "_" }
        return String(String(safe).prefix(100))
    }
}
