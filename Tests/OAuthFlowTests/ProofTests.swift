import Testing
import WatchCore

@testable import OAuthFlow

/// Which request a finding is told with.
struct ProofTests {
    @Test func isTheRequestAfterWhichItWasFound() async throws {
        let scene = try Scene(
            FakeServer { request, response in
                if request.url.path == "/token" { response.fields["Cache-Control"] = nil }
            })
        let record = await scene.run()
        let proof = try #require(record.proofs[.tokenNoStore].map { record.exchanges[$0].request })
        #expect(proof.url.path == "/token" && proof.step == .token)
    }
}
