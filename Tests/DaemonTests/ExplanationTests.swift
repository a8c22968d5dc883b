import Testing

@testable import Daemon

@Suite struct ExplanationTests {
    @Test(arguments: [
        ("token.stats", ["token.status", "token.scope", "token.json"]),
        ("discovery.S256", ["discovery.s256"]),
        ("mcp-status", ["mcp.status"]),
    ])
    func namesTheNearest_whenTheIdIsUnknown(word: String, first: [String]) {
        let near = Explanation.suggestions(for: word)
        #expect(near.count == 3 && near.first == first.first)
    }

    @Test func namesTheWholeFamily_whenOnlyAStepIsGiven() {
        let near = Explanation.suggestions(for: "session")
        #expect(near.count >= 4 && near.allSatisfy { $0.hasPrefix("session.") })
    }

    @Test func namesNone_whenTheWordIsAnother() {
        #expect(Explanation.suggestions(for: "nope").isEmpty)
    }

    @Test func endsWithUsageError_whenTheIdIsUnknown() {
        #expect(Explanation(check: "no.such-check", isMarkdown: false).run() == 64)
    }
}
