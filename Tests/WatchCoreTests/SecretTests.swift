import Testing
import WatchCore

@Suite struct SecretTests {
    private let canary = "canary-7f3a"

    private struct Holder {
        var secret: Secret
        var list: [Secret]
    }

    @Test func showsItself_inNoRendering() {
        let holder = Holder(secret: Secret(canary), list: [Secret(canary)])
        let secret = holder.secret
        var dumped = ""
        dump(holder, to: &dumped)
        let renderings = [
            "\(secret)", String(describing: secret), String(reflecting: secret), secret.debugDescription, "\(holder)",
            String(reflecting: holder), "\([secret: secret])", "\(Optional(secret) as Any)", dumped,
            Mirror(reflecting: secret).children.map { "\($0)" }.joined(),
        ]
        for text in renderings { #expect(!text.contains(canary)) }
        #expect("\(secret)" == "<redacted>")
    }

    @Test func staysHidden_inTheStateThatHoldsIt() {
        var state = TargetState()
        state.chain = TokenChain(
            issuer: "i", clientID: "c", accessToken: Secret(canary), refreshToken: Secret(canary), scope: nil,
            issuedAt: WallTime(seconds: 0), expiresIn: nil, startedAt: WallTime(seconds: 0))
        var ledger = SecretLedger()
        ledger.add(canary)
        ledger.add(password: Secret(canary))
        #expect(!"\(state) \(ledger)".contains(canary))
    }

    @Test func takesOnlySoMuch_ofWhatAServerSendsInAnyNumber() {
        var ledger = SecretLedger()
        for index in 0..<20_000 { ledger.add(incidental: "hidden-field-\(index)") }
        #expect((1_000..<8_000).contains(ledger.values.count))
        ledger.add(canary)
        #expect(ledger.values.contains(Secret(canary)))
    }

    @Test func givesItsValue_whenAsked() {
        #expect(Secret(canary).reveal() == canary)
        #expect(Secret("").isEmpty)
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
    }
}
