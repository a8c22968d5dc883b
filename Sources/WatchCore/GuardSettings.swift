/// What the configuration says about the deliberate wrong requests to one target.
package struct GuardSettings: Sendable, Hashable {
    /// Whether any guard runs.
    package var isEnabled = true
    /// Guards that are not to run, each with the operator's reason.
    package var disabled: [CheckID: String] = [:]
    /// The account of the sacrificial logins; nil: the target's own.
    package var username: String?
    package var password: Secret?
    /// A user that exists and may be locked, for the wrong password; nil: the account of the sacrificial logins.
    package var decoy: String?
    /// Logins of guards in 24 hours.
    package var loginsPerDay = 8
    /// Time between runs of the harmless guards.
    package var interval: Duration = .seconds(3_600)
    /// How long a used refresh token may still be taken without blame: a client's retry.
    package var refreshGrace: Duration = .seconds(10)

    /// The defaults.
    package init() {}

    /// Whether a guard may run.
    package func permits(_ id: CheckID) -> Bool { isEnabled && disabled[id] == nil }
}
