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
            startedAt: sampleTime + .nanoseconds(1))
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
        state.health = ["since": 1, "deep": [true, nil, 1.5, "x"]]
        return state
    }
}
