/// What a target may cost its server in registered clients.
extension TargetState {
    /// Whether the budget allows one more registration.
    ///
    /// - Parameters:
    ///   - budget: registrations in 24 hours.
    ///   - now: civil time.
    package func mayRegister(budget: Int, now: WallTime) -> Bool {
        registrationBudgetRemaining(budget: budget, now: now) > 0
    }

    /// How many registrations are left in this rolling day, from 0 to `budget`.
    package func registrationBudgetRemaining(budget: Int, now: WallTime) -> Int {
        max(0, budget - registrations.inRollingDay(now).count)
    }

    /// A registration is about to be sent; call it with the update that writes its intent, so that a refused one and
    /// one that a crash cut off count too.
    package mutating func registered(at now: WallTime) {
        registrations.appendInRollingDay(now)
    }
}

extension RegisteredClient {
    /// Whether the client is old enough to be replaced.
    ///
    /// - Parameters:
    ///   - lifetime: a registered client is replaced after this time.
    ///   - now: civil time; a registration further ahead than `lifetime` comes from a wrong clock and is replaced too.
    package func isDue(lifetime: Duration, now: WallTime) -> Bool {
        now >= registeredAt + lifetime || registeredAt >= now + lifetime
    }
}
