/// What is remembered of the guards of one target over runs and restarts. It holds tokens, as `TargetState` does.
package struct GuardState: Sendable, Hashable {
    /// What one guard came to.
    package enum Result: String, Sendable, Hashable, CaseIterable {
        /// The wrong request was refused.
        case refused
        /// It was proven not to be refused.
        case accepted
        /// Neither could be shown when it was last tried.
        case inconclusive
        /// It was not tried yet, or does not apply to this server.
        case unscored
    }

    /// One guard's last attempts.
    package struct Entry: Sendable, Hashable {
        package var result = Result.unscored
        /// When it was last tried.
        package var triedAt: WallTime?
        /// When it was last shown to be refused or not.
        package var scoredAt: WallTime?
        /// Whether it was ever refused: what is accepted now has changed.
        package var wasRefused = false
        /// Whether it was accepted once, and that is not confirmed yet.
        package var isSuspect = false
        /// Whether a page came in place of an answer, so that only a login shows what comes after it.
        package var needsLogin = false

        /// Never tried.
        package init() {}
    }

    /// Clients for sacrificial sessions, two for each issuer at most.
    package var clients: [RegisteredClient] = []
    package var entries: [CheckID: Entry] = [:]
    /// Sacrificial logins of the last 24 hours.
    package var logins: [WallTime] = []
    /// When each group of sacrificial guards last began.
    package var groups: [Int: WallTime] = [:]
    /// When a guard's request was last sent.
    package var lastSent: WallTime?
    /// When the first run of the target ended: guards begin some time later.
    package var watchedSince: WallTime?
    /// No guard runs before this time.
    package var suspendedUntil: WallTime?
    /// Why; one line.
    package var suspension: String?
    /// A session that waits for its access token to expire.
    package var expiring: TokenChain?
    /// Password submissions of the guards' own account.
    package var login = LoginHistory()
    /// How long the token endpoint took in ordinary runs, in milliseconds, the newest last.
    package var tokenMilliseconds: [Int] = []

    /// Nothing is known yet.
    package init() {}
}

extension GuardState {
    /// How many sacrificial logins are left in this rolling day, from 0 to `budget`.
    package func loginsRemaining(budget: Int, now: WallTime) -> Int {
        max(0, budget - logins.inRollingDay(now).count)
    }

    /// A sacrificial login is about to begin; call it with the write that precedes the request.
    package mutating func loggedIn(at now: WallTime) { logins.appendInRollingDay(now) }

    /// Whether guards are to stay away. A suspension longer than a day ahead comes from a clock that was wrong.
    package func isSuspended(at now: WallTime) -> Bool {
        guard let suspendedUntil else { return false }
        return now < suspendedUntil && suspendedUntil <= now + .day
    }

    /// Notes what a guard came to.
    package mutating func note(_ id: CheckID, _ result: Result, at now: WallTime) {
        var entry = entries[id] ?? Entry()
        entry.triedAt = now
        entry.result = result
        if result == .refused || result == .accepted { entry.scoredAt = now }
        if result == .refused {
            entry.wasRefused = true
            entry.isSuspect = false
        }
        entries[id] = entry
    }

    /// How many guards of a class came to each result; those never tried are `unscored`.
    package func counts(_ guardClass: GuardClass) -> [Result: Int] {
        let results = CheckID.guards.filter { $0.guardClass == guardClass }.map { entries[$0]?.result ?? .unscored }
        return Dictionary(grouping: results) { $0 }.mapValues(\.count)
    }

    /// When a guard of a class was last scored; nil: never.
    package func lastScored(_ guardClass: GuardClass) -> WallTime? {
        CheckID.guards.filter { $0.guardClass == guardClass }.compactMap { entries[$0]?.scoredAt }.max()
    }
}
