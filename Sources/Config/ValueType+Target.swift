import WatchCore

extension ValueType<TargetSettings> {
    /// One server to watch.
    static let target = ValueType<TargetDraft>.section(
        TargetDraft(), keys: identity + login + requests + connection + schedule,
        check: { $0.check(at: $1, &$2) }
    ).map(\.target)

    private static let identity: [ConfigurationKey<TargetDraft>] = [
        ConfigurationKey(
            "name", \.settings.name, .targetName, isRequired: true,
            "What the target is called in traces, metrics and alerts."),
        ConfigurationKey(
            "server", \.settings.server, .webURL, isRequired: true, "The MCP endpoint; with `api`, the issuer."),
        ConfigurationKey(
            "mcpPath", \.mcpPath, .urlPath, default: "the server URL's", "The path of the MCP endpoint on the server."),
        ConfigurationKey(
            "api", \.settings.api, .api,
            "For a server that is no MCP server: a GET that must answer 401 without and 200 with the token."),
        ConfigurationKey(
            "revision", \.settings.revision,
            .choice([
                "2025-03-26": .march2025, "2025-06-18": .june2025, "2025-11-25": .november2025, "2026-07-28": .july2026,
            ]),
            default: "found out", "The revision of MCP to speak, as a client of that day."),
        ConfigurationKey(
            "tool", \.settings.tool, .tool, "A harmless tool to call, where only `tools/call` is protected."),
    ]

    private static let login: [ConfigurationKey<TargetDraft>] = [
        ConfigurationKey("username", \.settings.username, .text, "The test user; none where the login asks for none."),
        ConfigurationKey("passwordFile", \.filePassword, .secretFile, "The test user's password."),
        ConfigurationKey("password", \.inlinePassword, .inlineSecret, "The password itself; `passwordFile` is better."),
        ConfigurationKey(
            "session", \.session, .session, default: "the target's own user",
            "Another account for the sessions that are kept."),
        ConfigurationKey(
            "allowedOrigins", \.settings.allowedOrigins, ValueType<[Origin]>.list(of: .origin).map { Set($0) },
            default: "none", "Origins besides the server's own that may receive passwords, codes and tokens."),
        ConfigurationKey(
            "fields", \.settings.loginFields, .texts, default: "none",
            "What to write into which field of the login form; `{username}` and `{password}` stand for the target's."),
        ConfigurationKey(
            "submit", \.settings.loginSubmit, .text, "Name, value, label or id of the button to press there."),
        ConfigurationKey(
            "form", \.settings.loginForm, .textOrPlace,
            "Id, name, action or number of the login form among several."),
    ]

    private static let requests: [ConfigurationKey<TargetDraft>] = [
        ConfigurationKey(
            "clientName", \.clientName, .text, default: "Claude Desktop",
            "The name to register the client with."),
        ConfigurationKey(
            "redirectURI", \.redirectURI, .url, default: "http://localhost:3000/callback",
            "Where the code is sent; never fetched."),
        ConfigurationKey(
            "client", \.client, .client, "A client of your own; by default one is registered."),
        ConfigurationKey(
            "personas", \.settings.personas, .personas, default: "one client by clientName and redirectURI",
            "The clients to act as: the first logs in, the others are compared with it."),
        ConfigurationKey(
            "scope", \.settings.configuredScope, .scope,
            default: "the challenge's, else the resource metadata's, else none",
            "The scopes to ask for."),
        ConfigurationKey(
            "refresh", \.settings.requiresRefresh, .choice(["required": true, "optional": false]), default: "optional",
            "Whether a missing refresh token is a failure."),
        ConfigurationKey(
            "baseline", \.settings.warnsOfChanges, .choice(["warning": true, "info": false]), default: "info",
            "How much a change of what the server presents weighs; `oauthwatch accept` takes the new state."),
    ]

    private static let connection: [ConfigurationKey<TargetDraft>] = [
        ConfigurationKey(
            "caFile", \.settings.connection.caFile, .readablePath, default: "the system's",
            "CA certificates in PEM form to trust instead of the system's."),
        ConfigurationKey(
            "proxy", \.settings.connection.proxy, .proxy, default: "none; the environment's is ignored",
            "The proxy to use."),
        ConfigurationKey(
            "headersFile", \.settings.connection.headers, .headersFile, default: "none",
            "Extra header fields for requests to the server's own origin."),
        ConfigurationKey(
            "ipVersion", \.settings.connection.ipVersion, .choice(["any": .any, "4": .v4, "6": .v6]), default: "any",
            "The IP version to use."),
        ConfigurationKey(
            "resolve", \.settings.connection.resolve, .list(of: .resolveEntry), default: "none",
            "Addresses that stand for the resolver's."),
        ConfigurationKey(
            "allowNetworks", \.settings.connection.allowNetworks, .list(of: .network), default: "none",
            "Loopback, private and link-local addresses that may be connected to though the server's own is public."),
    ]

    private static let schedule: [ConfigurationKey<TargetDraft>] = [
        ConfigurationKey("interval", \.settings.interval, .interval, default: "15m", "Time between whole logins."),
        ConfigurationKey(
            "sessionInterval", \.settings.sessionInterval, .interval, default: "5m",
            "Time between uses of the kept session."),
        ConfigurationKey(
            "timeout", \.settings.timeout, .duration(atMost: (.seconds(600), "10m")), default: "30s",
            "Time for one request, connect to last byte; a whole flow has three times that."),
        ConfigurationKey(
            "budgets", \.settings.budgets, .budgets, default: "see below", "What the target may cost its server."),
        ConfigurationKey(
            "guards", \.settings.guards, .guards, default: "see below",
            "Deliberate wrong requests that must be refused: which, and with what account."),
    ]
}

extension ValueType<TargetSettings.Budgets> {
    /// What a target may cost its server.
    static let budgets = section(
        TargetSettings.Budgets(),
        keys: [
            ConfigurationKey(
                "registrationsPerDay", \.registrationsPerDay, .integer(0...24), default: "4",
                "Client registrations in 24 hours."),
            ConfigurationKey(
                "rejectedLoginsPerDay", \.rejectedLoginsPerDay, .integer(0...6), default: "6",
                "Password submissions in 24 hours once two in a row were rejected."),
            ConfigurationKey(
                "clientLifetime", \.clientLifetime, .duration(), default: "7d", "Age at which a client is replaced."),
        ])
}

extension ValueType<TargetSettings.Tool> {
    /// A tool and its arguments.
    static let tool = section(
        TargetSettings.Tool(name: ""),
        keys: [
            ConfigurationKey("name", \.name, .text, isRequired: true, "The tool's name."),
            ConfigurationKey("arguments", \.arguments, .jsonObject, default: "none", "Its arguments."),
        ])
}
