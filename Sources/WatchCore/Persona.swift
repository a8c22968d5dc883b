/// Which MCP client the monitor acts as: what it registers, where it has the code sent, how its requests look.
package struct Persona: Sendable, Hashable {
    /// What the configuration, the state and findings call it.
    package var name: String
    /// How it registers, and what it calls itself to MCP servers.
    package var clientName: String
    /// Where it has the code sent; never fetched.
    package var redirectURI: WebURL
    /// `User-Agent` of its own requests; nil: ours. Pages of the login are a browser's business and get ours always.
    package var userAgent: String?
    /// What it asks for when the target does not say; nil: the challenge's, else the resource metadata's, else none.
    package var scope: String?
    /// How it likes to prove itself at the token endpoint, the best first.
    package var authenticationMethods = ["none", "client_secret_post", "client_secret_basic"]
    /// `client_uri` of its registration.
    package var clientURI: String?
    /// Whether it takes the newest specification by the letter.
    package var isStrict = false

    /// A client of this name.
    package init(name: String, clientName: String, redirectURI: WebURL) {
        self.name = name
        self.clientName = clientName
        self.redirectURI = redirectURI
    }

    /// `web` for a redirect to a server, `native` for one to this machine.
    ///
    /// Source: OpenID Connect Registration 1.0 §2; MCP authorization 2026-07-28.
    package static func applicationType(_ redirectURI: WebURL) -> String {
        redirectURI.scheme == "https" && !redirectURI.isLoopback ? "web" : "native"
    }
}

extension Persona {
    /// The hosted client of claude.ai.
    ///
    /// Source: public reports of its requests: claude-code#5826 (registration), claude-ai-mcp#1061 (user agent).
    package static let claude: Persona = {
        var persona = Persona(
            name: "claude", clientName: "Claude",
            redirectURI: WebURL(scheme: "https", host: "claude.ai", path: "/api/mcp/auth_callback"))
        persona.userAgent = "Claude-User"
        persona.authenticationMethods = ["client_secret_post", "none", "client_secret_basic"]
        return persona
    }()

    /// The client that `oauth_sequence_tracer.py` played.
    package static let claudeDesktop: Persona = {
        var persona = Persona(
            name: "claude-desktop", clientName: "Claude Desktop", redirectURI: TargetSettings.defaultRedirectURI)
        persona.scope = "read write"
        return persona
    }()

    /// The developers' tool of the MCP project.
    package static let inspector: Persona = {
        var persona = Persona(
            name: "inspector", clientName: "MCP Inspector",
            redirectURI: WebURL(scheme: "http", host: "localhost", port: 6274, path: "/oauth/callback"))
        persona.userAgent = "node"
        persona.clientURI = "https://github.com/modelcontextprotocol/inspector"
        return persona
    }()

    /// A client that forgives nothing that the newest specification forbids.
    package static let strict: Persona = {
        var persona = Persona(
            name: "strict", clientName: "oauthwatch strict",
            redirectURI: WebURL(scheme: "http", host: "127.0.0.1", port: 33418, path: "/callback"))
        persona.isStrict = true
        return persona
    }()

    /// Those that need no description.
    package static let known = [claude, claudeDesktop, inspector, strict]

    /// The one called `name`; nil when there is none.
    package static func named(_ name: String) -> Persona? { known.first { $0.name == name } }
}

extension TargetSettings {
    /// This target with `persona` as its client.
    package func acting(as persona: Persona) -> TargetSettings {
        var target = self
        target.persona = persona
        target.clientName = persona.clientName
        target.redirectURI = persona.redirectURI
        target.scope = configuredScope ?? persona.scope
        return target
    }
}
