/// The lock-out guard: a password that was rejected twice in a row is tried ever more rarely, so that the monitor does
/// not lock the account that it watches.
extension LoginHistory {
    /// Waits after the second, the third and every later rejection in a row.
    private static let waits: [Duration] = [.seconds(30 * 60), .seconds(2 * 3_600), .seconds(6 * 3_600)]

    /// Rejections in a row from which on the guard holds.
    private static let tolerated = 2

    /// When the password may be submitted next.
    ///
    /// A last rejection further ahead than the wait itself comes from a clock that was wrong and does not count.
    ///
    /// - Parameters:
    ///   - allowedPerDay: submissions in 24 hours once two in a row were rejected; less than 1 is taken as 1.
    ///   - now: civil time.
    /// - Returns: nil: now; else the moment from which on it may be.
    package func nextSubmission(allowedPerDay: Int, now: WallTime) -> WallTime? {
        guard consecutiveRejections >= Self.tolerated else { return nil }
        return [endOfWait(now), endOfDay(allowedPerDay, now)].compactMap { $0 }.filter { $0 > now }.max()
    }

    /// This history with those of the same account at other targets: a server locks an account, whoever tries.
    ///
    /// - Parameter others: those that count.
    package func joined(with others: [LoginHistory]) -> LoginHistory {
        var all = self
        for other in others where other.consecutiveRejections > 0 {
            all.consecutiveRejections += other.consecutiveRejections
            all.lastRejection = [all.lastRejection, other.lastRejection].compactMap { $0 }.max()
            all.submissions = (all.submissions + other.submissions).sorted()
        }
        return all
    }

    /// How many submissions are left in this rolling day.
    ///
    /// - Parameters:
    ///   - allowedPerDay: as in `nextSubmission`.
    ///   - now: civil time.
    /// - Returns: 0 to `allowedPerDay`; submissions before the last acceptance do not count.
    package func submissionsRemaining(allowedPerDay: Int, now: WallTime) -> Int {
        max(0, allowedPerDay - submissions.inRollingDay(now).count)
    }

    /// The password is about to be submitted; call it with the state's update that precedes the request.
    package mutating func submitted(at now: WallTime) {
        submissions.appendInRollingDay(now)
    }

    /// The server rejected the password.
    package mutating func rejected(at now: WallTime) {
        consecutiveRejections += 1
        lastRejection = now
    }

    /// The server took the password: nothing is held against it any more.
    package mutating func accepted() { self = LoginHistory() }

    /// Another password is configured: what happened to the old one does not count.
    package mutating func passwordChanged() { self = LoginHistory() }

    private func endOfWait(_ now: WallTime) -> WallTime? {
        let wait = Self.waits[min(consecutiveRejections - Self.tolerated, Self.waits.count - 1)]
        guard let lastRejection, lastRejection < now + wait else { return nil }
        return lastRejection + wait
    }

    private func endOfDay(_ allowedPerDay: Int, _ now: WallTime) -> WallTime? {
        submissions.inRollingDay(now).dropLast(max(1, allowedPerDay) - 1).last.map { $0 + .day }
    }
}
