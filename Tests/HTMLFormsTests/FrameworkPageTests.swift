import HTMLForms
import Testing
import WatchCore

/// What `alice` would do with the pages of known frameworks: which button of which form, and what she writes into it.
@Suite struct FrameworkPageTests {
    /// The page; what is filled in, in the order of the form.
    static let pages: [(name: String, filled: String)] = [
        ("adfs", "UserName=alice Password=s3cret"),
        ("allauth-login", "login=alice password=s3cret"),
        ("apereo-cas", "username=alice password=s3cret"),
        ("aspnet-webforms", "ctl00$Main$User=alice ctl00$Main$Pw=s3cret"),
        ("auth0-identifier", "username=alice"),
        ("cognito-hosted-ui", "username=alice password=s3cret"),
        ("django-login", "username=alice password=s3cret"),
        ("django-oauth-toolkit-consent", ""),
        ("doorkeeper-consent", ""),
        ("fab-login", "username=alice password=s3cret"),
        ("flask-security-login", "email=alice password=s3cret"),
        ("flask-wtf", "username=alice password=s3cret"),
        ("frappe-login", "usr=alice pwd=s3cret"),
        ("german-login", "benutzername=alice kennwort=s3cret"),
        ("gitea-grant", ""),
        ("hydra-consent", ""),
        ("hydra-login", "email=alice password=s3cret"),
        ("identity-avatars", "autologin_user=alice"),
        ("identityserver-consent", ""),
        ("identityserver-login", "Input.Username=alice Input.Password=s3cret"),
        ("japanese-consent", ""),
        ("jupyterhub-authorize", ""),
        ("keycloak", "username=alice password=s3cret"),
        ("laravel-passport", ""),
        ("lemonldap-ng", "user=alice password=s3cret"),
        ("logto-like-multipart", "identifier=alice password=s3cret"),
        ("mediawiki-oauth", ""),
        ("node-oidc-provider-consent", ""),
        ("node-oidc-provider-login", "login=alice password=s3cret"),
        ("ory-kratos-login", "identifier=alice password=s3cret"),
        ("phoenix-login", "user[email]=alice user[password]=s3cret"),
        ("rails-devise", "user[email]=alice user[password]=s3cret"),
        ("shibboleth", "j_username=alice j_password=s3cret"),
        ("spring-consent", ""),
        ("symfony-login", "_username=alice _password=s3cret"),
        ("wordpress-login", "log=alice pwd=s3cret"),
        ("zitadel-loginname", "loginName=alice"),
        ("zitadel-password", "loginName=alice password=s3cret"),
    ]

    @Test(arguments: pages.map(\.name))
    func findsTheWayOn(_ name: String) throws {
        let filled = try #require(Self.pages.first { $0.name == name }).filled
        let page = HTMLPage(
            bytes: try BrowserTests.read("\(name).html"), contentType: "text/html",
            url: try #require(WebURL("http://as.example/\(name)?next=1")))
        let action = page.nextAction(
            username: "alice", password: Secret("s3cret"),
            redirectURI: try #require(WebURL("http://localhost:3000/callback")),
            submittedUsername: name == "zitadel-password", submittedPassword: false)
        guard case .submit(let submission) = action else {
            Issue.record("\(name): \(TestPage.line(action))")
            return
        }
        let pressed = try #require(
            page.forms.lazy.compactMap { form in
                form.controls.firstIndex { $0.attributes["id"] == "press" }.map { (form, $0) }
            }.first)
        let expected = try #require(page.submission(of: pressed.0, button: pressed.1))
        #expect(submission.formIndex == expected.formIndex)
        #expect(submission.buttonName == expected.buttonName)
        let written = submission.pairs.filter { ["alice", "s3cret"].contains($0.value) }
        #expect(written.map { "\($0.name)=\($0.value)" }.joined(separator: " ") == filled)
        #expect(submission.carriesPassword == filled.contains("s3cret"))
    }
}
