import Config
import Testing
import WatchCore

@Suite struct ClientSettingsTests {
    @Test func actsAsTheFirstPersona_andKeepsTheOthers() throws {
        let target = try #require(
            try target(
                "personas:", "  - claude", "  - name: ours", "    clientName: Our App",
                "    redirectURI: https://app.example/cb", "    userAgent: OurApp/1.0", "    strict: true"))
        #expect(target.personas.map(\.name) == ["claude", "ours"])
        #expect(target.clientName == "Claude")
        #expect(target.redirectURI.description == "https://claude.ai/api/mcp/auth_callback")
        #expect(target.personas[1].userAgent == "OurApp/1.0")
        #expect(target.personas[1].isStrict)
    }

    @Test(arguments: [(nil, "read write"), ("scope: pantry", "pantry")] as [(String?, String)])
    func aTargetsScopeWinsOverThePersonas(line: String?, scope: String) throws {
        let target = try #require(try target("personas: [claude-desktop]", line ?? "refresh: optional"))
        #expect(target.scope == scope)
    }

    @Test func publishesItsClient() throws {
        let target = try #require(try target("client: {metadataDocument: https://ops.example/c.json}"))
        #expect(target.client == nil)
        #expect(target.clientDocument?.description == "https://ops.example/c.json")
    }

    @Test(arguments: [
        ("revision: 2025-03-26", Revision.march2025), ("revision: \"2026-07-28\"", .july2026),
    ])
    func pinsARevision(line: String, revision: Revision) throws {
        #expect(try target(line)?.revision == revision)
    }

    @Test(arguments: [
        (
            "personas: [cloud]",
            "targets[0].personas[0]: \"cloud\" is no known client; allowed: claude, claude-desktop, inspector, strict, "
                + "or a map that describes another client"
        ),
        ("personas: []", "targets[0].personas: is empty; allowed: at least one client"),
        ("personas: [claude, claude]", "targets[0].personas: names a client twice; allowed: each name once"),
        (
            "personas: [{clientName: x}]",
            "targets[0].personas[0].name: is missing; allowed: at most 100 printable ASCII characters that can name a "
                + "directory: no space, no /, not . or .., no leading -"
        ),
        (
            "personas: [claude]\n    clientName: x",
            "targets[0].personas: stands beside clientName or redirectURI; allowed: personas alone: a map in it "
                + "describes a client of your own"
        ),
        (
            "personas: [claude, strict]\n    client: {id: x}",
            "targets[0].personas: names several clients beside the one in `client`; allowed: one persona, or clients "
                + "that are registered when needed"
        ),
        ("client: {}", "targets[0].client: names no client; allowed: id or metadataDocument"),
        (
            "client: {id: x, metadataDocument: https://a.example/b}",
            "targets[0].client: names two clients; allowed: id or metadataDocument"
        ),
        (
            "client: {metadataDocument: http://a.example/b}",
            "targets[0].client.metadataDocument: cannot be a `client_id`; allowed: an https URL with a path"
        ),
        (
            "revision: 2024-11-05",
            "targets[0].revision: \"2024-11-05\" is not understood; allowed: one of 2025-03-26, 2025-06-18, "
                + "2025-11-25, 2026-07-28"
        ),
    ])
    func refusesClientsThatCannotBe(_ lines: String, _ expected: String) {
        #expect(
            problems(targetText(lines)).map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" } == [
                expected
            ])
    }
}
