package import WatchCore

/// Which guards a run may try, and what they may cost.
package struct GuardPlan: Sendable, Hashable {
    /// Those to try.
    package var ids: Set<CheckID>
    /// Sacrificial logins that may be begun.
    package var logins: Int
    /// Guards that were refused in earlier runs.
    package var refusedBefore: Set<CheckID> = []
    /// When each was last scored; those longest ago go first where not all can be tried.
    package var scoredAt: [CheckID: WallTime] = [:]

    /// Whether a person waits for it, who would rather lose the kept session than have nothing tried.
    package var isOneShot = false
    /// The group of sacrificial guards that is in it; nil: none, or all.
    var group: Int?

    /// A plan.
    package init(ids: Set<CheckID>, logins: Int) {
        self.ids = ids
        self.logins = logins
    }

    init(ids: Set<CheckID>, logins: Int, remembering state: GuardState) {
        self.init(ids: ids, logins: logins)
        remember(state)
    }

    /// Whether a guard may be tried.
    func contains(_ id: CheckID) -> Bool { ids.contains(id) }

    /// Whether forms with a password may be sent.
    var mayLogIn: Bool { logins > 0 }

    /// Those scored longest ago first, else in the order of the table.
    func sorted(_ ids: [CheckID]) -> [CheckID] {
        ids.enumerated().sorted { a, b in
            let (left, right) = (scoredAt[a.element]?.nanoseconds ?? .min, scoredAt[b.element]?.nanoseconds ?? .min)
            return (left, a.offset) < (right, b.offset)
        }.map(\.element)
    }
}

extension GuardPlan {
    /// What `trace --guards` may be told.
    package enum Choice: String, Sendable, Hashable, CaseIterable {
        case none
        /// Class C.
        case safe
        /// Every class: it logs in several times, once with a wrong password.
        case all
    }

    /// Logins for all guards at servers that end a code at its first wrong use and ask for the password each time.
    private static let oneShotLogins = 30

    /// The plan of a one-shot run.
    ///
    /// - Parameters:
    ///   - choice: as the command line says.
    ///   - settings: switched off guards stay off.
    ///   - state: what earlier runs found.
    /// - Returns: nil when no guard is to run.
    package init?(_ choice: Choice, _ settings: GuardSettings, _ state: GuardState) {
        guard choice != .none, settings.isEnabled else { return nil }
        let ids = CheckID.guards.filter {
            settings.permits($0) && (choice == .all || $0.guardClass == .harmless)
        }
        self.init(ids: Set(ids), logins: choice == .all ? Self.oneShotLogins : 0)
        isOneShot = true
        remember(state)
    }

    /// Takes over what earlier runs found.
    mutating func remember(_ state: GuardState) {
        refusedBefore = Set(state.entries.filter(\.value.wasRefused).keys)
        scoredAt = state.entries.compactMapValues(\.scoredAt)
    }
}
