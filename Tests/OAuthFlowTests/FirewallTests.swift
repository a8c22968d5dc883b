import Synchronization
import Testing
import WatchCore

@testable import OAuthFlow

@Suite struct FirewallTests {
    @Test func asksUnderAllNamesAgain_asSoonAsTheFirewallLetsUsThrough() async throws {
        let blocks = Mutex(false)
        let scene = try Scene(
            FakeServer { request, response in
                guard blocks.withLock({ $0 }), request.url.path == "/mcp",
                    request.fields["User-Agent"]?.hasPrefix("Mozilla") != true
                else { return }
                response = .page("<title>Just a moment...</title>", status: 403)
            })
        _ = await scene.run()
        blocks.withLock { $0 = true }
        #expect(await scene.run().findingTexts.contains("mcp.user-agent warning"))
        blocks.withLock { $0 = false }
        scene.clock.advance(by: .seconds(60))
        let record = await scene.run()
        #expect(record.scored.contains(.mcpUserAgent) && !record.findings.contains { $0.check == .mcpUserAgent })
    }
}
