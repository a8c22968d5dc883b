import Testing
import WatchCore

@testable import OAuthFlow

@Suite struct ContentSecurityPolicyTests {
    @Test(arguments: [
        ("default-src 'none'", true), ("form-action *", true), ("form-action", false), ("form-action 'none'", false),
        ("form-action 'self'", false), ("FORM-ACTION 'SELF' http://localhost:*", true), ("form-action http:", true),
        ("form-action https:", false), ("form-action http://localhost:3000", true),
        ("form-action http://localhost:3000/callback", true), ("form-action http://localhost:3000/other", false),
        ("form-action http://localhost:3000/call/", false), ("form-action http://localhost", false),
        ("form-action localhost:3000", false), ("form-action http://*.localhost:3000", false),
        ("form-action 'self'; form-action *", false), ("script-src 'self';form-action https://a.example;", false),
    ])
    func decidesWhetherAFormMayLeadToTheClient(policy: String, allows: Bool) throws {
        let client = try #require(WebURL("http://localhost:3000/callback"))
        let page = try #require(WebURL("https://login.example/consent"))
        #expect(ContentSecurityPolicy(policy).allowsForm(to: client, from: page) == allows)
    }

    @Test(arguments: [
        ("form-action 'self'", "https://login.example/x", true),
        ("form-action *.example", "https://a.b.example/", true),
        ("form-action http://login.example", "https://login.example/", true),
        ("form-action https://login.example:8443", "https://login.example/", false),
        ("form-action [::1]:3000", "https://[::1]:3000/", true),
    ])
    func matchesHostsAndPorts(policy: String, target: String, allows: Bool) throws {
        let target = try #require(WebURL(target))
        let page = try #require(WebURL("https://login.example/consent"))
        #expect(ContentSecurityPolicy(policy).allowsForm(to: target, from: page) == allows)
    }
}
