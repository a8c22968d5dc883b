import WatchCore

/// The idle canary: a session that sleeps, to see that refresh tokens survive not being used.
extension FlowRun {
    /// Whether a login's own tokens are to become the idle canary: once there is an ordinary one that survives logins.
    func wantsIdleSession(_ state: TargetState) -> Bool {
        target.keepsIdleSession && state.sessions.idle == nil && state.sessions.survivesLogin == true
            && unkept?.chain.refreshToken != nil
    }

    /// The login's own tokens go to sleep.
    func fallAsleep(_ chain: TokenChain) async throws(Halted) {
        let time = now
        try await remember { $0.sessions.idle = IdleSession(chain: chain, asleepSince: time) }
        unkept = nil
        note { record in
            record.facts.sessionStart[.idle] = chain.startedAt
            record.facts.sessionAlive[.idle] = true
        }
    }

    /// Wakes the idle canary for one refresh and one call.
    func touch(_ idle: IdleSession, _ session: KeptSession, _ call: ProtectedCall) async {
        await enterSession(session)
        let slept = now - idle.asleepSince
        do throws(Halted) {
            let next = try await refresh(session.chain, as: session.client, of: session.server, .kept(.idle))
            try await useFresh(next, call)
            let time = now
            try await remember { state in
                state.sessions.idle?.asleepSince = time
                state.sessions.idle?.survived += 1
                state.sessions.longestSleep = max(state.sessions.longestSleep ?? 0, Int(slept.seconds))
            }
            note { $0.facts.sessionAlive[.idle] = true }
        } catch {
            guard !Task.isCancelled else { return }
            note { $0.facts.sessionAlive[.idle] = false }
        }
    }

    /// How much the death of an idle session weighs: a server may well end what nobody uses for weeks, but not from one
    /// day to the next, and not what it once let live.
    func idleSeverity(_ idle: IdleSession, _ sessions: SessionMemory) -> Severity {
        let slept = now - idle.asleepSince
        if sessions.deaths.contains(where: { $0.canary == .ordinary && $0.at >= idle.asleepSince }) { return .info }
        let isKnownToLive = sessions.longestSleep.map { .seconds($0) >= slept } ?? false
        return isKnownToLive || slept < IdleSession.sleeps[1] ? .failure : .warning
    }
}

extension IdleSession {
    private static let day = Duration.seconds(86_400)
    /// Sleeps between touches; the last one again and again.
    static let sleeps = [day, day * 3, day * 7, day * 14, day * 30]

    /// The sleep that it is in.
    ///
    /// - Parameter limit: a sleep in seconds that an earlier one did not survive.
    func sleep(limit: Int?) -> Duration {
        var sleep = Self.sleeps[min(survived, Self.sleeps.count - 1)]
        // What dies in its promised time has kept its promise: it is touched before.
        if let promised = chain.refreshExpiresIn, promised > 0 { sleep = min(sleep, .seconds(promised) * 9 / 10) }
        guard let limit, sleep >= .seconds(limit) else { return sleep }
        return Self.sleeps.last { $0 < .seconds(limit) } ?? .seconds(limit) * 8 / 10
    }

    /// Whether it has slept enough. A sleep that began in the future began before the clock was set back.
    func isAwake(at time: WallTime, limit: Int?) -> Bool {
        time >= asleepSince + sleep(limit: limit) || time < asleepSince
    }
}
