import JSONReader
import Testing
import WatchCore

@testable import StateStore

@Suite struct TargetStateCodingTests {
    private static let samples: [TargetState] = {
        var bare = TargetState.sample
        bare.client?.clientSecret = nil
        bare.client?.registrationURI = nil
        bare.client?.registrationAccessToken = nil
        bare.chain?.refreshToken = nil
        bare.chain?.scope = nil
        bare.chain?.expiresIn = nil
        return [.sample, bare, TargetState()]
    }()

    @Test(arguments: samples) func readsBackWhatItWrote(state: TargetState) throws {
        #expect(try TargetState(json: JSON(parsing: state.json.bytes(indent: 1))) == state)
    }

    @Test func writesTheSameTextAnewAndFromWhatItWroteBefore() {
        var text = StateText()
        for state in Self.samples + Self.samples.reversed() {
            #expect(text.bytes(of: state) == state.json.bytes())
            #expect(text.bytes(of: state) == state.json.bytes())
        }
    }

    @Test(arguments: StateMember.all.indices) func writesEachMemberAnewThatHasChanged(index: Int) throws {
        // A member that `isSame` overlooks would stay as it was written first.
        let member = StateMember.all[index]
        try #require(member.json(.sample) != member.json(TargetState()), "the sample has no \(member.name)")
        #expect(!member.isSame(.sample, TargetState()))
        #expect(member.isSame(.sample, .sample))
    }

    @Test(arguments: Intent.Action.allCases) func readsBackEachIntent(action: Intent.Action) throws {
        var state = TargetState()
        state.intent = Intent(action, at: TargetState.sampleTime)
        #expect(try TargetState(json: state.json) == state)
    }

    @Test func toleratesMembersThatItDoesNotKnow() throws {
        let json: JSON = [
            "tomorrow": 1, "login": ["consecutiveRejections": 2, "mood": "bad"], "lastRun": ["drill": 5],
        ]
        let state = try TargetState(json: json)
        #expect(state.login.consecutiveRejections == 2)
        #expect(state.lastRun.isEmpty)
    }

    @Test(
        arguments: [
            ([], "the file is no object"),
            (["chain": 5], "chain is no object"),
            (["chain": ["issuer": "i"]], "chain.clientID is missing"),
            (["client": ["issuer": 5]], "client.issuer is no string"),
            (["registrations": [1, "x"]], "registrations is no list of times in nanoseconds"),
            (["intent": ["action": "guess", "at": 1]], "intent.action has an unknown value"),
            (["login": ["consecutiveRejections": 1.5]], "login.consecutiveRejections is no whole number"),
            (["lastRun": ["login": "today"]], "lastRun.login is no time in nanoseconds"),
        ] as [(JSON, String)])
    func namesTheMember_whenItIsOfAnotherKind(json: JSON, message: String) {
        #expect(throws: StateFormatError(description: message)) { try TargetState(json: json) }
    }
}
