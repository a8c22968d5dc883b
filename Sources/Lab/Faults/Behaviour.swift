import WatchCore

/// Everything in which the lab can behave differently; as initialised, it is a correct server.
struct Behaviour: Sendable, Hashable {
    var challenge = ChallengeBehaviour()
    var discovery = DiscoveryBehaviour()
    var registration = RegistrationBehaviour()
    var login = LoginBehaviour()
    var redirect = RedirectBehaviour()
    var token = TokenBehaviour()
    var mcp = MCPBehaviour()
    var wire = WireBehaviour()
    /// Guards that the server fails: what it should refuse and does not.
    var weaknesses: Set<CheckID> = []
    /// The classes of requests whose answers are spoiled, and how.
    var transport: [EndpointClass: TransportFault] = [:]

    /// The plain good behaviour.
    init() {}

    /// What holds with these faults and varieties.
    ///
    /// - Parameter ids: names out of `Fault.all`; unknown ones have no effect.
    init(_ ids: Set<String>) {
        for fault in Fault.all where ids.contains(fault.id) { fault.effect(&self) }
    }
}

/// How a request without a good token is refused.
struct ChallengeBehaviour: Sendable, Hashable {
    /// What needs a token.
    enum Protection: Sendable, Hashable { case everything, toolCalls, nothing }
    /// How much `WWW-Authenticate` says.
    enum Header: Sendable, Hashable {
        case full, wrongMetadata, withoutMetadata, bare, none
        /// Under another field name, as some gateways do.
        case renamed
        /// The metadata by a path alone.
        case relative
        /// Without a scope.
        case withoutScope
    }

    var protection = Protection.everything
    var header = Header.full
    var scheme = "Bearer"
    var status = 401
    /// What a token that was good once is answered with; nil: a challenge.
    var deadTokenStatus: Int?
    /// Whether the challenge holds an error although no token was sent.
    var addsError = false
    /// Whether requests of the newest revision are let in without a token.
    var forgetsStateless = false
}

/// What the metadata documents say and where they are.
struct DiscoveryBehaviour: Sendable, Hashable {
    /// Where the protected resource metadata is.
    enum ResourcePlace: Sendable, Hashable { case wellKnown, rootOnly, oddURL, absent }
    /// Which documents describe the authorization server.
    enum Document: Sendable, Hashable { case oauth, openID }
    /// How `issuer` relates to the URL that was asked.
    enum Issuer: Sendable, Hashable { case exact, trailingSlash, other }

    var resourcePlace = ResourcePlace.wellKnown
    var namesOtherResource = false
    var omitsResource = false
    /// Whether the documents repeat the host of `X-Forwarded-Host`.
    var followsForwardedHost = false
    /// Whether an HTML page stands where the authorization server's metadata belong.
    var hasPageForMetadata = false
    /// The scopes that the authorization server lists; nil: those that it knows.
    var listedScopes: [String]?
    var grantTypes = ["authorization_code", "refresh_token"]
    /// Whether `authorization_servers` is empty.
    var namesNoServer = false
    /// Whether challenge and resource metadata name a scope that the authorization server does not know.
    var namesUnknownScope = false
    /// Where the authorization server is said to be.
    var authorizationServer = Place.here
    /// Where single endpoints are said to be, when not there.
    var endpoints: [Endpoint: Place] = [:]
    /// Endpoints that the metadata do not name.
    var omitted: Set<Endpoint> = []
    var documents: Set<Document> = [.oauth]
    var issuer = Issuer.exact
    /// Path of the issuer: empty, or with a leading slash.
    var issuerPath = ""
    var pkceMethods: [String]? = ["S256"]
    /// The ways of client authentication that are advertised; nil: those that work.
    var advertisedMethods: [String]?
    var hasUnknownMembers = false
    /// Whether the metadata name one scope fewer after a restart.
    var dropsScopeAtRestart = false
}

/// An endpoint that the metadata names.
enum Endpoint: String, Sendable, Hashable, CaseIterable {
    case authorize, token, register, revoke, introspect
}

/// Where a URL of the metadata, a form or a redirect leads.
enum Place: Sendable, Hashable {
    case here
    /// The lab's second address: another origin.
    case elsewhere
    /// This server by a public name over plain http, as behind a TLS proxy that nobody told it of.
    case plainHTTP
    case privateAddress
    case cloudMetadata
}

/// How clients are registered.
struct RegistrationBehaviour: Sendable, Hashable {
    /// How the answer ends.
    enum Outcome: Sendable, Hashable { case registered, failed, limited, malformed, nameless }

    var outcome = Outcome.registered
    var status = 201
    /// Whether the answer has another redirect URI than was registered.
    var echoesOtherRedirect = false
    var omitsRedirects = false
    var refusesLoopback = false
    /// Whether redirect URIs must be the same to the port.
    var comparesPorts = false
    var mayBeCached = false
    /// Whether a secret comes without the time when it ends.
    var omitsSecretExpiry = false
    /// Whether a secret is issued although the method is `none`.
    var addsSecret = false
    /// The ways of client authentication that are advertised and accepted.
    var methods: [ClientAuthentication] = [.none, .basic, .post]
    /// Whether the client can be read and deleted (RFC 7592).
    var isManaged = false
    /// Whether redirects to other machines are refused.
    var takesLoopbackOnly = false
    /// Whether the URL of a metadata document is taken for a client; the lab believes it without fetching it.
    var takesClientDocuments = false
    /// Whether a restart forgets the clients.
    var isForgetful = false
}

/// How a client proves who it is at the token endpoint.
///
/// Source: RFC 7591 §2, `token_endpoint_auth_method`.
enum ClientAuthentication: String, Sendable, Hashable {
    case none
    case basic = "client_secret_basic"
    case post = "client_secret_post"
}

/// What the MCP endpoint does.
struct MCPBehaviour: Sendable, Hashable {
    /// How messages are answered.
    enum Framing: Sendable, Hashable { case json, eventStream, openEventStream }
    /// What becomes of `Mcp-Session-Id`.
    enum Sessions: Sendable, Hashable { case offered, required, absent }
    /// What scope the listing of tools needs beyond the ordinary.
    enum ScopeDemand: Sendable, Hashable { case ordinary, more, everMore }

    /// How a conversation is held.
    enum Era: Sendable, Hashable { case handshake, stateless }

    var paths: Set<String> = ["/", "/mcp"]
    var eras: Set<Era> = [.handshake]
    /// Revisions with a handshake that the server speaks, the newest first.
    var revisions = ["2025-11-25", "2025-06-18", "2025-03-26"]
    var framing = Framing.json
    var sessions = Sessions.offered
    var rejectsEveryToken = false
    /// How long the first `initialize` with a token takes.
    var initializeDelay: Duration = .zero
    /// Whether another replica, which does not know the token, answers the listing of tools.
    var hasAnotherReplica = false
    var answersWithOtherID = false
    var answersWithError = false
    /// The version that `initialize` is answered with; nil: one that fits.
    var version: String?
    /// Whether notifications are answered like requests.
    var answersNotifications = false
    var hasTools = true
    var scopeDemand = ScopeDemand.ordinary
}

/// HTTP itself.
struct WireBehaviour: Sendable, Hashable {
    var isChunked = false
    var usesGzip = false
    /// Paths that are redirected to others with 307.
    var moved: [String: String] = [:]
    /// The user agents that are let through; empty: all.
    var onlyAgents: [String] = []
    /// Whether requests without a user agent are refused.
    var wantsAgent = false
    var refusesPreflight = false
    /// How long the first answers of a class take.
    var delays: [EndpointClass: Duration] = [:]
    var closesConnections = false
    /// Requests whose `User-Agent` holds this are refused by a page with 403, as by a firewall.
    var blockedAgent: String?
    /// What the `Date` field is off by.
    var clockOffset: Duration = .zero
    /// Whether the lab listens on `::1` in place of the configured address; read once, at the start.
    var usesIPv6 = false
}
