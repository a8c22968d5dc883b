import Glibc
import Testing
import WatchCore

@testable import Daemon

@Suite struct TraceOptionRefusalTests {
    private func options(_ change: (inout TraceOptions) -> Void) -> TraceOptions {
        var options = TraceOptions(
            serverURL: "http://127.0.0.1:8000", username: "u", password: "p", passwordFile: nil, saveTrace: nil,
            quiet: false, config: nil, target: nil, clientName: nil, redirectURI: nil, scope: nil, mcpPath: nil,
            apiURL: nil, allowOrigins: [], timeout: nil, stateDirectory: nil, caFile: nil, strict: false,
            redacts: true, isJSON: false)
        change(&options)
        return options
    }

    @Test(arguments: [
        ("/mcp", "http://127.0.0.1:8000/mcp"), ("mcp", "http://127.0.0.1:8000/mcp"),
        ("//other.example/mcp", "http://127.0.0.1:8000//other.example/mcp"),
        ("http://other.example/", "http://127.0.0.1:8000/http://other.example/"),
    ])
    func keepsThePathOnTheServer(path: String, expected: String) throws {
        #expect(try options { $0.mcpPath = path }.settings { _ in nil }.server.description == expected)
    }

    @Test(arguments: ["http://localhost:3000/callback#here", "callback", ""])
    func refusesARedirectURI_thatNoServerMayTake(uri: String) {
        let error = #expect(throws: UsageError.self) { try options { $0.redirectURI = uri }.settings { _ in nil } }
        #expect(error?.status == EX_USAGE)
        #expect(error?.message.hasPrefix("--redirect-uri") == true)
    }

    @Test(arguments: ["a  b", " a", "", "a\tb"])
    func refusesWhatIsNoScope(scope: String) {
        let error = #expect(throws: UsageError.self) { try options { $0.scope = scope }.settings { _ in nil } }
        #expect(error?.message == "--scope takes scopes with single spaces between them: read write")
    }

    @Test func refusesCACertificates_thatCannotBeRead() {
        let error = #expect(throws: UsageError.self) {
            try options { $0.caFile = "/nonexistent/ca.pem" }.settings { _ in nil }
        }
        #expect(error?.message == "--ca-file: cannot read /nonexistent/ca.pem: No such file or directory")
        #expect(error?.status == EX_USAGE)
    }

    @Test func refusesAnUnknownRevisionAndPersona() {
        let revision = #expect(throws: UsageError.self) {
            try options { $0.revision = "2024-11-05" }.settings { _ in nil }
        }
        #expect(
            revision?.message
                == "--revision takes one of 2025-03-26, 2025-06-18, 2025-11-25, 2026-07-28, not 2024-11-05")
        let persona = #expect(throws: UsageError.self) {
            try options { $0.personas = ["claude", "cloud"] }.settings { _ in nil }
        }
        #expect(
            persona?.message == "--persona takes one of claude, claude-desktop, inspector, strict, not cloud")
    }

    @Test func actsAsTheFirstPersona_unlessAnotherScopeIsNamed() throws {
        let target = try options { $0.personas = ["claude-desktop", "claude"] }.settings { _ in nil }
        #expect(target.scope == "read write")
        #expect(target.personas.map(\.name) == ["claude-desktop", "claude"])
        let scoped = try options {
            $0.personas = ["claude-desktop"]
            $0.scope = "pantry"
        }.settings { _ in nil }
        #expect(scoped.scope == "pantry")
        #expect(scoped.acting(as: .claude).scope == "pantry")
    }
}
