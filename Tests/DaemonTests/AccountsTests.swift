import Testing
import WatchCore

@testable import Daemon

struct AccountsTests {
    private func target(_ name: String, _ server: String, user: String) throws -> TargetSettings {
        TargetSettings(
            name: name, server: try #require(WebURL(server)), username: user, password: nil,
            redirectURI: TargetSettings.defaultRedirectURI)
    }

    private func memory(rejections: Int, issuer: String? = nil) -> TransientMemory {
        var state = TargetState()
        state.login.consecutiveRejections = rejections
        state.client = issuer.map {
            RegisteredClient(
                issuer: $0, clientID: "", redirectURI: "", clientName: "", registeredAt: WallTime(seconds: 0))
        }
        return TransientMemory(state)
    }

    /// By the server's origin until both know their issuers; then by those.
    @Test(
        arguments: [
            ("https://a.test/mcp", nil, "https://a.test/other", nil, true),
            ("https://a.test", nil, "https://b.test", nil, false),
            ("https://a.test", "https://login.test", "https://b.test", "https://login.test", true),
            ("https://a.test/1", "https://a.test/1", "https://a.test/2", "https://a.test/2", false),
            ("https://a.test", "https://login.test", "https://a.test", nil, true),
        ] as [(String, String?, String, String?, Bool)])
    func knowsWhoSharesAnAccount(
        server: String, issuer: String?, otherServer: String, otherIssuer: String?, isShared: Bool
    ) async throws {
        let accounts = Accounts()
        let own = (try target("own", server, user: "alice"), memory(rejections: 1, issuer: issuer))
        accounts.add(own.0, own.1)
        accounts.add(try target("other", otherServer, user: "alice"), memory(rejections: 2, issuer: otherIssuer))
        accounts.add(try target("stranger", otherServer, user: "bob"), memory(rejections: 3, issuer: otherIssuer))
        let found = await accounts.histories(of: "alice", besides: own.0, own.1)
        #expect(found.map(\.consecutiveRejections) == (isShared ? [2] : []))
    }

    @Test func countsTheAccountOfSessions_too() async throws {
        let accounts = Accounts()
        var state = TargetState()
        state.sessions.login.consecutiveRejections = 4
        var other = try target("other", "https://a.test", user: "alice")
        other.sessionAccount = TargetSettings.Account(username: "bob", password: nil)
        accounts.add(other, TransientMemory(state))
        let own = try target("own", "https://a.test", user: "bob")
        let found = await accounts.histories(of: "bob", besides: own, TransientMemory())
        #expect(found.map(\.consecutiveRejections) == [4])
    }
}
