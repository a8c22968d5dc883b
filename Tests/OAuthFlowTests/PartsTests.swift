import Testing
import WatchCore

@testable import OAuthFlow

struct PartsTests {
    @Test(
        arguments: [
            ("Bearer", [:]),
            (
                #"Bearer realm="a, b", resource_metadata="https://x/y""#,
                ["realm": "a, b", "resource_metadata": "https://x/y"]
            ),
            (
                #"Basic realm="x", bearer scope="read \"all\"",error=invalid_token"#,
                ["scope": "read \"all\"", "error": "invalid_token"]
            ),
            ("Bearer resource_metadata=https://x/.well-known/a", ["resource_metadata": "https://x/.well-known/a"]),
        ] as [(String, [String: String])])
    func readsChallenges(value: String, parameters: [String: String]) {
        #expect(BearerChallenge([value])?.parameters == parameters)
    }

    @Test(arguments: ["", "Basic realm=\"Bearer\"", ",,,", "Negotiate abc=="])
    func findsNoBearerWhereNoneIs(value: String) {
        #expect(BearerChallenge([value]) == nil)
    }

    @Test func keepsEventDataAcrossLineEnds() {
        let stream = "data: a\r\ndata: b\r\n\r\n:comment\n\ndata\n\ndata:c\r\rdata: lost"
        #expect(EventStream.messages(Array(stream.utf8)).map { String(decoding: $0, as: UTF8.self) } == ["a\nb", "c"])
    }

    @Test(
        arguments: [
            ("a=1", "https://h.test/x", "https://h.test/y", "a=1"),
            ("a=1; Path=/login", "https://h.test/", "https://h.test/loginx", nil),
            ("a=1; Path=/login", "https://h.test/", "https://h.test/login/2", "a=1"),
            ("a=1; Secure", "https://h.test/", "http://h.test/", nil),
            ("a=1; Secure", "http://localhost:1/", "http://localhost:2/", "a=1"),
            ("a=1", "https://h.test/", "https://sub.h.test/", nil),
            ("a=1; Domain=.h.test", "https://h.test/", "https://sub.h.test/", "a=1"),
            ("a=1; Domain=evil.test", "https://h.test/", "https://h.test/", nil),
            ("a=1; Domain=test", "https://h.test/", "https://h.test/", nil),
            ("a=1; Max-Age=0", "https://h.test/", "https://h.test/", nil),
            ("a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "https://h.test/", "https://h.test/", nil),
            (#"a="q;x"; HttpOnly"#, "https://h.test/", "https://h.test/", #"a="q"#),
        ] as [(String, String, String, String?)])
    func sendsCookiesAsABrowser(set: String, from: String, to: String, header: String?) throws {
        var jar = CookieJar()
        var response = HTTPResponse(status: 200)
        response.fields["Set-Cookie"] = set
        let now = WallTime(seconds: 1_800_000_000)
        jar.store(response, from: try #require(WebURL(from)), now: now)
        #expect(jar.header(for: try #require(WebURL(to)), now: now) == header)
    }

    @Test(arguments: [
        ("https://h/mcp", "https://h/mcp", ResourceMatch.same), ("https://h", "https://h/", .same),
        ("https://h/", "https://h/mcp", .parent), ("https://h/mcp/", "https://h/mcp", .parent),
        ("https://h/mc", "https://h/mcp", .other), ("https://g/mcp", "https://h/mcp", .other),
        ("http://h/mcp", "https://h/mcp", .other), ("https://h:8443/mcp", "https://h/mcp", .other),
    ])
    func comparesResources(resource: String, endpoint: String, match: ResourceMatch) throws {
        #expect(ResourceMatch(try #require(WebURL(resource)), try #require(WebURL(endpoint))) == match)
    }

    @Test func looksForMetadataInOrder() throws {
        let issuer = try #require(WebURL("https://h/t/"))
        #expect(
            WellKnown.serverMetadata(issuer).map(\.path) == [
                "/.well-known/oauth-authorization-server/t", "/.well-known/openid-configuration/t",
                "/t/.well-known/openid-configuration",
            ])
    }
}
