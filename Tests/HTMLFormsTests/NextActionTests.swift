import HTMLForms
import Testing
import WatchCore

/// What is done with pages that are not simply a login.
@Suite struct NextActionTests {
    @Test(arguments: [
        ("<meta http-equiv=Refresh content='0; URL=\"/next\"'>", "follow https://as.example/next"),
        ("<meta http-equiv=refresh content='1800;url=/timeout'>text", "nothing: a page without any form"),
        (
            "<script>window.location.href = 'http:\\/\\/localhost:3000/callback?code=a\\u0026state=b';</script>",
            "follow http://localhost:3000/callback?code=a&state=b"
        ),
        ("<script>location.replace(\"/x\")</script>", "follow https://as.example/x"),
        ("<script>/* go */ (function(){ self.location = '/y'; })();</script>", "follow https://as.example/y"),
        ("<script>if (a) { location = '/x' }</script>", "needs browser: script-only page"),
        ("<script>location = '/x' + token</script>", "needs browser: script-only page"),
        (
            "<a href='http://localhost:3000/callback?code=a&amp;state=b'>on</a>",
            "follow http://localhost:3000/callback?code=a&state=b"
        ),
        (
            "<a href='http://localhost:3000/callback?error=access_denied'>no</a><form method=post action=/c><button name=d value=1>Allow</button></form>",
            "POST https://as.example/c d=1"
        ),
        ("<div id=root></div><script src=/app.js></script>", "needs browser: script-only page"),
        (
            "<form method=post><input name=user><input type=password name=p><div class='g-recaptcha' data-sitekey=x></div><button>Log in</button></form>",
            "needs browser: CAPTCHA (reCAPTCHA)"
        ),
        ("<form method=post><input name=otp><button>Continue</button></form>", "needs browser: second factor"),
        (
            "<form method=post><input name=c autocomplete=one-time-code><button>Verify</button></form>",
            "needs browser: second factor"
        ),
        ("<button>Use passkey</button><script>navigator.credentials.get({})</script>", "needs browser: WebAuthn"),
        (
            "<form method=post><input name=u><input type=password name=p autocomplete=new-password><button>Continue</button></form>",
            "nothing: only a form that sets a new password"
        ),
        (
            "<form method=post><input name=u><input type=password name=a><input type=password name=b><button>OK</button></form>",
            "nothing: only a form that sets a new password"
        ),
        (
            "<form method=post action=/a><button name=x value=1>Allow</button></form><form method=post action=/b><button name=x value=1>Allow</button></form>",
            "ambiguous 2"
        ),
        ("<form method=post><button>Deny</button></form>", "nothing: no form that logs in or approves"),
        (
            "<form method=post><button name=a value=1>Don't allow</button></form>",
            "nothing: no form that logs in or approves"
        ),
        (
            "<form action=/logout method=post><button>Continue</button></form>",
            "nothing: no form that logs in or approves"
        ),
        (
            "<form method=dialog><input name=user><input type=password name=p></form>",
            "needs browser: form whose action is no web address"
        ),
        (
            "<form method=post><input type=hidden name=as value=bob><button>BO Bob</button></form><form method=post><input type=hidden name=as value=alice><button>AL Alice</button></form>",
            "POST https://as.example/login?next=1 as=alice"
        ),
        (
            "<form method=post action=/logout><input type=hidden name=as value=alice><button>Not you?</button></form><form method=post><input name=user><input type=password name=p><button>Go</button></form>",
            "POST https://as.example/login?next=1 user=alice&p=s3cret"
        ),
        (
            "<form method=post><button name=d value=1>許可しない</button><button name=d value=2>アクセスを許可する</button></form>",
            "POST https://as.example/login?next=1 d=2"
        ),
        (
            "<form method=post><button name=d value=1>取消</button><button name=d value=2>授权并登录</button></form>",
            "POST https://as.example/login?next=1 d=2"
        ),
        (
            "<form method=post><button name=d value=1>Anuluj</button><button name=d value=2>Zezwól na dostęp</button></form>",
            "POST https://as.example/login?next=1 d=2"
        ),
        (
            "<form method=post><button name=d value=1>Отмена</button><button name=d value=2>Разрешить</button></form>",
            "POST https://as.example/login?next=1 d=2"
        ),
        (
            "<form method=post><button name=d value=1>거부</button><button name=d value=2>동의하고 계속하기</button></form>",
            "POST https://as.example/login?next=1 d=2"
        ),
        (
            "<form method=post><button name=d value=1>Annulla</button><button name=d value=2>Autorizza</button></form>",
            "POST https://as.example/login?next=1 d=2"
        ),
        ("<p>Sorry</p>", "nothing: a page without any form"),
        ("", "nothing: a page without any form"),
    ])
    func knowsWhatThePageIs(_ html: String, _ expected: String) throws {
        #expect(try TestPage.line(TestPage.action(html)) == expected)
    }

    @Test func reportsMissingPasswordField_whenTheUserNameIsAskedForAgain() throws {
        let page = "<form method=post><input name=user><button>Next</button></form>"
        #expect(try TestPage.line(TestPage.action(page)) == "POST https://as.example/login?next=1 user=alice")
        #expect(try TestPage.line(TestPage.action(page, submittedUsername: true)) == "password field missing")
    }

    /// As LemonLDAP::NG does: the error is a number, and a script puts its words in.
    @Test func tellsAnErrorPage_fromAPageThatAScriptMakes() throws {
        let page = "<div id=errorcontent><span trmsg=107></span></div><script src=/portal.js></script>"
        #expect(try TestPage.line(TestPage.action(page)) == "needs browser: script-only page")
        let after = try TestPage.line(TestPage.action(page, submittedPassword: true))
        #expect(after == "nothing: an error page, whose text only a script writes")
        let root = "<div id=root></div><script src=/app.js></script>"
        let application = try TestPage.line(TestPage.action(root, submittedPassword: true))
        #expect(application == "needs browser: script-only page")
    }

    @Test func saysSo_whenNoPasswordIsConfigured() throws {
        let page = "<form method=post><input name=user><input type=password name=p></form>"
        let line = try TestPage.line(TestPage.action(page, password: nil))
        #expect(line == "no password is configured")
    }

    @Test func tellsWhatASubmissionCarries() throws {
        let login = try TestPage.action(
            "<form method=post><input type=hidden name=csrf value=abcdef12><input name=user><input type=password name=p><button>Log in</button></form>"
        )
        guard case .submit(let submission) = login else { throw TestPage.Malformed() }
        #expect(submission.carriesPassword && submission.carriesUsername && !submission.isConsent)
        #expect(submission.hiddenSecrets == ["abcdef12"])
        #expect(submission.fieldNames == ["csrf", "user", "p"])
        let consent = try TestPage.action("<form method=post><button name=allow value=1>Allow</button></form>")
        guard case .submit(let approval) = consent else { throw TestPage.Malformed() }
        #expect(!approval.carriesPassword && !approval.carriesUsername && approval.isConsent)
        #expect(approval.buttonName == "allow")
    }

    @Test(arguments: [
        (LoginHints(form: "b"), "POST https://as.example/2 x=1"),
        (LoginHints(form: "/1"), "POST https://as.example/1 x=1"),
        (LoginHints(form: "2"), "POST https://as.example/2 x=1"),
        (LoginHints(submit: "Zulassen"), "POST https://as.example/3 y=1&tenant="),
        (
            LoginHints(fields: ["tenant": "{username}@corp"], submit: "y"),
            "POST https://as.example/3 y=1&tenant=alice%40corp"
        ),
    ])
    func followsHints(_ hints: LoginHints, _ expected: String) throws {
        let page = """
            <form id=a method=post action=/1><button name=x value=1>Allow</button></form>
            <form id=b method=post action=/2><button name=x value=1>Allow</button></form>
            <form method=post action=/3><button name=y value=1>Zulassen</button><input name=tenant></form>
            """
        #expect(try TestPage.line(TestPage.action(page, hints: hints)) == expected)
    }

    @Test func fillsFieldsByConfiguredName_beforeAnythingElse() throws {
        let page =
            "<form method=post><input name=email type=email><input name=kennung><input name=wort><button>Log in</button></form>"
        let hints = LoginHints(fields: ["kennung": "{username}", "wort": "{password}", "email": ""])
        #expect(
            try TestPage.line(TestPage.action(page, hints: hints))
                == "POST https://as.example/login?next=1 email=&kennung=alice&wort=s3cret")
    }

    @Test(arguments: [
        ("text/html; charset=ISO-8859-1", "%E4"), ("text/html; charset=\"utf-8\"", "%EF%BF%BD"),
        ("text/html; charset=koi8-r", "%EF%BF%BD"), (nil, "%E4"),
    ])
    func readsTheCharsetOfTheContentType(_ type: String?, _ expected: String) throws {
        let bytes =
            Array("<form method=post><input name=a value='".utf8) + [0xE4] + Array("'><button>OK</button></form>".utf8)
        let page = HTMLPage(bytes: bytes, contentType: type, url: try #require(WebURL(TestPage.address)))
        let form = try #require(page.forms.first)
        let submission = try #require(page.submission(of: form, button: nil))
        #expect(String(decoding: submission.body?.bytes ?? [], as: UTF8.self) == "a=\(expected)")
    }

    @Test func readsTitleAndLinks() throws {
        let page = try TestPage.read(
            "<title> Log\n in &amp; go </title><base href=/deep/><svg><title>no</title></svg><a href=x>1</a><template><a href=no>2</a></template><a href='javascript:void(0)'>3</a>"
        )
        #expect(page.title == "Log in & go")
        #expect(page.links.map(\.description) == ["https://as.example/deep/x"])
    }
}
