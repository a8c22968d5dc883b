import Testing
import WatchCore

@Suite struct RegistrationBudgetTests {
    private let start = WallTime(seconds: 1_800_000_000)

    @Test func allowsFourRegistrationsADay_evenUnderPerpetualRefusal() {
        var state = TargetState()
        var sent: [WallTime] = []
        for minute in 0..<(3 * 1_440) {
            let now = start + .seconds(minute * 60)
            guard state.mayRegister(budget: 4, now: now) else { continue }
            state.registered(at: now)
            sent.append(now)
        }
        #expect(sent.count == 12)
        for (first, fifth) in zip(sent, sent.dropFirst(4)) { #expect(fifth - first >= .seconds(86_400)) }
    }

    @Test func tellsWhatIsLeft() {
        var state = TargetState()
        #expect(state.registrationBudgetRemaining(budget: 4, now: start) == 4)
        state.registered(at: start)
        #expect(state.registrationBudgetRemaining(budget: 4, now: start) == 3)
        #expect(state.registrationBudgetRemaining(budget: 0, now: start) == 0)
        #expect(state.registrationBudgetRemaining(budget: 4, now: start + .seconds(86_400)) == 4)
    }

    @Test(arguments: [
        (-8.0, true), (-6.9, false), (0.0, false), (6.9, false), (7.0, true), (400.0, true),
    ])
    func replacesTheClientWeekly_andOneFromAWrongClock(days: Double, isDue: Bool) {
        let client = RegisteredClient(
            issuer: "https://as.example", clientID: "c", redirectURI: "http://localhost:3000/callback",
            clientName: "Claude Desktop", registeredAt: start)
        #expect(client.isDue(lifetime: .seconds(7 * 86_400), now: start + .seconds(days * 86_400)) == isDue)
    }
}
