import Testing
import WatchCore

@testable import Traces

struct VolatileTextTests {
    private let text = VolatileText(serverURL: "http://127.0.0.1:8000/mcp")

    @Test(arguments: [
        ("Bearer <redacted:1a2b3c4d>", "Bearer …"),
        (
            "http://127.0.0.1:8000/authorize?state=<redacted:1a>&iss=http%3A%2F%2F127.0.0.1%3A8000",
            "SERVER/authorize?state=…&iss=SERVER"
        ),
        ("client_edaax8zoy2D8IneUapBs1gKjM7sG1ErYaGsigfmaIHc is unknown", "… is unknown"),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "…"),
        ("at 2026-11-25T13:42:37.927981+00:00, or so", "at …, or so"),
        ("expires 1795614157", "expires …"),
        ("protocol 2025-06-18", "protocol 2025-06-18"),
        ("code_challenge_methods_supported: S256", "code_challenge_methods_supported: S256"),
        ("invalid_grant: unknown refresh token", "invalid_grant: unknown refresh token"),
        ("<p class=\"error\">Wrong</p>", "<p class=\"error\">Wrong</p>"),
        ("", ""),
    ])
    func leavesWhatTells(from: String, to: String) {
        #expect(text.stable(from) == to)
    }

    @Test func knowsMembersThatHoldAnotherValueEachTime() {
        let value: JSON = [
            "client_id": "abc", "client_id_issued_at": 1, "expires_in": 3600, "id": 7, "scope": "read",
            "access_token": "x", "exp": 5, "resource": "http://127.0.0.1:8000",
        ]
        #expect(
            text.stable(value) == [
                "client_id": "…", "client_id_issued_at": "…", "expires_in": 3600, "id": "…", "scope": "read",
                "access_token": "…", "exp": "…", "resource": "SERVER",
            ])
    }
}
