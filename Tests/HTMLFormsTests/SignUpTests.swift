import HTMLForms
import Testing
import WatchCore

/// Pages on which a person gets an account.
@Suite struct SignUpTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let html: String
        let expected: String

        init(_ description: String, _ html: String, _ expected: String) {
            (testDescription, self.html, self.expected) = (description, html, expected)
        }
    }

    @Test(arguments: forms + refusals)
    func sendsWhatAPersonWouldSend(_ page: Case) throws {
        let action = try TestPage.read(page.html, at: "https://as.example/register_user").signUp(
            username: "alice", email: "a@example.com", password: Secret("s3cret"))
        #expect(TestPage.line(action) == page.expected)
    }

    static let forms: [Case] = [
        Case(
            "name, address, password and its confirmation",
            """
            <form method="post" action="/register_user"><input name="username"><input type="email" name="email">
            <input type="password" name="password"><input type="password" name="confirm_password">
            <button>Register</button></form>
            """,
            "POST https://as.example/register_user username=alice&email=a%40example.com&password=s3cret"
                + "&confirm_password=s3cret"),
        Case(
            "no action and one password: the page's own path says what it is for",
            """
            <form method="post"><input name="username"><input name="email"><input type="password" name="password">
            <input type="submit" value="OK"></form>
            """,
            "POST https://as.example/register_user username=alice&email=a%40example.com&password=s3cret"),
        Case(
            "nothing but the page that it stands on says what it is for",
            "<form method=post action=/x><input name=username><input type=password name=password></form>",
            "POST https://as.example/x username=alice&password=s3cret"),
        Case(
            "Django's UserCreationForm",
            """
            <form method="post" action="/accounts/signup/"><input type="hidden" name="csrfmiddlewaretoken" value="k3Jx9">
            <input type="text" name="username" maxlength="150" autocomplete="username" required>
            <input type="password" name="password1" autocomplete="new-password" required>
            <input type="password" name="password2" autocomplete="new-password" required>
            <button type="submit">Sign up</button></form>
            """,
            "POST https://as.example/accounts/signup/ csrfmiddlewaretoken=k3Jx9&username=alice&password1=s3cret"
                + "&password2=s3cret"),
        Case(
            "Devise, which knows addresses only",
            """
            <form id="new_user" action="/users" method="post"><input type="email" name="user[email]" autocomplete="email">
            <input type="password" name="user[password]" autocomplete="new-password">
            <input type="password" name="user[password_confirmation]" autocomplete="new-password">
            <input type="submit" name="commit" value="Sign up"></form>
            """,
            "POST https://as.example/users user%5Bemail%5D=a%40example.com&user%5Bpassword%5D=s3cret"
                + "&user%5Bpassword_confirmation%5D=s3cret&commit=Sign+up"),
        Case(
            "a login beside it, a search above, terms to accept and a way through another service",
            """
            <form action="/search"><input name="q"><button>Search</button></form>
            <form method="post" action="/login"><input name="username"><input type="password" name="password">
            <button>Log in</button></form>
            <form method="post" action="/signup"><input name="login"><input type="password" name="password">
            <input type="password" name="again"><input type="checkbox" name="terms" value="yes" required>
            <input type="checkbox" name="news"><button name="by" value="google">Sign up with Google</button>
            <button name="by" value="form">Create account</button></form>
            """,
            "POST https://as.example/signup login=alice&password=s3cret&again=s3cret&terms=yes&by=form"),
    ]

    static let refusals: [Case] = [
        Case(
            "only a login",
            "<form method=post action=/login><input name=username><input type=password name=password></form>",
            "nothing: no form that makes an account"),
        Case(
            "a change of password",
            """
            <form method=post action=/account><input type=password name=old autocomplete=current-password>
            <input type=password name=new autocomplete=new-password></form>
            """,
            "nothing: no form that makes an account"),
        Case(
            "more is required than we know",
            """
            <form method=post><input name=username><input type=password name=password><input name=city required>
            <textarea name=why required></textarea></form>
            """,
            "nothing: the form wants more than name, e-mail address and password: city, why"),
        Case(
            "two forms that are as likely",
            """
            <form method=post action=/signup/a><input name=username><input type=password name=password></form>
            <form method=post action=/signup/b><input name=username><input type=password name=password></form>
            """,
            "ambiguous 2"),
        Case(
            "a CAPTCHA",
            """
            <form method=post><input name=username><input type=password name=password>
            <div class="h-captcha"></div></form>
            """,
            "needs browser: CAPTCHA (hCaptcha)"),
        Case(
            "nothing but a script", "<div id=root></div><script src=/app.js></script>",
            "needs browser: script-only page"),
    ]

    @Test func tellsWhetherTheNameIsSent() throws {
        let page = try TestPage.read(
            "<form action=/signup><input type=email name=email><input type=password name=password></form>")
        guard case .submit(let submission) = page.signUp(username: "a", email: "a@b.c", password: Secret("p"))
        else { throw TestPage.Malformed() }
        #expect(!submission.carriesUsername)
        #expect(submission.carriesPassword)
    }

    @Test(arguments: [
        ("<h1>Join</h1><p>The <b>user</b>\n exists.</p>", ["Join", "The user exists."]),
        ("<title>T</title><script>'<p>x'</script><style>p{}</style>a &amp; b<br>c", ["a & b", "c"]),
        ("<p>one<script>no", ["one"]), ("", []), ("  <p> </p>", []),
    ])
    func readsWhatAPersonReads(html: String, lines: [String]) {
        #expect(VisibleText(bytes: Array(html.utf8), contentType: "text/html; charset=utf-8").lines == lines)
    }
}
