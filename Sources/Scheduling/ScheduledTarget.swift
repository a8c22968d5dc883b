package import WatchCore

/// What the schedule knows of a target when it comes to it.
package struct ScheduledTarget: Sendable, Hashable {
    package var name: String
    /// Runs of one key go one after another: the issuer, or the server's origin until the issuer is known.
    package var issuer: String
    /// Time between runs of each kind.
    package var intervals: [RunKind: Duration]
    /// When runs of each kind last began, from the state.
    package var lastRun: [RunKind: WallTime]
    /// When the target was first watched.
    package var watchedSince: WallTime?
    /// Whether the last login run was not good: the operator who starts the daemon anew may have mended what was wrong.
    package var isLoginBad = false
    /// A run that goes on longer than this does not end any more.
    package var patience: Duration = .seconds(900)

    /// A target as the schedule sees it.
    ///
    /// - Parameters:
    ///   - name: unique among the targets.
    ///   - issuer: the key of which at most one run goes at a time.
    ///   - interval: time between login runs.
    ///   - sessionInterval: time between session runs.
    ///   - guardInterval: time between guard runs; nil: there are none.
    ///   - watchedSince: when the target was first watched: guards begin an interval later.
    ///   - lastRun: when runs of each kind last began.
    package init(
        name: String, issuer: String, interval: Duration, sessionInterval: Duration,
        guardInterval: Duration? = nil, lastRun: [RunKind: WallTime] = [:], watchedSince: WallTime? = nil
    ) {
        self.name = name
        self.issuer = issuer
        intervals = [.login: interval, .session: sessionInterval]
        intervals[.guarding] = guardInterval
        self.lastRun = lastRun
        self.watchedSince = watchedSince
    }

    /// The target as configured and remembered.
    package init(_ settings: TargetSettings, _ state: TargetState) {
        self.init(
            name: settings.name,
            issuer: state.issuer ?? settings.server.origin.description,
            interval: settings.interval, sessionInterval: settings.sessionInterval,
            guardInterval: settings.guards.isEnabled ? settings.guards.interval : nil, lastRun: state.lastRun,
            watchedSince: state.guards.watchedSince)
        isLoginBad = state.lastRun[.login] != nil && state.lastRun[.login] != state.lastSuccess[.login]
        // A run's own deadline is three times the time of a request; whatever is far beyond is a fault of ours.
        patience = max(patience, settings.timeout * (settings.guards.isEnabled ? 20 : 10))
    }
}

extension ScheduledTarget {
    /// After a start, a login that was not good is done anew when this time has passed since it began; not at once, since
    /// the daemon may be started again and again.
    static let renewalDelay = Duration.seconds(30)

    var shortestInterval: Duration { intervals.values.min() ?? .zero }

    /// Whether a run of some kind is due as soon as the schedule begins.
    func beginsAtOnce(_ now: WallTime) -> Bool { intervals.keys.contains { wait($0, at: now) == .zero } }

    /// The wait until the first run of this kind: an interval after it last began; zero when that is over or unknown, or
    /// lies ahead because the clock was set back.
    func wait(_ kind: RunKind, at now: WallTime) -> Duration {
        guard var interval = intervals[kind] else { return .zero }
        guard let last = lastBegan(kind, before: now) else { return kind == .guarding ? interval : .zero }
        if kind == .login, isLoginBad { interval = min(interval, Self.renewalDelay) }
        return max(.zero, interval - (now - last))
    }

    /// When a run last began that counts for this kind; a login run counts for a session run too.
    private func lastBegan(_ kind: RunKind, before now: WallTime) -> WallTime? {
        [lastRun[kind], kind == .session ? lastRun[.login] : nil, kind == .guarding ? watchedSince : nil].compactMap {
            $0
        }.filter { $0 <= now }.max()
    }
}
