import ArgumentParser
import Daemon
import Guards

/// `oauthwatch trace`.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Run the whole flow once, now, and tell each step.",
        discussion: """
            Exit status: 0 healthy or degraded, 1 failed, 2 insecure, 3 degraded with --strict, 4 inconclusive, \
            64 usage, 73 the trace file cannot be written, 78 configuration.
            """)

    @Option(help: "The MCP endpoint (OAUTH_SERVER_URL; default http://localhost:8000).")
    var serverUrl: String?
    @Option(help: "The test user (OAUTH_TEST_USERNAME; default testuser).")
    var username: String?
    @Option(help: "The password (OAUTH_TEST_PASSWORD; default testpass). Prefer --password-file.")
    var password: String?
    @Option(help: "A file that holds the password; - is standard input.")
    var passwordFile: String?
    @Option(help: "Where the trace goes (default oauth_trace_YYYYMMDD_HHMMSS.json here).")
    var saveTrace: String?
    @Flag(help: "Print the summary only.")
    var quiet = false
    @Option(help: "A configuration file, to take a target from.")
    var config: String?
    @Option(help: "The target of the configuration file.")
    var target: String?
    @Option(help: "Name of the registered client (OAUTH_CLIENT_NAME; default Claude Desktop).")
    var clientName: String?
    @Option(help: "Where the code is sent; never fetched (default http://localhost:3000/callback).")
    var redirectUri: String?
    @Option(help: "Scope to ask for (default: the challenge's, else the resource metadata's, else none).")
    var scope: String?
    @Option(help: "Path of the MCP endpoint at the server URL.")
    var mcpPath: String?
    @Option(
        help: "Act as this client: claude, claude-desktop, inspector, strict or one of --config; repeat to compare.")
    var persona: [String] = []
    @Option(help: "Revision of MCP to speak: 2025-03-26, 2025-06-18, 2025-11-25 or 2026-07-28 (default: found out).")
    var revision: String?
    @Option(help: "Watch an API instead of MCP: a URL, or `userinfo`; the server URL is the issuer then.")
    var apiUrl: String?
    @Option(help: "An origin besides the server's own that may receive credentials; repeatable.")
    var allowOrigin: [String] = []
    @Option(help: "Seconds for one request; the whole flow has three times that (default 30).")
    var timeout: Double?
    @Option(help: "Keep client and newest tokens here between runs, and try them.")
    var stateDir: String?
    @Option(help: "CA certificates in PEM form, instead of the system's.")
    var caFile: String?
    @Option(
        help: """
            Deliberate wrong requests that must be refused: none, safe (those that cost the server nothing) or all \
            (several logins, one with a wrong password).
            """)
    var guards: GuardPlan.Choice = .safe
    @Flag(help: "Exit 3 when degraded.")
    var strict = false
    @Flag(help: "Write tokens and codes into the trace as they are (needs --save-trace); never the password.")
    var noRedact = false
    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        if noRedact, saveTrace == nil { throw ValidationError("--no-redact needs an explicit --save-trace FILE.") }
        if password != nil, passwordFile != nil {
            throw ValidationError("Give --password or --password-file, not both.")
        }
        if target != nil, config == nil { throw ValidationError("--target needs --config FILE.") }
        if let timeout, !(timeout > 0 && timeout <= 3600) {
            throw ValidationError("--timeout takes seconds, above 0 and up to 3600.")
        }
    }

    func run() async throws {
        let options = TraceOptions(
            serverURL: serverUrl, username: username, password: password, passwordFile: passwordFile,
            saveTrace: saveTrace, quiet: quiet, config: config, target: target, clientName: clientName,
            redirectURI: redirectUri, scope: scope, mcpPath: mcpPath, revision: revision, personas: persona,
            apiURL: apiUrl,
            allowOrigins: allowOrigin,
            timeout: timeout, stateDirectory: stateDir, caFile: caFile, strict: strict, redacts: !noRedact,
            isJSON: format == .json, guards: guards)
        throw ExitCode(await OneShotTrace(options).run())
    }

    enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }
}

extension GuardPlan.Choice: ExpressibleByArgument {}
