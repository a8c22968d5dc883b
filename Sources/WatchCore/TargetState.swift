/// What is remembered of one target over runs and restarts. Kept on disk with mode 0600: it holds tokens.
package struct TargetState: Sendable, Hashable {
    /// The registered client, for the issuer it belongs to.
    package var client: RegisteredClient?
    /// The registered clients of personas, by name.
    package var personaClients: [String: RegisteredClient] = [:]
    /// When the personas were last compared and all were treated alike; nil: never, or they were not.
    package var personasCompared: WallTime?
    /// The ordinary canary's token chain, for the issuer it belongs to.
    package var chain: TokenChain?
    /// Which revision of MCP the target spoke last; nil before that is known, and where it is pinned.
    package var revision: RevisionChoice?
    /// What else is known of kept sessions.
    package var sessions = SessionMemory()
    /// What the server presented when that was last accepted; nil before the first good login run.
    package var baseline: ServerBaseline?
    /// What was about to be sent when the state was last written; nil once its answer is in.
    package var intent: Intent?
    /// The request that a crash cut off, so that its outcome is unknown and what hung on it was given up; the run that
    /// reports it sets it to nil.
    package var interrupted: Intent?
    /// When clients were registered in the last 24 hours.
    package var registrations: [WallTime] = []
    package var login = LoginHistory()
    /// When each kind of run last began.
    package var lastRun: [RunKind: WallTime] = [:]
    /// When the last run of each kind began that was not inconclusive.
    package var lastConclusive: [RunKind: WallTime] = [:]
    /// When the last run of each kind began that was healthy or degraded.
    package var lastSuccess: [RunKind: WallTime] = [:]
    /// When the harmless requests of other kinds of clients were last sent.
    package var probed: WallTime?
    /// What the guards remember.
    package var guards = GuardState()
    /// What `Health` remembers, in its own form.
    package var health: JSON = .null

    /// Nothing is known yet.
    package init() {}
}

extension TargetState {
    /// The authorization server that the target's tokens and clients belong to; nil when it is not known yet.
    package var issuer: String? {
        chain?.issuer ?? client?.issuer ?? personaClients.min { $0.key < $1.key }?.value.issuer
    }

    /// The registered client of a persona; without one, the target's own.
    package subscript(clientOf persona: Persona?) -> RegisteredClient? {
        get { persona.map { personaClients[$0.name] } ?? client }
        set {
            if let persona { personaClients[persona.name] = newValue } else { client = newValue }
        }
    }
}

/// A client that the authorization server gave us, or that the operator configured.
package struct RegisteredClient: Sendable, Hashable {
    package var issuer: String
    package var clientID: String
    package var clientSecret: Secret?
    /// `none`, `client_secret_post` or `client_secret_basic`.
    package var authenticationMethod: String
    package var redirectURI: String
    package var clientName: String
    package var registeredAt: WallTime
    /// RFC 7592: where and with what to delete it.
    package var registrationURI: String?
    package var registrationAccessToken: Secret?

    /// A registered client.
    package init(
        issuer: String, clientID: String, clientSecret: Secret? = nil, authenticationMethod: String = "none",
        redirectURI: String, clientName: String, registeredAt: WallTime, registrationURI: String? = nil,
        registrationAccessToken: Secret? = nil
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.authenticationMethod = authenticationMethod
        self.redirectURI = redirectURI
        self.clientName = clientName
        self.registeredAt = registeredAt
        self.registrationURI = registrationURI
        self.registrationAccessToken = registrationAccessToken
    }
}

/// The tokens of one login, as last refreshed.
package struct TokenChain: Sendable, Hashable {
    package var issuer: String
    package var clientID: String
    package var accessToken: Secret
    package var refreshToken: Secret?
    package var scope: String?
    /// When the access token was issued.
    package var issuedAt: WallTime
    /// Promised lifetime of the access token in seconds; nil when none was promised.
    package var expiresIn: Int?
    /// When the chain began: the login.
    package var startedAt: WallTime
    /// Promised lifetime of the refresh token in seconds, counted from `issuedAt`; nil when none was promised.
    package var refreshExpiresIn: Int?

    /// The tokens of one login.
    package init(
        issuer: String, clientID: String, accessToken: Secret, refreshToken: Secret?, scope: String?,
        issuedAt: WallTime, expiresIn: Int?, startedAt: WallTime, refreshExpiresIn: Int? = nil
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.scope = scope
        self.issuedAt = issuedAt
        self.expiresIn = expiresIn
        self.startedAt = startedAt
        self.refreshExpiresIn = refreshExpiresIn
    }
}

/// A request that changes something on the server and must not be repeated blindly after a crash.
package struct Intent: Sendable, Hashable {
    /// What is about to be sent.
    package enum Action: String, Sendable, Hashable, CaseIterable {
        case registration, codeRedemption = "code-redemption", refresh, idleRefresh = "idle-refresh"
    }

    package var action: Action
    package var at: WallTime

    /// `action` is about to be sent, at `at`.
    package init(_ action: Action, at: WallTime) {
        self.action = action
        self.at = at
    }
}

/// Password submissions of one account, for the lock-out guard.
package struct LoginHistory: Sendable, Hashable {
    /// Rejections without an acceptance between them.
    package var consecutiveRejections = 0
    /// When the password was last rejected.
    package var lastRejection: WallTime?
    /// When the password was submitted in the last 24 hours.
    package var submissions: [WallTime] = []
    /// Salted slow hash of the password that was rejected, so that a new one resets the history: `SALT$HASH`.
    package var rejectedPassword: String?

    /// No submission yet.
    package init() {}
}

/// Where a target's state is kept. One writer only; a change is durable before `update` returns.
package protocol TargetMemory: Sendable {
    /// The state as it is now: all changes that took place, written or deferred.
    var state: TargetState { get async }
    /// Changes the state, and waits until the change and all that was deferred is as safe as asked for.
    ///
    /// - Throws: `MemoryFailure` when it could not be written; the change did not take place then. Never for `.deferred`.
    func update(
        _ durability: StateDurability, _ change: @escaping @Sendable (inout TargetState) -> Void
    ) async throws(MemoryFailure)
}

extension TargetMemory {
    /// Changes the state and waits until it is on disk.
    ///
    /// - Throws: `MemoryFailure` when it could not be written; the change did not take place then.
    package func update(_ change: @escaping @Sendable (inout TargetState) -> Void) async throws(MemoryFailure) {
        try await update(.synced, change)
    }
}

/// What a change of the state outlives.
package enum StateDurability: Sendable {
    /// A loss of power: what is about to be sent must never be sent twice.
    case synced
    /// The end of the process, however it comes; a machine that loses power is left with the last synced state.
    case written
    /// Nothing yet: it goes to the disk with the next change that does.
    case deferred
}

/// The state could not be written.
package struct MemoryFailure: Error, Sendable {
    /// One line: file, operation, error.
    package var message: String

    /// The state could not be written, because of `message`.
    package init(_ message: String) { self.message = message }
}

/// State that lives as long as the process: for one-shot runs.
package actor TransientMemory: TargetMemory {
    package private(set) var state: TargetState

    /// State that lives as long as the process, beginning with `state`.
    package init(_ state: TargetState = TargetState()) { self.state = state }

    package func update(_: StateDurability, _ change: @escaping @Sendable (inout TargetState) -> Void) {
        change(&state)
    }
}
