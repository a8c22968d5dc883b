import Testing
import WatchCore

@Suite struct IntentTests {
    private static let now = WallTime(seconds: 1_800_000_000)
    private static let chain = TokenChain(
        issuer: "https://as.example", clientID: "c", accessToken: Secret("a"), refreshToken: Secret("r"), scope: nil,
        issuedAt: now, expiresIn: 3_600, startedAt: now)

    @Test(arguments: Intent.Action.allCases)
    func givesUpTheChain_onlyAfterARefresh(action: Intent.Action) {
        var state = TargetState()
        state.chain = Self.chain
        state.intent = Intent(action, at: Self.now)
        state.giveUpIntent()
        #expect(state.chain == (action == .refresh ? nil : Self.chain))
        #expect(state.intent == nil)
        #expect(state.interrupted == Intent(action, at: Self.now))
    }

    @Test func changesNothing_whenNoRequestWasUnderWay() {
        var state = TargetState()
        state.chain = Self.chain
        state.interrupted = Intent(.registration, at: Self.now)
        let before = state
        state.giveUpIntent()
        #expect(state == before)
    }
}
