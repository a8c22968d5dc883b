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

/// What a user meets between the authorization request and the redirect.
struct LoginBehaviour: Sendable, Hashable {
    /// How the login begins.
    enum Opening: Sendable, Hashable { case page, redirectLoop, redirectElsewhere }
    /// What `action` of a form says.
    enum Action: Sendable, Hashable {
        case path, relative, missing, absolute, elsewhere
        /// The form's action is right; its button's is not, or `<base>` moves it.
        case elsewhereByButton, elsewhereByBase
    }

    var opening = Opening.page
    /// The pages, one after the other.
    var stages: [LoginStage] = [.credentials]
    var action = Action.path
    /// `method` of the forms.
    var method = "post"
    var userField = "username"
    var passwordField = "password"
    var refusesEveryPassword = false
    var rejectionStatus = 401
    /// Whether the stored passwords were hashed once more than those that are compared with them.
    var hashesTwice = false
    /// `form-action` of the pages' security policy; nil: none.
    var formAction: String?
    /// Whether the pages say nothing of frames, caches and referrers.
    var lacksHeaders = false
    /// Whether the cookie of a login changes with each page.
    var renewsCookie = false
    /// Whether a selection and a checkbox stand in the form and must come back as they were shown.
    var hasChoices = false
    /// Whether forms that are not the login stand around it.
    var hasDecoys = false
    /// Whether tags are in capitals, unquoted and unclosed.
    var isSloppy = false
    /// Whether the submit button has a name without which the form is refused.
    var namesSubmit = false
}

/// One page of the login.
enum LoginStage: String, Sendable, Hashable {
    /// User name and password.
    case credentials
    case userName
    case passwordOnly
    /// Where the password belongs, the user name is asked for again.
    case noPassword
    case consent
    /// Buttons, one for each identity.
    case identity
    /// A form that is followed by itself for ever.
    case endless
    /// Nothing but a script.
    case script
    case captcha
}

/// The redirect back to the client.
struct RedirectBehaviour: Sendable, Hashable {
    /// What becomes of `iss`.
    enum Issuer: Sendable, Hashable { case present, omitted, other }

    var status = 302
    var issuer = Issuer.present
    var changesState = false
    /// Whether the user is sent back without a code.
    var deniesAccess = false
    var repeatsCode = false
    var goesElsewhere = false
}

/// What the token endpoint does.
struct TokenBehaviour: Sendable, Hashable {
    /// How the lifetime is written.
    enum Lifetime: Sendable, Hashable { case number, string, zero, missing }
    /// What access tokens look like.
    enum Format: Sendable, Hashable {
        case opaque
        /// Signed tokens; what is wrong with them, if anything.
        case signed(Flaw?)

        /// What a signed token says wrongly.
        enum Flaw: Sendable, Hashable { case audience, issuer, expiry, key }
    }
    /// How an error is written.
    enum ErrorStyle: Sendable, Hashable { case standard, insideOK, framework }

    var lifetime = Lifetime.number
    var errors = ErrorStyle.standard
    var format = Format.opaque
    /// The code of a refusal; nil: the right one.
    var refusalCode: String?
    /// Whether the scope is an array.
    var scopeIsArray = false
    /// How long a rotated refresh token is still taken.
    var grace: Duration = .zero
    /// Whether each refresh is taken for two at once, which end the session.
    var refreshesRace = false
    /// Access tokens that are issued later than this after the start are signed with a key that the resource server does
    /// not have; nil: none.
    var keyChangesAfter: Duration?
    /// What can be forgotten.
    enum Kind: Sendable, Hashable { case access, refresh }

    /// Whether no client can prove who it is.
    var refusesEveryClient = false
    /// Whether access tokens are signed JWTs.
    var areJWTs = false
    var refusesEveryCode = false
    var type = "Bearer"
    var mayBeCached = false
    /// Whether the login grants only the first of the scopes.
    var narrowsScope = false
    /// Whether the answer to a code lacks the access token.
    var omitsAccessToken = false
    var issuesRefreshToken = true
    /// Whether refresh tokens are for those who asked for `offline_access` and consented.
    var refreshNeedsOfflineAccess = false
    /// Whether a refresh gives a new refresh token and ends the old one.
    var rotates = true
    var refusesEveryRefresh = false
    /// Whether the answer to a refresh lacks the access token.
    var omitsRefreshedToken = false
    var refreshedTokensAreDead = false
    /// Whether a refresh ends the refresh token and gives no other.
    var dropsRefreshToken = false
    /// Whether a refresh grants only the first of the scopes.
    var refreshNarrowsScope = false
    var keepsAccessToken = false
    var refreshEndsOlderTokens = false
    /// The access token lives for the promised time divided by this.
    var lifetimeDivisor = 1
    /// How long a refresh token is promised to live; nil: nothing is promised, and it lives for ever.
    var refreshLifetime: Duration?
    /// The refresh token lives for the promised time divided by this.
    var refreshLifetimeDivisor = 1
    /// Whether a login ends every earlier session of the user.
    var keepsOneSession = false
    /// What a restart forgets.
    var forgets: Set<Kind> = []
    /// Whether a restart forgets which access tokens were ended before their time.
    var forgetsEndings = false
}

extension TokenBehaviour {
    /// How long refresh tokens really live; nil: for ever.
    var realRefreshLifetime: Duration? { refreshLifetime.map { $0 / refreshLifetimeDivisor } }
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
