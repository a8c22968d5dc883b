/// Everything that the configuration says about one target, checked and with its defaults filled in.
package struct TargetSettings: Sendable, Hashable {
    /// Unique among the targets; used in file names, metrics and alerts.
    package var name: String
    /// The MCP endpoint; with `api`, the issuer.
    package var server: WebURL
    package var username: String
    /// nil: the server asks for no password.
    package var password: Secret?
    package var clientName = "Claude Desktop"
    package var redirectURI: WebURL
    /// Space-separated; nil takes the challenge's, else the resource metadata's, else none.
    package var scope: String?
    /// The clients to act as; the first goes through the whole login, the others are compared with it. Empty: one client
    /// by `clientName` and `redirectURI`.
    package var personas: [Persona] = []
    /// The one that is acted as now; nil when none is named.
    package var persona: Persona?
    /// What the configuration says about the scope, whatever the persona.
    package var configuredScope: String?
    /// Where the operator publishes our client's metadata document, which then is the `client_id`; nil: nowhere.
    package var clientDocument: WebURL?
    /// Origins besides the server's own that may receive credentials.
    package var allowedOrigins: Set<Origin> = []
    /// Whether the announced authorization server may receive credentials: true only for the one-shot trace.
    package var allowsAnnouncedOrigin = false
    /// The revision of MCP to speak; nil: chosen by what the server does.
    package var revision: Revision?
    /// A harmless tool that may be called.
    package var tool: Tool?
    /// Set for a server that is no MCP server.
    package var api: API?
    /// A client that the operator registered; nil: registered by us.
    package var client: Client?
    /// What to write into the login form, by field name, where the field's own hints do not tell; `{username}` and
    /// `{password}` stand for the target's own.
    package var loginFields: [String: String] = [:]
    /// Name, value, label or id of the button to press in the login form.
    package var loginSubmit: String?
    /// Id, name or action of the login form among several, or its number from 1.
    package var loginForm: String?
    package var connection = ConnectionSettings()
    /// Time for one request, from connect to last byte. A whole flow has three times that.
    package var timeout: Duration = .seconds(30)
    /// Time between login runs.
    package var interval: Duration = .seconds(15 * 60)
    /// Time between session runs.
    package var sessionInterval: Duration = .seconds(5 * 60)
    package var budgets = Budgets()
    package var guards = GuardSettings()
    /// A missing refresh token is a failure.
    package var requiresRefresh = false
    /// A change of what the server presents is a warning; otherwise it is only told.
    package var warnsOfChanges = false
    /// The account of the kept sessions; nil: the target's own.
    package var sessionAccount: Account?
    /// Whether each login run tries the kept refresh token, however young: a one-shot run.
    package var triesEveryRefresh = false
    /// Whether a second session is kept that sleeps between uses.
    package var keepsIdleSession = true
    /// Revoke tokens and delete the client at the end: a one-shot run that keeps nothing.
    package var keepsNothing = false

    /// Where clients on the desktop wait for the code; nothing needs to listen there.
    package static let defaultRedirectURI = WebURL(scheme: "http", host: "localhost", port: 3000, path: "/callback")

    /// A tool of the MCP server, named by the operator.
    package struct Tool: Sendable, Hashable {
        package var name: String
        package var arguments: JSON

        /// A tool and the arguments to call it with.
        package init(name: String, arguments: JSON = .object([])) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// The GET that stands for the MCP messages where there are none.
    package enum API: Sendable, Hashable {
        case url(WebURL)
        /// `userinfo_endpoint` of the OIDC metadata.
        case userinfo
    }

    /// A user of the server.
    package struct Account: Sendable, Hashable {
        package var username: String
        package var password: Secret?

        /// A user of the server.
        package init(username: String, password: Secret?) {
            self.username = username
            self.password = password
        }
    }

    /// A client registered by hand.
    package struct Client: Sendable, Hashable {
        package var id: String
        /// nil: a public client.
        package var secret: Secret?
        /// How the client proves itself at the token endpoint: `none`, `client_secret_post` or `client_secret_basic`.
        package var authentication: String

        /// A client registered by hand.
        package init(id: String, secret: Secret? = nil, authentication: String = "none") {
            self.id = id
            self.secret = secret
            self.authentication = authentication
        }
    }

    /// What a target may cost its server.
    package struct Budgets: Sendable, Hashable {
        /// Client registrations in 24 hours.
        package var registrationsPerDay = 4
        /// Password submissions in 24 hours once two in a row were rejected.
        package var rejectedLoginsPerDay = 6
        /// A registered client is replaced after this time.
        package var clientLifetime: Duration = .seconds(7 * 86_400)

        /// The defaults.
        package init() {}
    }

    /// A target with every option at its default.
    ///
    /// - Parameters:
    ///   - name: unique among the targets.
    ///   - server: the MCP endpoint.
    ///   - username: the test user.
    ///   - password: the test user's password.
    ///   - redirectURI: where the authorization server sends the code; never fetched.
    package init(name: String, server: WebURL, username: String, password: Secret?, redirectURI: WebURL) {
        self.name = name
        self.server = server
        self.username = username
        self.password = password
        self.redirectURI = redirectURI
    }
}

/// How connections of one target are made.
package struct ConnectionSettings: Sendable, Hashable {
    /// A file of CA certificates in PEM form; nil: the system's.
    package var caFile: String?
    /// `http://host:port`; nil: none, whatever the environment says.
    package var proxy: WebURL?
    /// Extra header fields for requests to the configured server's origin.
    package var headers = HTTPFields()
    package var ipVersion: IPVersion = .any
    /// Asked when the target does not answer; nil: nothing is.
    package var reference: WebURL?
    /// `host:port:address` entries that stand for the resolver.
    package var resolve: [String] = []
    /// Blocks of addresses allowed besides what the configured server itself is.
    package var allowNetworks: [IPNetwork] = []

    /// Which IP versions may be used.
    package enum IPVersion: String, Sendable, Hashable, CaseIterable {
        case any, v4 = "4", v6 = "6"
    }

    /// The defaults.
    package init() {}
}
