import Testing
import WatchCore

@testable import LocalServer

@Suite struct RequestPolicyTests {
    private func status(
        _ fields: HTTPFields, allowing hosts: [String] = LocalServer.loopbackNames, method: String = "GET"
    ) -> Int {
        let policy = RequestPolicy(allowedHosts: hosts, routes: ["/page": { _ in LocalResponse(body: "hello") }])
        return policy.answer(LocalRequest(method: method, path: "/page", fields: fields)).status
    }

    @Test(arguments: [
        "localhost", "LocalHost:9732", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:9732",
    ])
    func takesLoopbackNames_withAnyPort(_ host: String) {
        #expect(status(["Host": host]) == 200)
    }

    @Test(arguments: [
        "", "evil.example", "localhost.evil.example", "evil.example:9732", "127.0.0.1.evil.example", "127.0.0.2",
        "localhost:9732:80", "localhost:abc", "user@localhost", "[::2]:9732", "192.168.0.1:9732",
    ])
    func refusesForeignHosts(_ host: String) {
        #expect(status(["Host": host]) == 403)
    }

    @Test func refusesAMissingOrDoubledHost() {
        #expect(status([:]) == 403)
        #expect(status(["Host": "localhost", "host": "localhost"]) == 403)
    }

    @Test func takesTheHostsOfTheConfiguration_andNoOther() {
        #expect(status(["Host": "watch.example:80"], allowing: ["Watch.Example"]) == 200)
        #expect(status(["Host": "[2001:db8::1]"], allowing: ["2001:db8::1"]) == 200)
        #expect(status(["Host": "localhost"], allowing: ["watch.example"]) == 403)
    }

    @Test(arguments: [
        ("http://localhost:9732", 200), ("https://127.0.0.1", 200), ("HTTP://[::1]:80", 200),
        ("https://evil.example", 403), ("null", 403), ("", 403), ("http://localhost.evil.example", 403),
        ("file://localhost", 403), ("localhost", 403),
    ])
    func checksTheOrigin(_ origin: String, _ expected: Int) {
        #expect(status(["Host": "localhost", "Origin": origin]) == expected)
    }

    @Test(arguments: [("cross-site", 403), ("Cross-Site", 403), ("same-origin", 200), ("none", 200)])
    func refusesCrossSiteRequests(_ site: String, _ expected: Int) {
        #expect(status(["Host": "localhost", "Sec-Fetch-Site": site]) == expected)
    }

    @Test func refusesAForeignHost_beforeItsMethodOrPathCounts() {
        #expect(status(["Host": "evil.example"], method: "POST") == 403)
    }
}
