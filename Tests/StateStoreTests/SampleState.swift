import WatchCore

extension TargetState {
    static let sampleTime = WallTime(nanoseconds: 1_795_417_200_123_456_789)

    /// Every member filled with something that an encoder can get wrong.
    static var sample: TargetState {
        var state = TargetState()
        state.client = RegisteredClient(
            issuer: "https://as.example/\u{fc}\"\\\n", clientID: "client-1", clientSecret: Secret("s\u{0}cret"),
            authenticationMethod: "client_secret_post", redirectURI: "http://localhost:3000/callback",
            clientName: "Claude Desktop", registeredAt: sampleTime, registrationURI: "https://as.example/register/1",
            registrationAccessToken: Secret("rat"))
        state.chain = TokenChain(
            issuer: "https://as.example", clientID: "client-1", accessToken: Secret("canary-access"),
            refreshToken: Secret("canary-refresh"), scope: "read write", issuedAt: sampleTime, expiresIn: 3_600,
            startedAt: sampleTime + .nanoseconds(1), refreshExpiresIn: 86_400)
        state.personaClients = [
            "claude": RegisteredClient(
                issuer: "https://as.example", clientID: "client-2", redirectURI: "https://claude.ai/callback",
                clientName: "Claude", registeredAt: sampleTime)
        ]
        state.personasCompared = sampleTime + .seconds(5)
        state.revision = RevisionChoice(
            profile: .july2026, version: .november2025, isDualEra: true, askedAt: sampleTime + .seconds(6))
        state.probed = sampleTime + .seconds(7)
        state.sessions = .sample
        state.baseline = ServerBaseline(
            portrait: ["metadata": ["scopes_supported": ["read"]]], acceptedAt: sampleTime, latest: ["metadata": nil])
        state.intent = Intent(.codeRedemption, at: sampleTime)
        state.interrupted = Intent(.registration, at: sampleTime)
        state.registrations = [sampleTime, sampleTime + .seconds(1)]
        state.login.consecutiveRejections = 3
        state.login.lastRejection = sampleTime
        state.login.submissions = [sampleTime]
        state.login.rejectedPassword = "salt$hash"
        state.lastRun = [.login: sampleTime, .session: sampleTime + .seconds(2)]
        state.lastConclusive = [.login: sampleTime + .seconds(3)]
        state.lastSuccess = [.session: sampleTime + .seconds(4)]
        state.guards = .sample
        state.health = ["since": 1, "deep": [true, nil, 1.5, "x"]]
        return state
    }
}

extension GuardState {
    static var sample: GuardState {
        let time = TargetState.sampleTime
        var guards = GuardState()
        guards.clients = [
            RegisteredClient(
                issuer: "https://as.example", clientID: "guard-1", clientSecret: Secret("canary-guard-secret"),
                redirectURI: "http://localhost:3000/callback", clientName: "Claude Desktop (guard)", registeredAt: time)
        ]
        guards.note(.mcpGarbageToken, .refused, at: time)
        guards.note(.authorizeNoPkce, .inconclusive, at: time + .seconds(1))
        guards.entries[.authorizeNoPkce]?.needsLogin = true
        guards.entries[.authorizeNoPkce]?.isSuspect = true
        guards.logins = [time]
        guards.groups = [0: time, 3: time + .seconds(2)]
        (guards.lastSent, guards.watchedSince) = (time + .seconds(3), time)
        (guards.suspendedUntil, guards.suspension) = (time + .seconds(86_400), "429")
        guards.expiring = TokenChain(
            issuer: "https://as.example", clientID: "guard-1", accessToken: Secret("canary-expiring"),
            refreshToken: nil, scope: nil, issuedAt: time, expiresIn: 60, startedAt: time)
        guards.login.submissions = [time]
        guards.tokenMilliseconds = [3, 5]
        return guards
    }
}

extension SessionMemory {
    static var sample: SessionMemory {
        let time = TargetState.sampleTime
        var sessions = SessionMemory(
            deaths: [SessionDeath(canary: .idle, at: time, lived: 86_400, tokenAge: 3_600)])
        (sessions.survivesLogin, sessions.survivesRevocation, sessions.endedByLogins) = (true, false, 2)
        sessions.otherLoginAt = time + .seconds(3)
        sessions.triedAge = 1_800
        sessions.refused = [
            RefusedToken(
                token: Secret("canary-refused"), cause: .revocation, issuedAt: time, expiresIn: nil, refusedAt: time)
        ]
        sessions.acceptedAt = [.refresh: time + .seconds(4)]
        sessions.refusedTriedAt = time + .seconds(5)
        sessions.standing = [.sessionRefresh: time + .seconds(6)]
        sessions.formerClients = [
            RegisteredClient(
                issuer: "https://as.example", clientID: "client-0", redirectURI: "http://localhost:3000/callback",
                clientName: "Claude Desktop", registeredAt: time)
        ]
        let chain = TokenChain(
            issuer: "https://as.example", clientID: "client-0", accessToken: Secret("canary-idle-access"),
            refreshToken: Secret("canary-idle-refresh"), scope: nil, issuedAt: time, expiresIn: nil, startedAt: time)
        sessions.idle = IdleSession(chain: chain, asleepSince: time + .seconds(7), survived: 3)
        sessions.login.consecutiveRejections = 1
        (sessions.longestSleep, sessions.idleLimit) = (259_200, 604_800)
        return sessions
    }
}
