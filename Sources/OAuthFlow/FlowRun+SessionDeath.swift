import WatchCore

/// How the end of a kept session is told, and what follows from it.
extension FlowRun {
    /// A finding about a dead session stands for this time at most, though a young successor lives.
    private static let longestStanding = Duration.seconds(1_800)
    /// That of an idle one, which is rarely touched.
    private static let idleStanding = Duration.seconds(86_400)

    /// The refresh of a kept session was refused: says which session died how, and gives it up.
    func died(_ chain: TokenChain, _ client: RegisteredClient, _ canary: SessionCanary, _ response: HTTPResponse)
        async throws(Halted) -> Halted
    {
        let (age, lived) = (now - chain.issuedAt, now - chain.startedAt)
        let sessions = await environment.memory.state.sessions
        let history = sessions.deaths
        let severity = canary == .ordinary ? .failure : sessions.idle.map { idleSeverity($0, sessions) } ?? .failure
        let what =
            canary == .ordinary
            ? "the session begun at \(chain.startedAt.iso8601Seconds) is dead; it had lived \(lived.inWords)"
            : "the idle session begun at \(chain.startedAt.iso8601Seconds) is dead after it slept \(age.inWords)"
        let code = "\(response.status)\(Self.errorText(response))"
        if canary == .ordinary, isEndedByOtherLogin(chain, sessions) {
            check(
                .sessionSingleSession, false,
                "single-session? \(what), after a guard had logged in as the same user", evidence: summary(response))
            try await giveUp(canary)
            return Halted()
        }
        // That the server forgot the client is another fault than that it forgot the token.
        if response.refusesTheClient {
            check(
                .sessionClient, false,
                "the token endpoint does not know the client registered at \(client.registeredAt.iso8601Seconds) any "
                    + "more (\(code)); \(what)", evidence: summary(response))
        } else {
            judgeRefusal(
                of: chain, severity,
                "\(what): its refresh token, good \(age.inWords) before, is refused with \(code)"
                    + Self.pattern(history, age)
                    + (sessions.survivesLogin == false ? Self.otherLogin : ""),
                response)
        }
        let death = SessionDeath(
            canary: canary, at: now, lived: Int(lived.seconds), tokenAge: Int(age.seconds))
        let until = now + (canary == .ordinary ? Self.standing(afterAge: age) : Self.idleStanding)
        try await remember { state in
            state[canary] = nil
            state.intent = nil
            state.sessions.died(death)
            if canary == .idle, severity != .info { state.sessions.idleLimit = death.tokenAge }
            if state.sessions.survivesLogin == true { state.sessions.survivesLogin = nil }
            for check in [CheckID.sessionRefresh, .sessionClient, .sessionEarlyDeath] {
                state.sessions.stand(check, until: until)
            }
        }
        return Halted()
    }

    private func judgeRefusal(
        of chain: TokenChain, _ severity: Severity, _ message: String, _ response: HTTPResponse
    ) {
        let age = now - chain.issuedAt
        let isEarly = chain.refreshExpiresIn.map { age < .seconds($0) } ?? false
        func blameRefresh() { check(.sessionRefresh, false, severity, message, evidence: summary(response)) }
        // What the access token did in this run tells whether the server forgot all of the session.
        let accessTokenLives = !chain.isDue(at: now) && lastUse(of: chain)?.response?.status == 200
        if !(isEarly && accessTokenLives) { blameRefresh() }
        if isEarly, let promised = chain.refreshExpiresIn {
            check(
                .sessionEarlyDeath, false,
                "the refresh token is refused \(age.inWords) after it was issued; the token answer promised "
                    + Duration.seconds(promised).inWords, evidence: summary(response), remedy: Self.earlyRemedy,
                layer: .authorizationServer)
        } else if accessTokenLives, let expiresIn = chain.expiresIn, age < .seconds(expiresIn) {
            check(
                .sessionEarlyDeath, false, .warning,
                "the refresh token, good \(age.inWords) before, did not even outlive its access token, which was promised "
                    + Duration.seconds(expiresIn).inWords, evidence: summary(response), remedy: Self.earlyRemedy,
                layer: .authorizationServer)
        }
        if isEarly && accessTokenLives { blameRefresh() }
    }

    /// The last time that the access token was used in this run, but for the end of its MCP session.
    private func lastUse(of chain: TokenChain) -> Exchange? {
        record.exchanges.last {
            $0.request.fields["authorization"] == "Bearer \(chain.accessToken.reveal())"
                && $0.request.method != "DELETE"
        }
    }

    private static let otherLogin = "; the server keeps one session a user: another login of this one may have ended it"

    private static let earlyRemedy = """
        The refresh token ended before its time: look for a store in memory that a restart empties, a lifetime or idle \
        limit that is shorter than what is promised, and a clean-up that deletes tokens in use.
        """

    /// What earlier deaths say: tokens that die at one age expire, tokens that die at any age are lost.
    private static func pattern(_ deaths: [SessionDeath], _ age: Duration) -> String {
        let ages = deaths.filter { $0.canary == .ordinary }.suffix(2).map { Double($0.tokenAge) } + [age.seconds]
        guard ages.count >= 3, let low = ages.min(), let high = ages.max(), low >= 1, high <= low * 1.5 else {
            return deaths.isEmpty ? "" : "; \(deaths.count + 1) sessions died so"
        }
        return "; the last \(ages.count) sessions died at about this age, as if refresh tokens lived no longer"
    }

    /// The MCP server has refused a token of this very login: that it refuses the kept session's, too, says nothing of
    /// the session.
    func acquitSession() {
        guard record.exchanges.last?.response?.status == 401 else { return }
        note { record in
            record.findings.removeAll { $0.check == .sessionEarlyDeath && $0.layer == .resourceServer }
        }
        if !record.findings.contains(where: { $0.check == .sessionEarlyDeath }) { withhold(.sessionEarlyDeath) }
    }

    /// The token endpoint has refused a client of this very run: that it refuses the one of an earlier run, too, does
    /// not mean that it has forgotten it.
    func acquitClientMemory() {
        note { record in record.findings.removeAll { $0.check == .sessionClient } }
        withhold(.sessionClient)
    }

    /// The session is over and nobody is to blame, or the blame is told: it is not tried again.
    func bury(_ session: KeptSession) async throws(Halted) {
        let canary = session.canary
        try await remember { state in
            state[canary] = nil
            state.intent = nil
        }
    }

    /// How long a finding stands about something that died at this age.
    static func standing(afterAge age: Duration) -> Duration { min(longestStanding, max(.zero, age)) }

    /// A young successor answers no check about the session that died before it: the finding stands for a while, or
    /// nobody would see it.
    func withholdAnswers() async {
        let (time, standing) = (now, await environment.memory.state.sessions.standing)
        for (id, until) in standing {
            // A time that is further ahead comes from a clock that was set back.
            guard time < until, until <= time + Self.idleStanding else { continue }
            if !record.findings.contains(where: { $0.check == id }) { withhold(id) }
        }
    }
}
