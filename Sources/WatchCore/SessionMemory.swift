/// The sessions that are kept to see how long they live.
package enum SessionCanary: String, Sendable, Hashable, CaseIterable {
    /// Lives as a connected client does: used in every run, refreshed when due and at least hourly.
    case ordinary
    /// Sleeps between touches, to see that refresh tokens survive not being used.
    case idle
}

/// What is remembered of kept sessions besides the ordinary one's tokens. It holds tokens, too.
package struct SessionMemory: Sendable, Hashable {
    /// Whether the session went on after a login of ours; nil: not seen yet.
    package var survivesLogin: Bool?
    /// Whether it went on after we revoked the tokens of another login; nil: not seen yet.
    package var survivesRevocation: Bool?
    /// Logins of ours, in a row, at which the session ended though it had lived just before.
    package var endedByLogins = 0
    /// When a guard last got tokens by a login of its own.
    package var otherLoginAt: WallTime?
    /// The age in seconds at which the ordinary session's refresh token was last tried before it was due; 0: it was due.
    package var triedAge = 0
    /// Access tokens that the server has refused before their time, and must go on refusing.
    package var refused: [RefusedToken] = []
    /// When those were last tried.
    package var refusedTriedAt: WallTime?
    /// When a token was last found to be accepted still, after what could have ended it.
    package var acceptedAt: [RefusedToken.Cause: WallTime] = [:]
    /// Checks about a session that died, which its young successor does not answer before these times.
    package var standing: [CheckID: WallTime] = [:]
    /// Clients that were replaced while a kept session still belongs to them.
    package var formerClients: [RegisteredClient] = []
    /// The newest deaths, oldest first.
    package private(set) var deaths: [SessionDeath] = []
    package var idle: IdleSession?
    /// Password submissions of the sessions' own account, where they have one.
    package var login = LoginHistory()
    /// The longest sleep in seconds that an idle session has survived.
    package var longestSleep: Int?
    /// A sleep in seconds that one did not survive.
    package var idleLimit: Int?

    private static let rememberedDeaths = 5

    /// Nothing is known yet.
    package init() {}

    /// Nothing is known but deaths, for what reads the state.
    package init(deaths: [SessionDeath]) { self.deaths = deaths.suffix(Self.rememberedDeaths) }

    /// A finding stands until then at least.
    package mutating func stand(_ check: CheckID, until: WallTime) {
        standing[check] = max(until, standing[check] ?? until)
    }

    /// A session has died.
    package mutating func died(_ death: SessionDeath) {
        deaths = (deaths + [death]).suffix(Self.rememberedDeaths)
    }
}

/// An access token that the server refused after a refresh or a revocation.
package struct RefusedToken: Sendable, Hashable {
    /// What had ended it.
    package enum Cause: String, Sendable, Hashable, CaseIterable { case refresh, revocation }

    package var token: Secret
    package var cause: Cause
    /// When it was issued.
    package var issuedAt: WallTime
    /// Its promised lifetime in seconds; nil when none was promised.
    package var expiresIn: Int?
    /// When it was first refused.
    package var refusedAt: WallTime

    /// A token that was refused at `refusedAt`.
    package init(token: Secret, cause: Cause, issuedAt: WallTime, expiresIn: Int?, refusedAt: WallTime) {
        self.token = token
        self.cause = cause
        self.issuedAt = issuedAt
        self.expiresIn = expiresIn
        self.refusedAt = refusedAt
    }
}

/// How a kept session ended.
package struct SessionDeath: Sendable, Hashable {
    package var canary: SessionCanary
    /// When it was noticed.
    package var at: WallTime
    /// Seconds from the login to the notice.
    package var lived: Int
    /// Age in seconds of the refresh token that was refused.
    package var tokenAge: Int

    /// A death noticed at `at`.
    package init(canary: SessionCanary, at: WallTime, lived: Int, tokenAge: Int) {
        self.canary = canary
        self.at = at
        self.lived = lived
        self.tokenAge = tokenAge
    }
}

/// The idle canary.
package struct IdleSession: Sendable, Hashable {
    package var chain: TokenChain
    /// When it fell asleep: at its login, or when it was last touched.
    package var asleepSince: WallTime
    /// Sleeps that it has survived.
    package var survived = 0

    /// A session that falls asleep at `asleepSince`.
    package init(chain: TokenChain, asleepSince: WallTime, survived: Int = 0) {
        self.chain = chain
        self.asleepSince = asleepSince
        self.survived = survived
    }
}

extension TargetState {
    /// The chain of a canary. Setting that of an idle one keeps what is known of its sleep; nil ends it.
    package subscript(_ canary: SessionCanary) -> TokenChain? {
        get { canary == .ordinary ? chain : sessions.idle?.chain }
        set {
            switch (canary, newValue) {
            case (.ordinary, _): chain = newValue
            case (.idle, let chain?): sessions.idle?.chain = chain
            case (.idle, nil): sessions.idle = nil
            }
        }
    }

    /// The registered client that a chain belongs to; nil when it is not known any more.
    package func client(of chain: TokenChain) -> RegisteredClient? {
        ([client].compactMap { $0 } + personaClients.values + sessions.formerClients).first {
            $0.clientID == chain.clientID && $0.issuer == chain.issuer
        }
    }

    /// Whether a kept session belongs to a client.
    package func isInUse(_ client: RegisteredClient) -> Bool {
        SessionCanary.allCases.contains {
            self[$0]?.clientID == client.clientID && self[$0]?.issuer == client.issuer
        }
    }
}
