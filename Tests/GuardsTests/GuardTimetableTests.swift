import Testing
import WatchCore

@testable import Guards

struct GuardTimetableTests {
    static let start = WallTime(seconds: 1_800_000_000)
    static let hour = Duration.seconds(3_600)

    /// Follows the plans of hourly runs, in which every guard is refused and every login allowed is used.
    private func simulate(
        hours: Int, _ settings: GuardSettings = GuardSettings()
    ) -> [(time: WallTime, plan: GuardPlan)] {
        var state = GuardState()
        var plans: [(time: WallTime, plan: GuardPlan)] = []
        for hour in 0..<hours {
            let now = Self.start + Self.hour * hour
            guard let plan = GuardPlan.due(settings, state, at: now) else { continue }
            for id in plan.ids { state.note(id, .refused, at: now) }
            for _ in 0..<plan.logins { state.loggedIn(at: now) }
            if let group = plan.group { state.groups[group] = now }
            plans.append((now, plan))
        }
        return plans
    }

    @Test func triesTheHarmlessEveryHour_theSacrificialDaily_theSlowWeekly() {
        let plans = simulate(hours: 7 * 24)
        func count(_ id: CheckID) -> Int { plans.count { $0.plan.ids.contains(id) } }
        for id in CheckID.guards where !GuardRun.scoredByFlow.contains(id) {
            switch id.guardClass {
            case .harmless: #expect(count(id) == 168)
            case .sacrificial: #expect(count(id) == 7, "\(id)")
            case .slow: #expect(count(id) == (id == .authorizeWrongPassword ? 7 : 1), "\(id)")
            case nil: break
            }
        }
    }

    @Test func keepsGroupsSixHoursApart_andLoginsWithinTheDay() {
        let plans = simulate(hours: 7 * 24)
        let groups = plans.filter { $0.plan.group != nil }.map(\.time)
        #expect(zip(groups, groups.dropFirst()).allSatisfy { $1 - $0 >= Self.hour * 6 })
        for plan in plans {
            let day = plans.filter { $0.time > plan.time + .seconds(-86_400) && $0.time <= plan.time }
            #expect(day.map(\.plan.logins).reduce(0, +) <= 8)
        }
    }

    @Test func putsEveryGuardInAGroup_orInNone() {
        let grouped = GuardPlan.groups.flatMap { $0 }
        #expect(Set(grouped).count == grouped.count)
        let sacrificial = Set(CheckID.guards.filter { $0.guardClass == .sacrificial })
        #expect(Set(grouped) == sacrificial.subtracting([.sessionOldAccessToken]))
    }

    @Test func saysNothing_whenSuspendedOrSwitchedOff() {
        var state = GuardState()
        state.suspendedUntil = Self.start + Self.hour
        #expect(GuardPlan.due(GuardSettings(), state, at: Self.start) == nil)
        #expect(GuardPlan.duringLogin(GuardSettings(), state, at: Self.start) == nil)
        #expect(GuardPlan.due(GuardSettings(), state, at: Self.start + Self.hour) != nil)
        var settings = GuardSettings()
        settings.isEnabled = false
        #expect(GuardPlan.due(settings, GuardState(), at: Self.start) == nil)
        settings.isEnabled = true
        settings.disabled = [.mcpGarbageToken: "a honeypot"]
        #expect(GuardPlan.due(settings, GuardState(), at: Self.start)?.ids.contains(.mcpGarbageToken) == false)
        #expect(GuardPlan.duringLogin(settings, GuardState(), at: Self.start) == nil)
    }

    @Test func goesWithoutLogins_whenTheDaysAreUsedUp() {
        var state = GuardState()
        for _ in 0..<8 { state.loggedIn(at: Self.start) }
        #expect(GuardPlan.due(GuardSettings(), state, at: Self.start + Self.hour)?.logins == 0)
    }

    @Test func triesWhatWasScoredLongestAgoFirst() {
        var state = GuardState()
        state.note(.tokenWrongVerifier, .refused, at: Self.start)
        let plan = GuardPlan.due(GuardSettings(), state, at: Self.start + Self.hour)
        #expect(plan?.sorted([.tokenWrongVerifier, .tokenGet]) == [.tokenGet, .tokenWrongVerifier])
    }
}
