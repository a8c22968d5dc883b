package import WatchCore

/// Which guards are due: pure, from what is remembered and the time.
extension GuardPlan {
    /// Sacrificial guards by group. A group comes once a day, six hours after another, with two logins; in each the
    /// guards that may end a family of tokens come last.
    static let groups: [[CheckID]] = [
        [
            .tokenWrongVerifier, .tokenNoVerifier, .tokenOtherRedirect, .tokenGet, .tokenOtherClient, .mcpQueryToken,
            .mcpRefreshAsAccess, .refreshAccessAsRefresh,
        ],
        [.mcpOtherAudience, .refreshWiderScope, .refreshOtherClient, .refreshReplay],
        [.authorizePostTampered, .authorizeCsrf],
        [.tokenCodeReplay, .revokeIgnored],
    ]

    private static let loginsOfAGroup = 2
    private static let day = Duration.seconds(86_400)
    private static let pauseBetweenGroups = Duration.seconds(6 * 3_600)
    /// The schedule's jitter must not make a guard wait for another round.
    private static let slack = 0.95

    /// The guards of a login run of the daemon; `mcp.no-token` is part of the flow.
    package static func duringLogin(_ settings: GuardSettings, _ state: GuardState, at now: WallTime) -> GuardPlan? {
        guard settings.permits(.mcpGarbageToken), !state.isSuspended(at: now) else { return nil }
        return GuardPlan(ids: [.mcpGarbageToken], logins: 0, remembering: state)
    }

    /// The guards of a run of the kind `guard`.
    ///
    /// - Returns: nil when none is due or all are suspended.
    package static func due(_ settings: GuardSettings, _ state: GuardState, at now: WallTime) -> GuardPlan? {
        guard settings.isEnabled, !state.isSuspended(at: now) else { return nil }
        let group = dueGroup(state, at: now)
        let slow = dueSlow(settings, state, at: now)
        let harmless = CheckID.guards.filter { $0.guardClass == .harmless }
        let ids = Set(harmless + (group.map { groups[$0] } ?? []) + slow).filter(settings.permits)
        guard !ids.isEmpty else { return nil }
        let wanted = (group == nil ? 0 : loginsOfAGroup) + (ids.contains(.tokenWrongSecret) ? 1 : 0)
        let logins = min(wanted, state.loginsRemaining(budget: settings.loginsPerDay, now: now))
        var plan = GuardPlan(ids: ids, logins: logins, remembering: state)
        plan.group = group
        return plan
    }

    /// The group whose turn it is: the one that ran longest ago, a day after its last run, six hours after the others'.
    private static func dueGroup(_ state: GuardState, at now: WallTime) -> Int? {
        let last = state.groups.filter { $0.value <= now }
        if let newest = last.values.max(), now - newest < pauseBetweenGroups * slack { return nil }
        let next = groups.indices.min { (last[$0] ?? .never, $0) < (last[$1] ?? .never, $1) }
        guard let next, last[next].map({ now - $0 >= day * slack }) ?? true else { return nil }
        return next
    }

    /// The wrong password once a day; of the others, weekly, one at a time.
    private static func dueSlow(_ settings: GuardSettings, _ state: GuardState, at now: WallTime) -> [CheckID] {
        func isDue(_ id: CheckID, _ interval: Duration) -> Bool {
            guard settings.permits(id) else { return false }
            guard let tried = state.entries[id]?.triedAt, tried <= now else { return true }
            return now - tried >= interval
        }
        let weekly = CheckID.guards.filter { $0.guardClass == .slow && $0 != .authorizeWrongPassword }
        let first = weekly.first { isDue($0, day * 7) }
        return (isDue(.authorizeWrongPassword, day) ? [.authorizeWrongPassword] : []) + (first.map { [$0] } ?? [])
    }
}

extension WallTime {
    /// Before anything that can have happened.
    fileprivate static let never = WallTime(nanoseconds: .min)
}
