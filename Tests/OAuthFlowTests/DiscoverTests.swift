import Testing
import WatchCore

@testable import OAuthFlow

struct DiscoverTests {
    /// `oauthwatch init` prints them for the operator to keep or to strike out.
    @Test func namesEveryOriginThatWouldReceiveCredentials() async throws {
        let server = FakeServer { request, response in
            if request.url.path == CheckTests.asm { response.set("token_endpoint", "https://tokens.test/token") }
        }
        let (record, found) = await (try Scene(server)).flow().discover()
        #expect(record.findingTexts == [])
        #expect(found?.origins.map(\.description).sorted() == [FakeServer.base, "https://tokens.test"])
        #expect(server.requests(to: "/register").isEmpty)
    }
}
