import Testing
import WatchCore

@testable import Lab

@Suite struct LoginVarietyTests {
    private func page(_ faults: [String], _ body: (HandClient, TinyClient.Answer) throws -> Void) throws {
        try withLab(faults) { (client, _) throws in
            try client.register()
            try body(client, try client.authorize())
        }
    }

    @Test func asksOnTwoPages() throws {
        try page(["two-page-login"]) { (client, first) throws in
            #expect(!first.text.contains("type=\"password\""))
            let second = try client.submit([FormPair("username", "testuser")])
            #expect(second.text.contains("type=\"password\""))
            #expect(try client.submit([FormPair("password", "testpass")]).status == 302)
        }
    }

    @Test(arguments: [("allow", nil), ("deny", "access_denied")] as [(String, String?)])
    func asksForConsent(decision: String, error: String?) throws {
        try page(["consent-page"]) { (client, _) throws in
            #expect(try client.logIn().status == 200)
            let end = HandClient.query(try client.submit([FormPair("decision", decision)]))
            #expect(end["error"] == error)
            #expect((end["code"] == nil) == (error != nil))
        }
    }

    @Test func takesIdentityButton() throws {
        try page(["identity-button"]) { (client, first) throws in
            #expect(first.text.contains("value=\"bob\""))
            #expect(try client.submit([FormPair("identity", "bob")]).status == 302)
        }
    }

    @Test func approvesAtOnce() throws {
        try page(["auto-approve"]) { (_, first) throws in
            #expect(first.status == 302)
            #expect(HandClient.query(first)["code"] != nil)
        }
    }

    @Test func wantsTheButtonsName() throws {
        try page(["named-submit"]) { (client, _) throws in
            #expect(try client.logIn().status == 400)
            let pairs = [
                FormPair("username", "testuser"), FormPair("password", "testpass"), FormPair("do", "continue"),
            ]
            #expect(try client.submit(pairs).status == 302)
        }
    }

    @Test func callsFieldsOtherwise() throws {
        try page(["other-field-names"]) { (client, first) throws in
            #expect(first.text.contains("name=\"email\""))
            #expect(try client.submit([FormPair("email", "testuser"), FormPair("pw", "testpass")]).status == 302)
        }
    }

    @Test func loopsForEver() throws {
        try page(["form-loop"]) { (client, _) throws in
            _ = try client.logIn()
            for _ in 0..<10 { #expect(try client.submit([]).status == 200) }
        }
    }

    @Test(arguments: [
        ("relative-action", "action=\"authorize\""), ("absolute-action", "action=\"http://127.0.0.1:"),
        ("sloppy-html", "<FORM METHOD = post"), ("decoy-forms", "action=\"/newsletter\""),
        ("script-only-login", "<script"), ("captcha", "g-recaptcha"),
    ])
    func writesPage(fault: String, text: String) throws {
        try page([fault]) { (_, first) throws in
            #expect(first.status == 200)
            #expect(first.text.contains(text))
        }
    }

    @Test func leavesActionOut() throws {
        try page(["missing-action"]) { (_, first) throws in #expect(!first.text.contains("action=")) }
    }

    @Test func sendsPasswordElsewhere_whenToldTo() throws {
        try withLab(["form-posts-elsewhere"]) { (client, server) throws in
            try client.register()
            let port = try #require(server.ports?.elsewhere)
            #expect(try client.authorize().text.contains("action=\"http://127.0.0.1:\(port)/authorize\""))
        }
    }

    @Test(arguments: [("password-refused", 401), ("password-refused-200", 200)])
    func refusesRightPassword(fault: String, status: Int) throws {
        try page([fault]) { (client, _) throws in #expect(try client.logIn().status == status) }
    }

    @Test func redirectsToItself() throws {
        try page(["redirect-loop"]) { (client, first) throws in
            let target = try #require(first.fields["Location"].flatMap { WebURL($0) }).requestTarget
            #expect(try client.http.ask("GET", target).fields["Location"] == first.fields["Location"])
        }
    }

    @Test(
        arguments: [
            ("iss-omitted", "iss", nil), ("iss-wrong", "iss", "https://issuer.lab.invalid"),
            ("state-wrong", "state", "the statex"),
        ] as [(String, String, String?)])
    func spoilsRedirect(fault: String, name: String, value: String?) throws {
        try page([fault]) { (client, _) throws in #expect(HandClient.query(try client.logIn())[name] == value) }
    }

    @Test(arguments: [("303", 303), ("form-307", 307)])
    func redirectsWithStatus(fault: String, status: Int) throws {
        try page([fault]) { (client, _) throws in #expect(try client.logIn().status == status) }
    }

    @Test func makesUser_whoCanSignIn() throws {
        try withLab { (client, _) throws in
            let pairs = [
                FormPair("username", "new"), FormPair("password", "pw"), FormPair("email", "a@b.example"),
            ]
            #expect(try client.form("/register_user", pairs + [FormPair("confirm_password", "other")]).status == 400)
            #expect(try client.form("/register_user", pairs + [FormPair("confirm_password", "pw")]).status == 201)
            #expect(try client.form("/register_user", pairs + [FormPair("confirm_password", "pw")]).status == 409)
            try client.register()
            try client.authorize()
            #expect(try client.submit([FormPair("username", "new"), FormPair("password", "pw")]).status == 302)
        }
    }
}
