import Testing

@testable import Lab

@Suite struct LeakTests {
    private func kind(in text: String) -> String? { Leak.kind(in: Array(text.utf8), password: "testpass") }

    @Test(arguments: ["code", "at", "rt", "session", "csrf", "secret", "rat", "mcp"])
    func knowsEachSecretOfTheLab_whereverItStands(prefix: String) {
        let value = LabState.random(prefix)
        #expect(kind(in: value) == prefix)
        #expect(kind(in: "{\"evidence\": \"?x=\(value)&y=1\"}") == prefix)
    }

    @Test func knowsThePassword() {
        #expect(kind(in: "{\"data\": \"username=u&password=testpass\"}") == "password")
    }

    @Test(arguments: [
        "", "testpas", "code_", "code_<redacted:1a2b3c4d>", "mcp_no_such_tool", "testuser",
        "at_\(String(repeating: "x", count: 42))",
    ])
    func leavesAloneWhatIsNone(text: String) {
        #expect(kind(in: text) == nil)
        #expect(kind(in: LabState.random("client")) == nil)
    }
}
